import { uploadedAt } from './uploaded-at';
import { EventContext, ImageRecord } from '../../../contract';
import type { ObjectEvent } from '../events/s3-events';
import { fingerprintOf, OriginalHead } from '../objects/originals';

/** Which event of which object a write is about. */
export interface SourceEvent {
  readonly bucket: string;
  readonly key: string;
  readonly sequencer: string;
  /** Whether what failed for good is tried once more. */
  readonly retriesFailed?: boolean;
  /** Whether nobody has looked which id the object has: then it is the one that its pointer says by now, whoever has set it. */
  readonly isUnseen?: boolean;
}

/** What was found under the key when the event was handled. */
export interface Version extends SourceEvent {
  readonly etag?: string;
  readonly versionId?: string;
  readonly fingerprint?: string;
  readonly uploadedAt: string;
  /** Whole seconds; undefined where nothing was found. */
  readonly lastModified?: string;
  readonly event: EventContext;
}

/** @param head of the object; absent where there is none */
export function versionOf(event: ObjectEvent, head?: OriginalHead): Version {
  return {
    bucket: event.bucket,
    key: event.key,
    sequencer: event.sequencer,
    retriesFailed: event.retriesFailed,
    etag: head?.etag,
    versionId: head?.versionId,
    fingerprint: head && fingerprintOf(head),
    uploadedAt: ((head && uploadedAt(head)) ?? new Date(event.context.time)).toISOString(),
    lastModified: head?.lastModified?.toISOString(),
    event: event.context,
  };
}

/**
 * Whether the event is that of the version, and not an earlier one that came late and found it. Of versions with the same
 * bytes within a second, either may be meant.
 */
export function isEventOf({ etag, versionId, lastModified }: Version, event: ObjectEvent): boolean {
  const isSame = (one: string | undefined, other: string | undefined) => one === undefined || other === undefined || one === other;
  const isStoredBefore = lastModified === undefined || Date.parse(lastModified) <= Date.parse(event.context.time);
  return isSame(event.etag, etag) && isSame(event.versionId, versionId) && isStoredBefore;
}

/** The version that a record describes. */
export function recordedVersion(event: ObjectEvent, record: Partial<ImageRecord>): Version {
  const version = versionOf(event);
  const { sourceETag, sourceVersionId, sourceFingerprint, uploadedAt: recordedAt } = record;
  return { ...version, etag: sourceETag, versionId: sourceVersionId, fingerprint: sourceFingerprint, uploadedAt: recordedAt ?? version.uploadedAt };
}
