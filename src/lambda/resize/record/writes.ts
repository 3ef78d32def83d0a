import { Condition } from './update-expression';
import { SourceEvent } from './version';
import { ImageRecord, ImageStatus } from '../../../contract';

/** What a write knows, beside the record. */
export interface Guarded extends SourceEvent {
  /** Of the configuration that the write is made with. */
  readonly configDigest?: string;
  /** Whether what is completed is so for every configuration: originals are deleted then. */
  readonly completesOnce?: boolean;
  /** Of the version that the write is about. */
  readonly fingerprint?: string;
  /** The number of the claim that the write goes on from. */
  readonly claim?: number;
  /** The id that a pointer is to name, or names. */
  readonly pointsTo?: string;
}

const earlier = ({ sequencer }: Guarded) => Condition.any(Condition.missing('sourceSequencer'), Condition.compare('sourceSequencer', '<', sequencer));

const isOtherWork = ({ configDigest = '', completesOnce }: Guarded) => Condition.all(
  Condition.compare('configDigest', '<>', configDigest),
  ...(completesOnce ? [Condition.compare('status', '<>', 'COMPLETED')] : []),
);

/** What must hold of a record for a write. */
export const GUARDS = {
  /** The record has no object yet, or is this one's: it belongs to one object for good. */
  own: ({ bucket, key }: Guarded) => Condition.any(
    Condition.missing('sourceKey'),
    Condition.all(Condition.compare('sourceBucket', '=', bucket), Condition.compare('sourceKey', '=', key)),
  ),
  /** No later event was accepted. */
  notOvertaken: ({ sequencer }: Guarded) => Condition.any(Condition.missing('sourceSequencer'), Condition.compare('sourceSequencer', '<=', sequencer)),
  /** This very event has not given the object another id, unless it was taken back: another copy may have completed that. */
  notNamed: (write: Guarded) => Condition.any(
    Condition.missing('pointsTo'),
    ...(write.isUnseen ? [] : [earlier(write)]),
    ...(write.pointsTo === undefined ? [] : [Condition.compare('pointsTo', '=', write.pointsTo)]),
  ),
  /**
   * This very event has not closed the record: another copy found that there is no image, or that it has another id. What is there since has an
   * event of its own.
   */
  notClosed: (write: Guarded) => Condition.any(earlier(write), Condition.compare('status', '<>', 'DELETED')),
  /** It has given it this one. */
  named: ({ sequencer, pointsTo = '' }: Guarded) => Condition.all(
    Condition.compare('sourceSequencer', '=', sequencer),
    Condition.compare('pointsTo', '=', pointsTo),
  ),
  /** This very event has not come to its end with this configuration. A passing failure is none, nor is one that is to be tried again. */
  notFinal: (write: Guarded) => Condition.any(
    earlier(write),
    isOtherWork(write),
    Condition.all(Condition.compare('status', '<>', 'COMPLETED'), ...(write.retriesFailed ? [] : [Condition.compare('status', '<>', 'FAILED')])),
    Condition.compare('failure.retryable', '=', true),
  ),
  /** This very event has not been completed, with whatever configuration. */
  notCompleted: (write: Guarded) => Condition.any(earlier(write), Condition.compare('status', '<>', 'COMPLETED')),
  /** The renditions of this very version and configuration were not made for an earlier event, which came late. */
  notMade: (write: Guarded) => Condition.any(
    Condition.compare('status', '<>', 'COMPLETED'),
    Condition.compare('sourceFingerprint', '<>', write.fingerprint ?? ''),
    isOtherWork(write),
  ),
  /** They were. */
  made: (write: Guarded) => Condition.all(
    Condition.compare('status', '=', 'COMPLETED'),
    Condition.compare('sourceFingerprint', '=', write.fingerprint ?? ''),
    ...(write.completesOnce ? [] : [Condition.compare('configDigest', '=', write.configDigest ?? '')]),
  ),
  /** The record is complete by other settings, as far as is known of this version. */
  outdated: (write: Guarded) => Condition.all(
    Condition.compare('status', '=', 'COMPLETED'),
    Condition.compare('configDigest', '<>', write.configDigest ?? ''),
    ...(write.fingerprint === undefined ? [] : [Condition.compare('sourceFingerprint', '=', write.fingerprint)]),
  ),
  /** The claim is the last one, and nothing has ended it but a passing failure. */
  stillClaimed: ({ sequencer, claim = 0 }: Guarded) => Condition.all(
    Condition.compare('sourceSequencer', '=', sequencer),
    Condition.compare('attempts', '=', claim),
    Condition.any(
      Condition.compare('status', '=', 'PROCESSING'),
      Condition.all(Condition.compare('status', '=', 'FAILED'), Condition.compare('failure.retryable', '=', true)),
    ),
  ),
  /** No event has been accepted since this one. */
  newest: ({ sequencer }: Guarded) => Condition.compare('sourceSequencer', '=', sequencer),
} satisfies Record<string, (write: Guarded) => Condition>;
export type Guard = keyof typeof GUARDS;

