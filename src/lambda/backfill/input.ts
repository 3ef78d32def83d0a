import * as z from 'zod/mini';
import { InvalidInput } from './invalid-input';
import { mustBe, ofFields } from './must-be';
import { BACKFILL_MODES, LISTED_STATUSES, LISTS_PREFIX } from '../../contract';

/** What is selected of the originals that a plan looks at. */
export const SELECTIONS = ['missing', 'stale', 'failed'] as const;
export type Selection = (typeof SELECTIONS)[number];

const FIELDS = ['mode', 'only', 'profiles', 'bucket', 'prefix', 'modifiedSince', 'keys', 'status', 'maxObjects', 'maxDollars'];

const limit = (path: string, expected: string, number: z.ZodMiniNumber) => z.optional(number.check(z.positive(mustBe(path, expected))));
const text = (path: string, expected: string) => z.string(mustBe(path, expected)).check(z.minLength(1, mustBe(path, expected)));
const list = <T extends z.ZodMiniType>(path: string, expected: string, of: T) =>
  z.array(of, mustBe(path, expected)).check(z.minLength(1, mustBe(path, expected)));

const ONLY = `${SELECTIONS.join(', ')} or all, or a list of these`;
const only = z.enum([...SELECTIONS, 'all'], mustBe('only', ONLY));
const PROFILES = 'a list of at least one name';
const KEYS = `the key of a list in the report bucket under ${LISTS_PREFIX} that ends in .jsonl or .csv`;
const TIME = 'a time with its zone such as 2025-01-31T00:00:00Z';
const COUNT = 'a whole number above 0';

const schema = z.strictObject({
  mode: z.enum(BACKFILL_MODES, mustBe('mode', Object.keys(BACKFILL_MODES).join(' or '))),
  only: z.optional(z.union([only, list('only', ONLY, only)], mustBe('only', ONLY))),
  profiles: z.optional(list('profiles', PROFILES, text('profiles', PROFILES))),
  bucket: z.optional(text('bucket', 'the name of a bucket')),
  prefix: z.optional(text('prefix', 'the beginning of keys, or be left out for all')),
  // In UTC or by another offset: a time of no zone would be that of wherever this runs.
  modifiedSince: z.optional(z.iso.datetime({ offset: true, ...mustBe('modifiedSince', TIME) })),
  keys: z.optional(text('keys', KEYS).check(z.regex(new RegExp(`^${LISTS_PREFIX}.+\\.(jsonl|csv)$`), mustBe('keys', KEYS)))),
  status: z.optional(z.enum(LISTED_STATUSES, mustBe('status', `one of ${LISTED_STATUSES.join(', ')}`))),
  maxObjects: limit('maxObjects', COUNT, z.int(mustBe('maxObjects', COUNT))),
  maxDollars: limit('maxDollars', 'a number above 0', z.number(mustBe('maxDollars', 'a number above 0'))),
}, ofFields(FIELDS));

/** What a person asked for, complete. */
export interface Request {
  readonly mode: keyof typeof BACKFILL_MODES;
  readonly only: readonly Selection[];
  readonly profiles?: readonly string[];
  readonly bucket?: string;
  readonly prefix?: string;
  readonly modifiedSince?: string;
  readonly keys?: string;
  readonly status?: (typeof LISTED_STATUSES)[number];
  readonly maxObjects?: number;
  readonly maxDollars?: number;
}

/** @throws InvalidInput that says what to change */
export function parseInput(input: unknown, profiles: ReadonlySet<string>): Request {
  const { data, error } = schema.safeParse(input);
  if (error) throw new InvalidInput(error.issues[0].message);
  const request = { ...data, only: selectionsOf(data.only) };
  for (const profile of request.profiles ?? []) {
    if (!profiles.has(profile)) throw new InvalidInput(`profiles must be some of ${[...profiles].join(', ')}, received ${JSON.stringify(profile)}`);
  }
  if (request.keys !== undefined && request.status !== undefined) throw new InvalidInput('keys and status must not be given together: use one of them');
  if (request.modifiedSince !== undefined && (request.keys ?? request.status) !== undefined) {
    throw new InvalidInput('modifiedSince must not be given with keys or status, which do not say when an original was stored: use one of them');
  }
  if (request.mode === 'run' && (request.maxObjects === undefined || request.maxDollars === undefined)) {
    throw new InvalidInput('a run must have limits: maxObjects, renditions that it may store, and maxDollars, what it may cost. A plan says what it takes');
  }
  return request;
}

/** What failed is not tried again unless it is asked for: most of it would fail again. */
function selectionsOf(asked: string | readonly string[] = ['missing', 'stale']): readonly Selection[] {
  const all = [asked].flat();
  return all.includes('all') ? SELECTIONS : SELECTIONS.filter((selection) => all.includes(selection));
}
