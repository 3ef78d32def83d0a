import fc from 'fast-check';
import { Change } from './config';
import { Hook, HOOKS } from './hook';

export const TRIGGERS = ['queue', 'eventBridge', 's3Notifications', 'stepFunctions'] as const;

/**
 * What an uploader stores. `empty` has no bytes, `own` says that it is a rendition of this pipeline; of `flat` and `fragile` ones
 * some renditions cannot be made, of `tangled` ones those that are trimmed. Of a
 * `plain` one, nothing is trimmed.
 */
export type Kind = 'a' | 'b' | 'flat' | 'fragile' | 'tangled' | 'plain' | 'broken' | 'empty' | 'own' | 'archived' | 'customerKey';

export interface Upload {
  readonly type: 'upload';
  readonly kind: Kind;
  readonly imageId?: string;
  /** Width of one more rendition. */
  readonly requested?: string;
  /** Where to crop around, in metadata. */
  readonly focalPoint?: string;
  /** The bytes of the upload before. */
  readonly again: boolean;
  /** Whether nothing tells of it, as when it was there before the pipeline. Only of the first of its key. */
  readonly silent: boolean;
}

/** Asks for an object that exists. */
export interface Backfill {
  readonly type: 'backfill';
  /** Whether what failed is tried again. */
  readonly retryFailed: boolean;
}

/**
 * `expire` is a deletion by a lifecycle rule, of which S3 tells without a sequencer. `prune` removes an old version, which leaves
 * the newest as it is, `revert` the newest, which brings back the one before.
 */
export type Removal = 'remove' | 'expire' | 'prune' | 'revert';

/** What happens from outside. */
export type Operation = (
  | Upload
  | { readonly type: Removal }
  | Backfill
  | { readonly type: 'configure'; readonly change: Change }
) & {
  readonly key: string;
  /** Messages that tell of it. */
  readonly copies: number;
  /** Whether every try of the last copy ends before it does anything. */
  readonly stillborn: boolean;
  /** Turns since the operation before, whoever took them, before it may happen. It happens earlier when nothing else can. */
  readonly after: number;
  /** Seconds since the operation before. */
  readonly seconds: number;
};

/** What a history is about. Leaving out the rest has more of it meet. */
export interface Focus {
  readonly ids: 'any' | 'none' | 'named';
  readonly kinds: 'any' | 'images';
  readonly copies: 'any' | 'several';
  readonly keys: 'any' | 'one';
}

export interface History {
  readonly operations: readonly Operation[];
  /** Of the first configuration. @default 2 */
  readonly profiles?: 1 | 2;
  /** Of the first configuration. @default 'none' */
  readonly hook?: Hook;
  readonly focus: Focus;
  readonly trigger: typeof TRIGGERS[number];
  /** Whether an invocation mostly goes on once it has begun, or any call may be the next. */
  readonly schedule: 'runs' | 'mixed';
  /** Whether what `trim` leaves of an image may take too long to find. @default false */
  readonly slow?: boolean;
  /** How images come to the configuration of the last deployment. */
  readonly renews: 'events' | 'backfill';
  /** Messages of one invocation. */
  readonly batchSize: number;
  /** Whether copies of an event come in the forms of both senders. */
  readonly mixedForms: boolean;
  /** Whether renditions are deleted with their source, or sources once they have renditions. */
  readonly deletes: 'nothing' | 'renditions' | 'sources';
  /** Key template. */
  readonly outputKey: string;
  readonly imageId: 'metadata' | 'key';
  /** Seconds that records are kept; 0 for good. */
  readonly expireAfter: number;
  /** Whether the configuration names the places of former renditions. */
  readonly namesFormer: boolean;
  readonly versionedSource: boolean;
  readonly versionedOutput: boolean;
  /** Whether every write has an ETag of its own. */
  readonly ownETags: boolean;
  /** Whether a missing rendition is told from a forbidden one. */
  readonly listsOutputs: boolean;
  /** Whether final states are told. */
  readonly tells: boolean;
  /** Decisions of the scheduler and of services, one after the other; 0 once they are used up. */
  readonly tape: readonly number[];
  /** Calls that fail or kill their invocation. */
  readonly faults: number;
}

/** The first value mostly. */
const mostly = <T>(usual: T, ...others: T[]) => fc.oneof(
  { weight: 3, arbitrary: fc.constant(usual) }, ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })),
);

