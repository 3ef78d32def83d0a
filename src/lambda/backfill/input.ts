import * as z from 'zod/mini';
import { InvalidInput } from './invalid-input';
import { BACKFILL_MODES, LISTED_STATUSES, LISTS_PREFIX } from '../../contract';

/** What is selected of the originals that a plan looks at. */
export const SELECTIONS = ['missing', 'stale', 'failed'] as const;
export type Selection = (typeof SELECTIONS)[number];

const rule = (path: string, expected: string) => ({ error: (issue: { input?: unknown }) => `${path} must be ${expected}, received ${JSON.stringify(issue.input)}` });
const amount = (path: string) => z.optional(z.number(rule(path, 'a number above 0')).check(z.positive(`${path} must be a number above 0`)));
const text = (path: string, expected: string) => z.string(rule(path, expected)).check(z.minLength(1, `${path} must be ${expected}`));

const only = z.enum([...SELECTIONS, 'all'], rule('only', `${SELECTIONS.join(', ')} or all, or a list of these`));
const KEYS = `the key of a list in the report bucket under ${LISTS_PREFIX} that ends in .jsonl or .csv`;

const schema = z.strictObject({
  mode: z.enum(BACKFILL_MODES, rule('mode', Object.keys(BACKFILL_MODES).join(' or '))),
  only: z.optional(z.union([only, z.array(only)], rule('only', `${SELECTIONS.join(', ')} or all, or a list of these`))),
  profiles: z.optional(z.array(text('profiles', 'a list of names'), rule('profiles', 'a list of names'))),
  bucket: z.optional(text('bucket', 'the name of a bucket')),
  prefix: z.optional(text('prefix', 'the beginning of keys')),
  modifiedSince: z.optional(z.string(rule('modifiedSince', 'a time')).check(z.refine((time) => !Number.isNaN(Date.parse(time)), 'modifiedSince must be a time such as 2025-01-31T00:00:00Z'))),
  keys: z.optional(text('keys', KEYS).check(z.regex(new RegExp(`^${LISTS_PREFIX}.+\\.(jsonl|csv)$`), `keys must be ${KEYS}`))),
  status: z.optional(z.enum(LISTED_STATUSES, rule('status', LISTED_STATUSES.join(', ')))),
  maxObjects: amount('maxObjects'),
  maxDollars: amount('maxDollars'),
}, { error: (issue) => (issue.code === 'unrecognized_keys' ? `the input must have no ${issue.keys.join(', ')}: it knows ${FIELDS.join(', ')}` : 'the input must be an object') });

const FIELDS = ['mode', 'only', 'profiles', 'bucket', 'prefix', 'modifiedSince', 'keys', 'status', 'maxObjects', 'maxDollars'];

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
