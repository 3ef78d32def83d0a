import { Token } from 'aws-cdk-lib';
import { invalid, requireInteger, requireMatch, requireNumber } from '../../src/support/checks';

test.each([
  [12, '12'],
  [NaN, 'NaN'],
  ['text "quoted"', '"text \\"quoted\\""'],
  [undefined, 'undefined'],
  [['a'], '["a"]'],
])('says what was received: %p', (received, written) => {
  expect(invalid('processing.size', 'small', received).message).toBe(`processing.size must be small, received ${written}`);
});

test('says what to change where that is not plain', () => {
  expect(invalid('a', 'b', 1, 'use another').message).toBe('a must be b, received 1: use another');
});

test('what is left out, or known only at deployment, is not checked', () => {
  for (const value of [undefined, Token.asNumber({ Ref: 'Number' })]) {
    expect(() => requireInteger('a', value, 1, 2)).not.toThrow();
    expect(() => requireNumber('a', value, 1, 2)).not.toThrow();
  }
  for (const value of [undefined, Token.asString({ Ref: 'Text' })]) expect(() => requireMatch('a', value, /^b$/, 'b')).not.toThrow();
});