interface Write {
  /** The status that the write gives the record; undefined where it leaves it. */
  readonly to?: ImageStatus;
  /** Beside `own`, which every write needs; in the order in which they explain a refusal. */
  readonly needs: readonly Guard[];
}

/**
 * The life of a record: every write, what it makes of the record, and what must hold for it. What follows a refusal is
 * in `jobs/endings.ts`; docs/promises.md shows both.
 */
export const WRITES = {
  /** Notes under the derived id of an object that its record has another id, so that deletions find it. */
  point: { needs: ['notOvertaken', 'notNamed', 'notClosed', 'notFinal'] },
  /** Takes back the id that another copy of the event has given the object. */
  release: { needs: ['named'] },
  /** Accepts an event for processing: from here on, earlier events and claims of the object are overtaken. */
  claim: { to: 'PROCESSING', needs: ['notOvertaken', 'notNamed', 'notClosed', 'notFinal', 'notMade'] },
  /** Accepts an event whose version was completed by an earlier one: nothing is left to do. */
  adopt: { needs: ['notOvertaken', 'made'] },
  /** The last write of a success: every rendition is stored. */
  complete: { to: 'COMPLETED', needs: ['stillClaimed'] },
  /** Ends an event that cannot succeed, or whose every try failed. */
  fail: { to: 'FAILED', needs: ['notOvertaken', 'notNamed', 'notClosed', 'notFinal', 'notCompleted', 'notMade'] },
  /** Notes at what is complete why it cannot be brought to other settings. */
  refuse: { needs: ['newest', 'outdated'] },
  /** Closes the record of an object that is gone. */
  close: { to: 'DELETED', needs: ['notOvertaken', 'notNamed', 'notCompleted'] },
  /** Closes a former record of an object that goes on under another id. */
  replace: { to: 'DELETED', needs: ['notOvertaken', 'notCompleted'] },
  /** Forgets former ids whose records are closed. */
  forget: { needs: ['newest'] },
  /** Forgets outputs of earlier claims, of which there are too many. */
  trim: { needs: ['stillClaimed'] },
} satisfies Record<string, Write>;
export type WriteName = keyof typeof WRITES;

export function conditionOf(name: WriteName, write: Guarded): Condition {
  return Condition.all(...needsOf(name).map((guard) => GUARDS[guard](write)));
}

/** The first guard that does not hold: why a write was refused. Undefined when all hold of what the record has become since. */
export function refusalOf(name: WriteName, write: Guarded, record: Partial<ImageRecord>): Guard | undefined {
  return needsOf(name).find((guard) => !GUARDS[guard](write).holds(record));
}

function needsOf(name: WriteName): readonly Guard[] {
  return ['own', ...WRITES[name].needs];
}