// Mostly one key: what goes wrong between two of them needs few events. Both have the same id where it follows from the key.
const key = mostly('a/x', 'b/x');
const when = {
  key,
  copies: fc.constantFrom(1, 1, 1, 2, 2, 3),
  stillborn: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  after: fc.nat({ max: 24 }),
  seconds: mostly(1, 0, 7200),
};
const upload = fc.record({
  type: fc.constant('upload' as const),
  kind: fc.constantFrom<Kind>('a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'flat', 'fragile', 'tangled', 'plain', 'plain', 'broken', 'broken', 'broken', 'empty', 'own', 'archived', 'customerKey'),
  imageId: fc.constantFrom(undefined, undefined, undefined, undefined, 'named-1', 'named-1', 'named-2', 'not valid'),
  requested: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, '7', '8', 'wide'),
  focalPoint: fc.constantFrom(undefined, undefined, undefined, '0.25,0.4', '1,0', 'the middle'),
  again: mostly(false, true),
  silent: mostly(false, true),
  ...when,
});
const removal = fc.record({ type: fc.constantFrom<Removal>('remove', 'remove', 'remove', 'prune', 'revert', 'revert', 'expire'), ...when });
const backfill = fc.record({ type: fc.constant('backfill' as const), retryFailed: fc.boolean(), ...when });
const configure = fc.record({
  type: fc.constant('configure' as const), change: fc.constantFrom<Change>('outputPrefix', 'outputBucket', 'profiles', 'profiles', 'oneProfile', 'oneProfile', 'source', 'sourcePrefix', 'trim', 'trim', 'watermark', 'hook'), ...when,
});

/** An operation of a history that is about something. */
export function focused<T extends Operation>(operation: T, { ids, kinds, copies, keys }: Focus): T {
  const common = {
    ...operation,
    ...(keys === 'one' ? { key: 'a/x' } : {}),
    ...(copies === 'several' ? { copies: Math.max(operation.copies, 2) } : {}),
  };
  if (common.type !== 'upload') return common;
  return {
    ...common,
    ...(ids === 'none' ? { imageId: undefined } : ids === 'named' ? { imageId: common.imageId ?? 'named-1' } : {}),
    ...(kinds === 'images' && !['a', 'b', 'flat', 'fragile', 'tangled', 'plain', 'broken'].includes(common.kind) ? { kind: 'a' } : {}),
  };
}

export const history: fc.Arbitrary<History> = fc.record({
  operations: fc.array(fc.oneof(
    { weight: 10, arbitrary: upload }, { weight: 3, arbitrary: removal }, { weight: 1, arbitrary: backfill }, { weight: 2, arbitrary: configure },
  ), { minLength: 1, maxLength: 6 }),
  focus: fc.record({
    ids: fc.constantFrom('any' as const, 'none' as const, 'named' as const),
    kinds: fc.constantFrom('any' as const, 'images' as const),
    copies: fc.constantFrom('any' as const, 'several' as const),
    keys: fc.constantFrom('any' as const, 'one' as const),
  }),
  hook: mostly<Hook>('none', 'none', ...HOOKS),
  trigger: fc.constantFrom(...TRIGGERS),
  schedule: fc.constantFrom('runs' as const, 'mixed' as const),
  slow: fc.boolean(),
  profiles: mostly<1 | 2>(2, 1),
  renews: fc.constantFrom('events' as const, 'backfill' as const),
  batchSize: mostly(1, 2, 3),
  mixedForms: mostly(false, true),
  deletes: fc.constantFrom('renditions' as const, 'renditions' as const, 'nothing' as const, 'sources' as const),
  outputKey: fc.constantFrom('{key}/{profile}.{ext}', '{key}/{profile}', '{imageId}/{profile}.{ext}'),
  imageId: mostly('metadata' as const, 'key' as const),
  expireAfter: mostly(0, 3600),
  namesFormer: fc.boolean(),
  versionedSource: mostly(false, true),
  versionedOutput: mostly(false, true),
  ownETags: mostly(false, true),
  listsOutputs: fc.boolean(),
  tells: fc.boolean(),
  tape: fc.array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 160, size: 'max' }),
  faults: fc.integer({ min: 0, max: 4 }),
});
