import * as z from 'zod/mini';
import { BACKFILL_MODES } from '../../../contract';
import { InvalidInput } from '../invalid-input';
import { mustBe, ofFields } from '../must-be';

/** Younger objects may be of something that is under way. */
const DEFAULT_MIN_AGE_HOURS = 24;

const COUNT = 'a whole number above 0';
const AGE = 'a number of hours from 0';
const schema = z.strictObject({
  mode: z.enum(BACKFILL_MODES, mustBe('mode', Object.keys(BACKFILL_MODES).join(' or '))),
  maxObjects: z.optional(z.int(mustBe('maxObjects', COUNT)).check(z.positive(mustBe('maxObjects', COUNT)))),
  minAgeHours: z.optional(z.number(mustBe('minAgeHours', AGE)).check(z.nonnegative(mustBe('minAgeHours', AGE)))),
}, ofFields(['mode', 'maxObjects', 'minAgeHours']));

export interface PruneInput {
  readonly mode: keyof typeof BACKFILL_MODES;
  readonly maxObjects?: number;
  readonly minAgeHours: number;
}

/** @throws InvalidInput that says what to change */
export function parsePruneInput(input: unknown): PruneInput {
  const { data, error } = schema.safeParse(input);
  if (error) throw new InvalidInput(error.issues[0].message);
  if (data.mode === 'run' && data.maxObjects === undefined) {
    throw new InvalidInput('a run must have a limit: maxObjects, how many objects it may delete. A plan says how many there are');
  }
  return { minAgeHours: DEFAULT_MIN_AGE_HOURS, ...data };
}
