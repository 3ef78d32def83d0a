import fc from 'fast-check';
import { decodeForm, encodeForm } from '../../local-runner/services/s3/wire/encoding';
import { decodeFormKey, encodeFormKey } from '../../src/contract';

test('a key is encoded and decoded as by the embedded S3, which has code of its own so as not to share mistakes', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (key) => {
    expect(encodeFormKey(key)).toBe(encodeForm(key));
    expect(decodeFormKey(encodeFormKey(key))).toBe(key);
    expect(decodeForm(encodeForm(key))).toBe(key);
  }));
});

test('a space is a plus, and a slash is left as it is', () => {
  expect(encodeFormKey('a b/c+d(1)~.jpg')).toBe('a+b/c%2Bd%281%29%7E.jpg');
});
