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
  ['no object', 'plan', 'the input must be an object'],
  ['no mode', {}, 'mode must be plan or run, received undefined'],
  ['an unknown field', { mode: 'plan', profile: 'small' }, 'the input must have no profile: it knows mode, only'],
  ['a run without limits', { mode: 'run', maxObjects: 1 }, 'a run must have limits: maxObjects'],
  ['a limit of none', { mode: 'run', ...LIMITS, maxDollars: 0 }, 'maxDollars must be a number above 0'],
  ['an unknown profile', { mode: 'plan', profiles: ['huge'] }, 'profiles must be some of small, large, received "huge"'],
  ['an unknown selection', { mode: 'plan', only: 'some' }, 'only must be missing, stale, failed or all'],
  ['no time', { mode: 'plan', modifiedSince: 'yesterday' }, 'modifiedSince must be a time such as'],
  ['a list elsewhere', { mode: 'plan', keys: 'backfill/one/work.jsonl' }, 'keys must be the key of a list in the report bucket under lists/'],
  ['a list and a status', { mode: 'plan', keys: 'lists/a.csv', status: 'FAILED' }, 'keys and status must not be given together'],
  ['a time and a list', { mode: 'plan', keys: 'lists/a.csv', modifiedSince: '2025-01-31T00:00:00Z' }, 'modifiedSince must not be given with keys or status'],
  ['a time and a status', { mode: 'plan', status: 'FAILED', modifiedSince: '2025-01-31T00:00:00Z' }, 'modifiedSince must not be given with keys or status'],
])('fails for %s', (_, input, message) => {
  expect(() => parseInput(input, PROFILES)).toThrow(expect.objectContaining({ name: 'InvalidInput', message: expect.stringContaining(message) }));
});

test('pruning spares what is younger than a day, and needs a limit to run', () => {
  expect(parsePruneInput({ mode: 'plan' })).toEqual({ mode: 'plan', minAgeHours: 24 });
  expect(parsePruneInput({ mode: 'run', maxObjects: 1, minAgeHours: 0 })).toEqual({ mode: 'run', maxObjects: 1, minAgeHours: 0 });
  expect(() => parsePruneInput({ mode: 'run' })).toThrow('a run must have a limit: maxObjects');
  expect(() => parsePruneInput({ mode: 'run', maxObjects: 1, minAgeHours: -1 })).toThrow('minAgeHours must not be negative');
});
