import fc from 'fast-check';
import { Content } from './imaging';

/** What happens to one key, from outside. */
export type Operation = (
  | { readonly type: 'upload'; readonly kind: Content['kind']; readonly imageId?: string }
  /** `prune` removes an old version: S3 tells of it, and the newest is still there. */
  | { readonly type: 'remove' | 'prune' }
) & {
  readonly key: string;
  /** Messages that tell of it. */
  readonly copies: number;
  /** Turns since the operation before, whoever took them, before it may happen. It happens earlier when nothing else can. */
  readonly after: number;
};

export interface History {
  readonly operations: readonly Operation[];
  /** Whether renditions are deleted with their source. */
  readonly deleteRenditions: boolean;
  /** Whether a state machine takes the steps of an event, each in an invocation of its own. */
  readonly steps: boolean;
  /** Key template. */
  readonly outputKey: string;
  /** Decisions of the scheduler, one after the other; 0 once they are used up. */
  readonly tape: readonly number[];
  /** Calls that fail or kill their invocation. */
  readonly faults: number;
}

// Mostly one key: what goes wrong between two of them needs few events.
const key = fc.constantFrom('x', 'x', 'x', 'y');
const when = { key, copies: fc.integer({ min: 1, max: 2 }), after: fc.nat({ max: 24 }) };
const upload = fc.record({
  type: fc.constant('upload' as const),
  kind: fc.constantFrom('a' as const, 'a' as const, 'b' as const, 'broken' as const),
  imageId: fc.constantFrom(undefined, undefined, 'named-1', 'named-2'),
  ...when,
});
const remove = fc.record({ type: fc.constantFrom('remove' as const, 'remove' as const, 'prune' as const), ...when });

export const history: fc.Arbitrary<History> = fc.record({
  operations: fc.array(fc.oneof({ weight: 4, arbitrary: upload }, { weight: 1, arbitrary: remove }), { minLength: 1, maxLength: 6 }),
  deleteRenditions: fc.boolean(),
  steps: fc.boolean(),
  outputKey: fc.constantFrom('{key}/{profile}.{ext}', '{key}/{profile}', '{imageId}/{profile}.{ext}'),
  tape: fc.array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 160, size: 'max' }),
  faults: fc.integer({ min: 0, max: 4 }),
});
