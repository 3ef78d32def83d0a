import { isDeepStrictEqual } from 'node:util';
import { parseInput } from '../../../src/lambda/backfill/input';
import { parsePruneInput } from '../../../src/lambda/backfill/prune/input';

const PROFILES = new Set(['small', 'large']);
const LIMITS = { maxObjects: 10, maxDollars: 1 };

test('what is missing and stale is selected by default, and what failed only when it is asked for', () => {
  expect(parseInput({ mode: 'plan' }, PROFILES).only).toEqual(['missing', 'stale']);
  expect(parseInput({ mode: 'plan', only: 'failed' }, PROFILES).only).toEqual(['failed']);
  expect(parseInput({ mode: 'plan', only: ['stale', 'missing'] }, PROFILES).only).toEqual(['missing', 'stale']);
  expect(parseInput({ mode: 'run', only: 'all', ...LIMITS }, PROFILES).only).toEqual(['missing', 'stale', 'failed']);
});

test.each<[string, unknown, string]>([
  ['no object', 'plan', 'the input must be an object, received "plan"'],
  ['no mode', {}, 'mode must be plan or run, received nothing'],
  ['an unknown field', { mode: 'plan', profile: 'small' }, 'the input must have no profile: it knows mode, only'],
  ['a run without limits', { mode: 'run', maxObjects: 1 }, 'a run must have limits: maxObjects'],
  ['a limit of none', { mode: 'run', ...LIMITS, maxDollars: 0 }, 'maxDollars must be a number above 0'],
  ['an unknown profile', { mode: 'plan', profiles: ['huge'] }, 'profiles must be some of small, large, received "huge"'],
  ['an unknown selection', { mode: 'plan', only: 'some' }, 'only must be missing, stale, failed or all, or a list of these, received "some"'],
  ['no time', { mode: 'plan', modifiedSince: 'yesterday' }, 'modifiedSince must be a time with its zone such as 2025-01-31T00:00:00Z, received "yesterday"'],
  ['a list elsewhere', { mode: 'plan', keys: 'backfill/one/work.jsonl' }, 'keys must be the key of a list in the report bucket under lists/'],
  ['a list and a status', { mode: 'plan', keys: 'lists/a.csv', status: 'FAILED' }, 'keys and status must not be given together'],
  ['a time and a list', { mode: 'plan', keys: 'lists/a.csv', modifiedSince: '2025-01-31T00:00:00Z' }, 'modifiedSince must not be given with keys or status'],
  ['a time and a status', { mode: 'plan', status: 'FAILED', modifiedSince: '2025-01-31T00:00:00Z' }, 'modifiedSince must not be given with keys or status'],
])('fails for %s', (_, input, message) => {
  expect(() => parseInput(input, PROFILES)).toThrow(expect.objectContaining({ name: 'InvalidInput', message: expect.stringContaining(message) }));
});

/** One of every kind of value that JSON has, and such as only few fields take. */
const VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 0.5, 1, 2 ** 60, '', ' ', 'x', '1', 'small', 'all', 'FAILED', 'lists/a.csv', '2025-01-31T00:00:00Z', [], [''], [null], [1], ['small'], ['x'],
  ['small', 'x'], ['all'], ['stale', 'x'], [['small']], {}, { x: 1 }, 'DELETED', 'lists/', 'lists/.csv', 'lists/a.txt', 'a/lists/b.csv',
  // Times that are none, of no zone, or in a form of another standard.
  '2026-02-31T00:00:00Z', '2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-01-01T00:00:00', '2026-01-01', '2026',
  '01/02/2026', 'Thu, 01 Jan 2026 00:00:00 GMT', '1767225600000', 1767225600000, '2026-01-01T00:00:00+02:00', '2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00 Z',
];

/** What each field takes of them; nothing else. */
const TAKEN: Readonly<Record<string, readonly unknown[]>> = {
  mode: [],
  only: ['all', ['all']],
  profiles: [['small']],
  bucket: VALUES.filter((value) => typeof value === 'string' && value !== ''),
  prefix: VALUES.filter((value) => typeof value === 'string' && value !== ''),
  modifiedSince: ['2025-01-31T00:00:00Z', '2026-01-01T00:00:00+02:00', '2026-01-01T00:00:00.5Z'],
  keys: ['lists/a.csv'],
  status: ['FAILED'],
  maxObjects: [1, 1767225600000],
  maxDollars: [0.5, 1, 2 ** 60, 1767225600000],
};
const PRUNE_TAKEN: Readonly<Record<string, readonly unknown[]>> = {
  mode: [], maxObjects: [1, 1767225600000], minAgeHours: [0, 0.5, 1, 2 ** 60, 1767225600000],
};

describe.each([
  ['a backfill', TAKEN, (input: unknown) => parseInput(input, PROFILES)],
  ['pruning', PRUNE_TAKEN, parsePruneInput],
] as const)('the input of %s', (_, fields, parse) => {
  const tries = Object.entries(fields).flatMap(([field, taken]) => VALUES.map((value) => {
    return { field, value, isTaken: taken.some((each) => isDeepStrictEqual(each, value)) };
  }));

  test.each(tries.filter(({ isTaken }) => isTaken))('takes $value as $field', ({ field, value }) => {
    expect(parse({ mode: 'plan', [field]: value })).toMatchObject(field === 'only' ? {} : { [field]: value });
  });

  test.each(tries.filter(({ isTaken }) => !isTaken))('fails for $value as $field, by name, rule and value', ({ field, value }) => {
    // Of a list, what is wrong in it.
    const parts = Array.isArray(value) ? [value, ...value] : [value];
    const received = parts.map((part) => `received ${JSON.stringify(part)}`);
    const shown = new RegExp(`^${field} must be .*(${received.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`);
    expect(() => parse({ mode: 'plan', [field]: value })).toThrow(expect.objectContaining({ name: 'InvalidInput', message: expect.stringMatching(shown) }));
  });

  test.each([null, true, 1, 'plan', [], [{ mode: 'plan' }], undefined])('fails for %j', (input) => {
    expect(() => parse(input)).toThrow(expect.objectContaining({ name: 'InvalidInput', message: `the input must be an object, received ${JSON.stringify(input) ?? 'nothing'}` }));
  });

  test.each(['Mode', 'dryRun', 'toString', 'constructor', '__proto__', ' mode'])('fails for the field %j, which nobody knows', (field) => {
    const input = JSON.parse(`{"mode":"plan",${JSON.stringify(field)}:1}`);
    expect(() => parse(input)).toThrow(expect.objectContaining({ name: 'InvalidInput', message: expect.stringContaining(`the input must have no ${field}: it knows mode, `) }));
  });
});

test('pruning spares what is younger than a day, and needs a limit to run', () => {
  expect(parsePruneInput({ mode: 'plan' })).toEqual({ mode: 'plan', minAgeHours: 24 });
  expect(parsePruneInput({ mode: 'run', maxObjects: 1, minAgeHours: 0 })).toEqual({ mode: 'run', maxObjects: 1, minAgeHours: 0 });
  expect(() => parsePruneInput({ mode: 'run' })).toThrow('a run must have a limit: maxObjects');
  expect(() => parsePruneInput({ mode: 'run', maxObjects: 1, minAgeHours: -1 })).toThrow('minAgeHours must be a number of hours from 0, received -1');
});
