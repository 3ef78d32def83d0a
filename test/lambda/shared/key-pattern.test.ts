import fc from 'fast-check';
import { keyPattern } from '../../../src/lambda/shared/key-pattern';

test.each([
  ['cat.jpg', ['cat.jpg'], ['catxjpg', 'a/cat.jpg', 'cat.jpg/', '']],
  ['*.jpg', ['cat.jpg', '.jpg', '..jpg'], ['a/cat.jpg', 'cat.jpg/']],
  ['a/*', ['a/b', 'a/', 'a/..'], ['a', 'a/b/c']],
  ['?', ['a', '.', '\u{1F600}'], ['', 'ab', '/']],
  ['**', ['', 'a', 'a/b', '../a'], []],
  ['a/**', ['a/', 'a/b', 'a/b/c', 'a/../b'], ['a', 'ab']],
  ['**/a', ['a', '/a', 'b/a', 'b/c/a', '../a', './/a'], ['ba', 'a/b']],
  ['a/**/b', ['a/b', 'a//b', 'a/c/b', 'a/../b', 'a/c/d/b'], ['ab', 'a/cb']],
  ['**/**/a', ['a', 'b/a', 'b/c/a'], ['ba']],
  ['a**b', ['ab', 'a/b', 'a/c/b'], ['a/bc']],
  ['**.jpg', ['a.jpg', 'a/b.jpg'], ['a.jpeg']],
  ['a***', ['a', 'a/b'], ['b']],
  ['./a', ['./a'], ['a']],
  ['../*', ['../a'], ['a', 'b/a']],
  ['a\\*', ['a\\b'], ['a*']],
  ['[a-b]+(x).{1}', ['[a-b]+(x).{1}'], ['a', 'aax.1']],
])('pattern %j takes %j and not %j', (pattern, taken, others) => {
  const matches = keyPattern(pattern);
  expect(taken.filter((key) => !matches(key))).toEqual([]);
  expect(others.filter((key) => matches(key))).toEqual([]);
});

test('takes what a regular expression of the same meaning takes', () => {
  const of = (characters: string) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
  fc.assert(fc.property(of('ab./*?'), of('ab./'), (pattern, key) => {
    expect([pattern, key, keyPattern(pattern)(key)]).toEqual([pattern, key, expression(pattern).test(key)]);
  }), { numRuns: 20_000 });
});

test.each([
  ['stars in a segment', '*_*_*_*_*_*_*_*.jpg', '_'.repeat(1024)],
  ['stars across segments', '**/**/**/**/**/**/*.jpg', 'a/'.repeat(512)],
  ['stars across characters', 'x**a**a**a**a**b', `x${'a'.repeat(1023)}`],
])('takes no longer than key times pattern for %s', (_, pattern, key) => {
  const begun = process.cpuUsage();
  for (let round = 0; round < 20; round += 1) expect(keyPattern(pattern)(key)).toBe(false);
  // A millisecond or two each; a regular expression takes minutes for the first.
  expect(process.cpuUsage(begun).user).toBeLessThan(2_000_000);
});

function expression(pattern: string): RegExp {
  const parts = pattern.match(/(?<=^|\/)\*\*\/|\*{2,}|[^]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.startsWith('**') ? '.*' : part.replace(/\W/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
