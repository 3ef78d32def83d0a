import { Remake, settle } from './settle';
import { ImageRecord } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { OriginalHead } from '../objects/originals';
import { SourceVersion } from '../record/catalog';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

export interface Budget {
  /** Epoch millisecond at which the invocation ends. */
  readonly deadline: number;
  /** Whether the image got most of an invocation's time: with less, a timeout is its neighbours' fault. */
  readonly full: boolean;
}

/** One object version on its way to renditions. */
export interface Job {
  readonly services: Services;
  readonly source: Source;
  readonly event: ObjectEvent;
  readonly version: SourceVersion;
  readonly budget: Budget;
  /** How the newest version's renditions are made again; absent where that is what is being done. */
  readonly remake?: Remake;
}

/** What is known of an object, or of one that is gone. */
export function versionOf(event: ObjectEvent, head?: OriginalHead): SourceVersion {
  return {
    bucket: event.bucket,
    key: event.key,
    sequencer: event.sequencer,
    etag: head?.etag,
    versionId: head?.versionId,
    uploadedAt: (head?.lastModified ?? new Date(event.context.time)).toISOString(),
    event: event.context,
  };
}

/** Whether the event led to renditions before. Without its source, nothing can be made better. */
export function isCompleted(record: Partial<ImageRecord> | undefined, { bucket, key, sequencer }: ObjectEvent): boolean {
  return record?.status === 'COMPLETED' && record.sourceBucket === bucket && record.sourceKey === key && record.sourceSequencer === sequencer;
}

/** Ends a job that a later event overtook. */
export function endOvertaken({ services, source, event, remake }: Job): Promise<Outcome> {
  if (!remake) throw new Error('overtaken while renditions were made again');
  return settle(services, source, event.key, remake);
}
