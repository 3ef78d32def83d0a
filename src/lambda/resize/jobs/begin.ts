import { endFailed, endUnwritten } from './end';
import { closeFormer, identify, Identity, point, recall } from './identity';
import { ignored, Outcome } from '../endings/outcome';
import { PermanentError, permanentFailure } from '../endings/permanent-error';
import { ObjectEvent } from '../events/s3-events';
import type { PlannedRendition, Probe } from '../image';
import { isCompleted, Job, versionOf } from './job';
import { removeOutputs } from './leftovers';
import { OriginalFacts, splitKey } from '../../../contract';
import { Original, OriginalHead } from '../objects/originals';
import { isOwnRendition } from '../objects/renditions';
import { WriteResult } from '../record/catalog';
import { Services } from '../services/services';
import { outputKey } from '../sources/output-keys';
import { profilesFor } from '../sources/requested-size';

export interface Output {
  readonly planned: PlannedRendition;
  readonly key: string;
}

export interface Examined {
  readonly probed: Probe;
  readonly facts: OriginalFacts;
  readonly outputs: readonly Output[];
}

/** A version whose record says that its renditions are being made. */
export interface Claimed extends Examined {
  readonly job: Job;
  readonly identity: Identity;
  readonly original: Original;
  /** Keys that may hold renditions of versions or tries before. */
  readonly before: ReadonlySet<string>;
}

export type Begun = { readonly claimed: Claimed } | { readonly claimed?: undefined; readonly outcome: Outcome };

/** Reads what is stored under the key now, and has the record accept it; ends what cannot or need not become renditions. */
export async function begin(job: Job): Promise<Begun> {
  const { services, event } = job;
  const original = await readOriginal(services, event);
  if (!original) return { outcome: await sourceGone(job) };
  if (original.bytes === 0) return { outcome: ignored('empty object') };
  if (isOwnRendition(original.metadata, services.config.pipelineName)) return { outcome: ignored('rendition of this pipeline') };
  return accept({ ...job, version: versionOf(event, original) }, original);
}

/** What the event says is too large is not even asked for, unless there is something smaller by now. */
export async function readOriginal({ config, originals }: Services, { bucket, key, size = 0 }: ObjectEvent): Promise<Original | undefined> {
  const { maxInputBytes } = config.processing;
  if (size > maxInputBytes) {
    const head = await originals.head(bucket, key);
    if (!head || head.bytes > maxInputBytes) return head;
  }
  return originals.read(bucket, key, maxInputBytes);
}

/** @throws PermanentError for what is no image, or too large */
export async function inspect({ config: { processing }, imaging }: Services, original: Original): Promise<Pick<Examined, 'probed' | 'facts'>> {
  if (!original.body) {
    throw new PermanentError('TOO_LARGE', `the image has ${original.bytes} bytes, and at most ${processing.maxInputBytes} are allowed`);
  }
  const probed = await imaging.probe(original.body, processing);
  return { probed, facts: factsOf(probed, original) };
}

/** @throws PermanentError for renditions that cannot be, or may not be asked for */
export function planOutputs({ services, source, event }: Job, { id }: Identity, { metadata }: OriginalHead, probed: Probe): Output[] {
  const { sourceExt } = splitKey(event.key);
  return services.imaging.plan(probed, profilesFor(source, metadata), services.config.processing, sourceExt).map((planned) => ({
    planned,
    key: outputKey(services.config.outputKey, source, event.key, id, planned),
  }));
}

async function accept(job: Job, original: Original): Promise<Begun> {
  const { services, source, event } = job;
  let identity = identify(services, source, event.key, {});
  let facts: OriginalFacts | undefined;
  try {
    identity = identify(services, source, event.key, original.metadata);
    const inspected = await inspect(services, original);
    facts = inspected.facts;
    const examined = { ...inspected, outputs: planOutputs(job, identity, original, inspected.probed) };
    const claim = await claimRecord(job, identity, examined);
    if (claim.result !== 'done') return { outcome: await endUnwritten(job, identity, claim) };
    return { claimed: { ...examined, job, identity, original, before: claim.before?.outputs ?? new Set() } };
  } catch (error) {
    return { outcome: await endFailed(job, identity, permanentFailure(error), { original: facts, counts: true }) };
  }
}

async function claimRecord(job: Job, identity: Identity, { facts, outputs }: Examined): Promise<WriteResult> {
  const { services, source, version, remake } = job;
  const keys = outputs.map(({ key }) => key);
  const pointed = await point(services, version, identity);
  if (pointed.refused) return pointed.refused;
  const claim = await services.catalog.claim(identity.id, version, {
    original: facts,
    outputs: keys,
    configDigest: source.configDigest,
    again: !remake,
  });
  if (claim.result !== 'done') return claim;
  const stale = identity.id === identity.derived ? await closeFormer(services, version, claim.before, identity) : pointed.stale;
  await removeOutputs(services, stale.filter((output) => !keys.includes(output)));
  return claim;
}

/** The object was deleted before, or while, its event was handled. */
async function sourceGone(job: Job): Promise<Outcome> {
  const { services, source, event } = job;
  const identity = await recall(services, source, event.key);
  const record = await services.catalog.read(identity.id);
  if (isCompleted(record, event)) return { outcome: 'unchanged', imageId: identity.id };
  const version = { ...job.version, etag: record?.sourceETag, versionId: record?.sourceVersionId };
  const failure = { code: 'SOURCE_NOT_FOUND', message: 'the image was deleted before it was processed', retryable: false } as const;
  return endFailed({ ...job, version }, identity, failure, { counts: true });
}

function factsOf(probed: Probe, { bytes }: OriginalHead): OriginalFacts {
  return { width: probed.width, height: probed.height, format: probed.format, bytes, ...(probed.frames > 1 ? { frames: probed.frames } : {}) };
}
