import fc from 'fast-check';
import { plainText } from '../../../src/lambda/shared/plain-text';

test.each([
  ['what turns the direction of others', 'Canon\u202eSOE\u2066 R5\u200f', 'CanonSOE R5'],
  ['what has no width', 'Ni\u200bk\u2060on\ufeff\u00ad\ufe0f\u3164', 'Nikon'],
  ['control characters', 'a\x00b\x1bc\x7fd\x9be', 'abcde'],
  ['halves of characters', 'a\ud83db\udcf7c', 'abc'],
  ['nothing between spaces', 'a \u200b b', 'a b'],
  ['the blank of Braille', '\u2800Ni\u2800kon\u2800', 'Ni kon'],
  ['a joiner between spaces', 'a \u200d b', 'a b'],
  ['joiners that join nothing', '\u200dNikon\u200c D\u200d\u200d5\u200c', 'Nikon D5'],
  ['ends of lines', ' one\r\ntwo\u2028three\tfour\u00a0', 'one two three four'],
])('%s does not come through', (_, text, expected) => {
  expect(plainText(text, 100)).toBe(expected);
});

test.each(['富士フイルム Müller Зенит عكس 📷', 'می\u200cخواهم', 'ශ්\u200dරී', '👩🏽\u200d🚀👨\u200d👩\u200d👧'])('letters of all scripts and pictures stay: %s', (text) => {
  expect(plainText(text, 100)).toBe(text);
});

test('it is cut between characters', () => {
  expect(plainText('📷📷📷', 2)).toBe('📷📷');
  expect(plainText('ab cd', 3)).toBe('ab');
  expect(plainText('👩\u200d🚀', 2)).toBe('👩');
});

test('whatever a file holds, it is one line of what can be seen, not longer than it may be, and the same the second time', () => fc.assert(fc.property(
  fc.string({ unit: fc.oneof(fc.constantFrom('\ud83d', '\u202e', '\n', ' ', '\u200d', '\u200c', '\u2800', 'ب', '👩', '🏽', '\0'), fc.string({ unit: 'binary', maxLength: 1 })) }), fc.nat(20),
  (text, most) => {
    const plain = plainText(text, most);
    expect([...plain].length).toBeLessThanOrEqual(most);
    expect(plain).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^[\s\u200c\u200d\u2800]|[\s\u200c\u200d\u2800]$/u);
    expect(plainText(plain, most)).toBe(plain);
  },
), { numRuns: 3000 }));
