import fc from 'fast-check';
import { FAILURE_CODES } from '../../../../src/contract';
import { requireAnswer } from '../../../../src/lambda/resize/hook/answer';

const answered = (answer: unknown) => requireAnswer(answer, ['small', 'large']);

test.each<[string, object]>([
  ['nothing', {}],
  ['a refusal', { refuse: { code: 'NO_FACES', message: 'This picture shows nobody. Take another one.' } }],
  ['attributes of every kind', { attributes: { 'tenant': 'a', 'faces': 2, 'isNew': true, 'none': null, 'labels': ['cat', 'sofa'], 'by-model': { score: 0.93, box: [0, 1, 2, 3] } } }],
  ['a choice', { profiles: ['large'] }],
  ['all at once', { refuse: { code: 'ABC', message: 'No.' }, attributes: { a: 1 }, profiles: ['small', 'large'] }],
])('takes %s as it is', (_, answer) => {
  expect(answered(answer)).toEqual(answer);
});

test('leaves out what is undefined', () => {
  expect(JSON.stringify(answered({ refuse: undefined, attributes: { a: undefined, b: { c: undefined, d: [1] } } }))).toBe('{"attributes":{"b":{"d":[1]}}}');
});

const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });
const refusal = { code: 'NO_FACES', message: 'No.' };

test.each<[string, unknown, string]>([
  ['a text', 'no', 'it must be an object, received \'no\''],
  ['an unknown part', { refused: true }, 'it must be an object with refuse, attributes and profiles, received \'refused\''],
  ['a code of the pipeline', { refuse: { ...refusal, code: 'TOO_LARGE' } }, 'refuse.code must be none of the pipeline\'s own, received \'TOO_LARGE\''],
  ['the code of what is not chosen', { refuse: { ...refusal, code: 'NOT_CHOSEN' } }, 'refuse.code must be none of the pipeline\'s own'],
  ['a code in small letters', { refuse: { ...refusal, code: 'no faces' } }, 'refuse.code must be 3 to 64 capital letters, digits and underscores, received \'no faces\''],
  ['no sentence', { refuse: { code: 'NO_FACES' } }, 'refuse.message must be a sentence of at most 500 characters, received undefined'],
  ['a sentence of 501 characters', { refuse: { ...refusal, message: 'x'.repeat(501) } }, 'refuse.message must be a sentence'],
  ['a list of attributes', { attributes: ['a'] }, 'attributes must be an object, received [ \'a\' ]'],
  ['a name with a space', { attributes: { 'a b': 1 } }, 'attributes must be named by a letter and up to 63 letters, digits, dashes and underscores, received \'a b\''],
  ['a date', { attributes: { at: new Date(0) } }, 'attributes.at must be an object, received 1970-01-01T00:00:00.000Z'],
  ['a function', { attributes: { at: () => 1 } }, 'attributes.at must be an object, received [Function: at]'],
  ['a big integer', { attributes: { n: 1n } }, 'attributes.n must be an object, received 1n'],
  ['no number', { attributes: { list: [0, NaN] } }, 'attributes.list[1] must be a number of at most 9007199254740991, as larger ones lose digits: write it as a text, received NaN'],
  ['too large a number', { attributes: { n: 2 ** 60 } }, 'attributes.n must be a number of at most 9007199254740991, as larger ones lose digits: write it as a text, received 1152921504606847000'],
  ['a list with a hole', { attributes: { list: [1, , 3] } }, 'attributes.list[1] must be an object, received undefined'], // eslint-disable-line no-sparse-arrays
  ['a name without characters inside', { attributes: { a: { '': 1 } } }, 'attributes.a must be named by a letter and up to 63 letters, digits, dashes and underscores, received \'\''],
  ['the name of a constructor', { attributes: { constructor: 'x' } }, 'attributes must be without the names constructor and prototype, received \'constructor\''],
  ['the name of a prototype inside', { attributes: { a: JSON.parse('{"__proto__":{"x":1}}') } }, 'attributes.a must be named by a letter'],
  ['more than 4 KB', { attributes: { text: 'é'.repeat(2048) } }, 'attributes must be at most 4096 bytes as JSON, received 4107'],
  ['too deep a nesting', { attributes: { a: nested(9) } }, 'attributes.a.in.in.in.in.in.in.in.in must be nested at most 8 deep, received { in: 1 }'],
  ['no profile', { profiles: [] }, 'profiles must be at least one of ["small","large"], received []'],
  ['a profile that is not there', { profiles: ['small', 'huge'] }, 'profiles must be at least one of ["small","large"], received [ \'small\', \'huge\' ]'],
])('fails for %s', (_, answer, message) => {
  expect(() => answered(answer)).toThrow(`the answer of the hook is wrong: ${message}`);
});

test('fails for every code of the pipeline', () => {
  for (const code of Object.keys(FAILURE_CODES)) expect(() => answered({ refuse: { ...refusal, code } })).toThrow('none of the pipeline\'s own');
});

const ANSWERS = fc.object({
  key: fc.constantFrom('attributes', 'refuse', 'profiles', 'code', 'message', 'a', 'constructor', '__proto__'), maxDepth: 12, withBigInt: true, withDate: true, withSet: true,
});

test('whatever is answered is refused, or is small and what JSON holds', () => fc.assert(fc.property(ANSWERS, (answer) => {
  let taken: unknown;
  try {
    taken = answered(answer);
  } catch (error) {
    expect((error as Error).message).toMatch(/^the answer of the hook is wrong: /);
    return;
  }
  expect(JSON.parse(JSON.stringify(taken))).toEqual(JSON.parse(JSON.stringify(answer)));
  expect(JSON.stringify(taken).length).toBeLessThan(6000);
})));
