import { endGone } from './end-gone';
import { endFailed, endOvertaken } from './endings';
import { identify, Identity, isNamed, isOf, ownIdentity, recallRecord } from './identity';
import { Job, VersionJob } from './job';
import { Failure, ImageRecord } from '../../../contract';
import { ignored, Outcome } from '../endings/outcome';
import { LOWEST_SEQUENCER } from '../events/sequencer';
import { OriginalHead } from '../objects/originals';
import { recordedVersion } from '../record/version';

/** The object was deleted before, or while, its event was handled. */
export async function processMissing(job: Job): Promise<Outcome> {
  const { event } = job;
  const { identity, record } = await recallRecord(job);
  // An announcement waits for its upload.
  if (record?.sourceSequencer === undefined && event.sequencer === LOWEST_SEQUENCER) return ignored('no such object');
  if (isDone(job, record) || isClosedBy(event, record)) return { outcome: 'unchanged', imageId: identity.id };
  if (record?.sourceSequencer !== undefined && record.sourceSequencer > event.sequencer) return endOvertaken(job, identity);
  const version = recordedVersion(event, record ?? {});
  const failure = { code: 'SOURCE_NOT_FOUND', message: 'This image was deleted before it was processed. Upload it again.', retryable: false } as const;
  return endFailed({ ...job, version }, identity, failure, { counts: true });
}

/** Whether the renditions of what the event is about were made, by it or by an earlier event that found its object, and the pipeline deleted the original. */
export function isDone({ services, event }: Job, record: Partial<ImageRecord> | undefined): boolean {
  if (record?.status !== 'COMPLETED') return false;
  if (record.sourceSequencer === event.sequencer) return true;
  if (!services.config.processing.deleteSource) return false;
  return event.versionId !== undefined && record.sourceVersionId !== undefined
    ? event.versionId === record.sourceVersionId
    : event.etag === undefined || event.etag === record.sourceETag;
}

/** Whether the record says already, by this very event, that there is no image. */
function isClosedBy({ sequencer }: Job['event'], record: Partial<ImageRecord> | undefined): boolean {
  return record?.status === 'DELETED' && record.sourceSequencer === sequencer;
}

const NO_IMAGE = {
  EMPTY_OBJECT: { reason: 'empty object', message: 'This image was replaced by an empty file. Upload it again.' },
  OWN_RENDITION: { reason: 'rendition of this pipeline', message: 'This image was replaced by one of its own renditions. Upload an original.' },
} as const;

/** What is no image is passed over, unless there is a record that would go on to speak of what was there before. */
export async function processNoImage(job: VersionJob, code: keyof typeof NO_IMAGE, { metadata }: OriginalHead): Promise<Outcome> {
  const { services: { catalog } } = job;
  const identity = await freeIdentity(job, identityOf(job, metadata));
  const ids = isNamed(identity) ? [identity.id, identity.derived] : [identity.id];
  const records = await Promise.all(ids.map((id) => catalog.read(id)));
  const { reason, message } = NO_IMAGE[code];
  if (!records.some((record) => record && record.status !== 'DELETED' && isOf(job, record))) {
    // An earlier event that has read the image and not claimed its record yet comes too late by this.
    return endGone(job, { id: identity.derived, derived: identity.derived }, reason);
  }
  return endFailed(job, identity, { code, message, retryable: false } satisfies Failure, { counts: true });
}

/** The identity whose record is the object's, or free for it. */
async function freeIdentity(job: Job, identity: Identity): Promise<Identity> {
  const record = await job.services.catalog.read(identity.id);
  return !record || isOf(job, record) ? identity : freeIdentity(job, ownIdentity(job, identity));
}

/** The id that the object's metadata names, where that can be one. */
export function identityOf(job: Job, metadata: Readonly<Record<string, string>>): Identity {
  try {
    return identify(job, metadata);
  } catch {
    return identify(job);
  }
}
