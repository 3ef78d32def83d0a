import { ImageRecord } from '../../../src/contract';

type Item = Partial<ImageRecord>;

/** What is wrong with a write to a record, whatever follows it; undefined when nothing is. */
export function illegalTransition(before: Item | undefined, after: Item, renditions: readonly string[]): string | undefined {
  if (after.status === 'COMPLETED' && after.status !== before?.status && !renditions.every((name) => name in (after.renditions ?? {}))) {
    return `completed with the renditions ${Object.keys(after.renditions ?? {}).join(', ')} alone`;
  }
  if (!before?.sourceKey) return undefined;
  if (after.sourceKey !== before.sourceKey) return `the record of ${before.sourceKey} became that of ${after.sourceKey}`;
  if ((after.sourceSequencer ?? '') < (before.sourceSequencer ?? '')) return `event ${after.sourceSequencer} was written over ${before.sourceSequencer}`;
  if (after.sourceSequencer !== before.sourceSequencer) return undefined;

  if (before.status === 'DELETED' && before.replacedBy && after.status !== 'DELETED') return `${after.status} after it went on as ${before.replacedBy}`;
  const sameVersion = after.sourceETag === before.sourceETag;
  if (before.status === 'COMPLETED' && after.status === 'FAILED' && sameVersion) return 'a completed version became failed';
  if (after.status === 'COMPLETED' && after.status !== before.status && !sameVersion) return 'completed for another version than was claimed';
  return undefined;
}
