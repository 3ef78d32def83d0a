import { ordered } from './message';
import { ImageRecord } from '../../../src/contract';

type Item = Partial<ImageRecord>;

export interface Writer {
  /** The digest of its configuration. */
  readonly settings?: string;
  /** Whether what is completed is so for every configuration: originals are deleted then. */
  readonly completesOnce: boolean;
  /** Whether it was asked to try again what failed. */
  readonly retriesFailed: boolean;
}

/** What is wrong with a write to a record, whatever follows it; undefined when nothing is. */
export function illegalTransition(before: Item | undefined, after: Item, { settings, completesOnce, retriesFailed }: Writer): string | undefined {
  if (after.refusal && (after.status !== 'COMPLETED' || after.refusal.configDigest === after.configDigest)) {
    return `a record that is ${after.status} by ${after.configDigest} says that it was refused by ${after.refusal.configDigest}`;
  }
  if (!before?.sourceKey) return undefined;
  if (after.sourceKey !== before.sourceKey) return `the record of ${before.sourceKey} became that of ${after.sourceKey}`;
  if (ordered(after.sourceSequencer ?? '') < ordered(before.sourceSequencer ?? '')) return `event ${after.sourceSequencer} was written over ${before.sourceSequencer}`;
  if (after.sourceSequencer !== before.sourceSequencer) return undefined;
  const sameSettings = settings === before.configDigest;
  if (before.status === 'COMPLETED' && after.status === 'FAILED') return `a completed event became failed: ${after.failure?.code}`;
  if (before.status === 'COMPLETED' && after.status === 'DELETED') return 'a completed event was closed';
  if (before.status === 'COMPLETED' && after.status !== 'COMPLETED' && (completesOnce || sameSettings)) return `a completed event became ${after.status}`;
  const hasFailed = before.status === 'FAILED' && !before.failure?.retryable && sameSettings && !retriesFailed;
  if (hasFailed && (after.status !== 'FAILED' && after.status !== 'DELETED' || after.failure?.retryable)) return `an event that failed for good became ${after.failure?.code ?? after.status}`;
  if (before.status === 'DELETED' && after.status !== 'DELETED') return `${after.status ?? 'a pointer'} by the event that has closed it`;
  return undefined;
}

/** Remembers under which id an event was completed: another copy, which finds another id, does not begin anew. */
export class CompletedEvents {
  private readonly ids = new Map<string, string>();

  /** @returns what is wrong with the write; undefined when nothing is */
  note(id: string, before: Item | undefined, after: Item, items: ReadonlyMap<string, Item>): string | undefined {
    const event = `${after.sourceKey} ${ordered(after.sourceSequencer ?? '')}`;
    const known = this.ids.get(event);
    const item: Item = known === undefined ? {} : items.get(known) ?? {};
    // One that has expired may have been made again for an earlier event.
    const stands = item.status === 'COMPLETED' && item.sourceKey === after.sourceKey && ordered(item.sourceSequencer!) >= ordered(after.sourceSequencer ?? '');
    const completed = stands ? known : undefined;
    if (after.status === 'COMPLETED') this.ids.set(event, id);
    const isClosed = after.status === 'DELETED' && before?.pointsTo !== undefined;
    const isBegun = after.status === 'PROCESSING' || after.status === 'FAILED' || isClosed;
    return completed !== undefined && completed !== id && isBegun ? `${after.status} by an event that was completed as ${completed}` : undefined;
  }
}

/** Remembers which versions are completed, so that none of them fails. */
export class CompletedVersions {
  private readonly completed = new Map<string, string>();

  /** @returns what is wrong with the write; undefined when nothing is */
  note(id: string, before: Item | undefined, record: Item): string | undefined {
    // It had expired, and with it what is known of it; or was deleted, or went on under another id.
    if (!before || before.status === 'DELETED' || before.pointsTo !== undefined) this.completed.delete(id);
    // What the handler can tell apart: the same bytes may have been uploaded again with other metadata, within the second.
    const version = JSON.stringify([record.sourceFingerprint, record.configDigest]);
    if (record.status === 'COMPLETED') this.completed.set(id, version);
    else if (record.status === 'FAILED' && !isGone(record) && this.completed.get(id) === version) return `a completed version became failed: ${record.failure?.code}`;
    else if (this.completed.get(id) !== version) this.completed.delete(id);
    return undefined;
  }
}

/** What is gone has no version of its own: the record goes on to name the one before. */
function isGone({ failure }: Item): boolean {
  return failure?.code === 'SOURCE_NOT_FOUND';
}
