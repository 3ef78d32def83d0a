import * as z from 'zod/mini';
import { BACKFILL_MODES } from '../../../contract';
import { InvalidInput } from '../invalid-input';

/** Younger objects may be of something that is under way. */
const DEFAULT_MIN_AGE_HOURS = 24;

const schema = z.strictObject({
  mode: z.enum(BACKFILL_MODES, 'mode must be plan or run'),
  maxObjects: z.optional(z.int('maxObjects must be a whole number').check(z.positive('maxObjects must be above 0'))),
  minAgeHours: z.optional(z.number('minAgeHours must be a number').check(z.nonnegative('minAgeHours must not be negative'))),
}, 'the input must have mode, and may have maxObjects and minAgeHours');

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
