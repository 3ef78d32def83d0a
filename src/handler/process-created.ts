import { OriginalFacts, RenditionFacts, splitKey } from '../contract';
import { SourceVersion, WriteResult } from './catalog';
import { PermanentError } from './errors';
import { ObjectEvent } from './events';
import { identify, Identity, recall, removeFormer } from './identity';
import { plan, PlannedRendition, probe, Probe, render } from './image';
import { Original, OriginalHead } from './originals';
import { ignored, Outcome } from './outcome';
import { outputKey } from './output-keys';
import { isOwnRendition, RenditionOrigin } from './renditions';
import { Services } from './services';
import { settle } from './settle';
import { Source } from './sources';

/** Kept back from the time limit of decoding and encoding, for the last uploads and the record. */
const CLOSING_MS = 4000;

export interface Budget {
  /** Milliseconds that are left for this image. */
  readonly ms: number;
  /** Whether that is nearly all an image can ever get: with less, a timeout is the neighbours' fault. */
  readonly full: boolean;
}

/** One object version on its way to renditions. */
interface Job {
  readonly services: Services;
  readonly source: Source;
  readonly event: ObjectEvent;
  readonly budget: Budget;
  readonly version: SourceVersion;
  /** Make the renditions again although the record has them: an overtaken invocation overwrote them. */
  readonly again: boolean;
}

interface Output {
  readonly planned: PlannedRendition;
  readonly key: string;
}

interface Examined {
  readonly probed: Probe;
  readonly facts: OriginalFacts;
  readonly outputs: readonly Output[];
}

/**
 * Makes the renditions of what is stored under the key now. The event only says that something is new:
 * a late event finds newer content, and the record says what was found.
 */
export async function processCreated(services: Services, source: Source, event: ObjectEvent, budget: Budget, again = false): Promise<Outcome> {
  if (event.key.endsWith('/')) return ignored('folder marker');
  if (event.size === 0) return ignored('empty object');

  const { maxInputBytes } = services.config.processing;
  const original = event.size !== undefined && event.size > maxInputBytes
    ? await services.originals.head(event.bucket, event.key)
    : await services.originals.read(event.bucket, event.key, maxInputBytes);
  if (!original) return sourceGone(services, source, event, budget);
  if (original.bytes === 0) return ignored('empty object');
  if (isOwnRendition(original.metadata, services.config.pipelineName)) return ignored('rendition of this pipeline');

  return processOriginal({ services, source, event, budget, again, version: versionOf(event, original) }, original);
}

async function processOriginal(job: Job, original: Original): Promise<Outcome> {
  const { services, source, event } = job;
  let identity = identify(services, source, event.key, {});
  let facts: OriginalFacts | undefined;
  let claimed = false;

  try {
    identity = identify(services, source, event.key, original.metadata);
    const probed = await inspect(services, original);
    facts = factsOf(probed, original);
    const examined = { probed, facts, outputs: planOutputs(job, identity, probed) };

    const claim = await claimRecord(job, identity, examined);
    if (claim.result !== 'done') return await notWritten(job, identity, claim, original);
    claimed = true;
    return await makeRenditions(job, identity, original, examined, claim.before?.outputs ?? new Set());
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    if (error.code === 'TIMEOUT' && !job.budget.full) throw new Error('the invocation had too little time left for this image', { cause: error });
    return fail(job, identity, error, facts, !claimed);
  }
}

async function inspect(services: Services, original: Original): Promise<Probe> {
  const { maxInputBytes } = services.config.processing;
  if (!original.body) {
    throw new PermanentError('TOO_LARGE', `the image has ${original.bytes} bytes, and at most ${maxInputBytes} are allowed`);
  }
  return probe(original.body, services.config.processing);
}

function planOutputs({ services, source, event }: Job, { id }: Identity, probed: Probe): Output[] {
  const { sourceExt } = splitKey(event.key);
  return plan(probed, source.profiles, services.config.processing, sourceExt).map((planned) => ({
    planned,
    key: outputKey(services.config.outputKey, source, event.key, id, planned),
  }));
}

async function claimRecord(job: Job, identity: Identity, { facts, outputs }: Examined): Promise<WriteResult> {
  const { services, source, version, again } = job;
  if (identity.id !== identity.derived) {
    const pointer = await services.catalog.point(identity.derived, identity.id, version);
    if (pointer.result !== 'done') return pointer;
    await removeFormer(services, version, pointer, identity.id);
  }
  const claim = await services.catalog.claim(identity.id, version, {
    original: facts,
    outputs: outputs.map(({ key }) => key),
    configDigest: services.configDigests[source.profileSet],
    again,
  });
  if (identity.id === identity.derived) await removeFormer(services, version, claim, identity.id);
  return claim;
}

async function makeRenditions(job: Job, identity: Identity, original: Original, examined: Examined, before: ReadonlySet<string>): Promise<Outcome> {
  const { services, version, budget } = job;
  const { outputBucket, processing } = services.config;
  const { probed, facts, outputs } = examined;
  const keys = new Map(outputs.map(({ planned, key }) => [planned, key]));
  const origin = originOf(job, identity, original);
  const renditions: Record<string, RenditionFacts> = {};

  const timeoutSeconds = Math.max(1, Math.floor((budget.ms - CLOSING_MS) / 1000));
  const onRendition = async (planned: PlannedRendition, body: Buffer) => {
    const { name, profile, width, height, format, contentType, frames } = planned;
    const key = keys.get(planned)!;
    await services.renditions.store({ bucket: outputBucket, key, body, contentType, profile }, origin);
    renditions[name] = {
      profile: profile.name,
      bucket: outputBucket,
      key,
      width,
      height,
      format,
      contentType,
      bytes: body.length,
      reductionPercent: Math.round(1000 * (1 - body.length / original.bytes)) / 10,
      ...(frames > 1 ? { frames } : {}),
    };
  };
  await render(original.body!, probed, [...keys.keys()], { processing, timeoutSeconds, onRendition });

  const current = [...keys.values()];
  if (processing.deleteRenditions) {
    await services.renditions.delete(outputBucket, [...before].filter((key) => !current.includes(key)));
  }
  const completion = await services.catalog.complete(identity.id, version, {
    original: facts,
    renditions,
    outputs: processing.deleteRenditions ? current : undefined,
  });
  if (completion.result !== 'done') return settleAfter(job);
  if (processing.deleteSource) await services.originals.delete(version.bucket, version.key, version.etag);
  return { outcome: 'completed', imageId: identity.id, original: facts, renditions };
}

/** Ends the record as failed. The record of another object stays untouched: then this object gets its own. */
async function fail(job: Job, identity: Identity, error: PermanentError, original: OriginalFacts | undefined, counts: boolean): Promise<Outcome> {
  const { services, source, version } = job;
  const failure = { code: error.code, message: error.message, retryable: false };
  const configDigest = services.configDigests[source.profileSet];
  const write = await services.catalog.fail(identity.id, version, failure, { original, counts, configDigest });
  if (write.result !== 'done') return notWritten(job, identity, write);
  if (identity.id === identity.derived) await removeFormer(services, version, write, identity.id);
  // What an earlier version left must not pass for this one.
  if (services.config.processing.deleteRenditions) {
    await services.renditions.delete(services.config.outputBucket, write.before?.outputs ?? []);
  }
  return { outcome: 'failed', imageId: identity.id, failure };
}

async function notWritten(job: Job, identity: Identity, write: WriteResult, original?: OriginalHead): Promise<Outcome> {
  const { services, version } = job;
  if (write.result === 'overtaken') return settleAfter(job);
  if (write.result === 'taken') {
    const error = new PermanentError('IMAGE_ID_TAKEN', `image id ${JSON.stringify(identity.id)} is that of another object`);
    return fail(job, { ...identity, id: identity.derived }, error, undefined, true);
  }
  // The earlier delivery may have ended between its last write and this.
  if (services.config.processing.deleteSource && original && write.result === 'current' && write.record.status === 'COMPLETED') {
    await services.originals.delete(version.bucket, version.key, version.etag);
  }
  return { outcome: 'unchanged', imageId: identity.id };
}

function settleAfter({ services, source, event, budget, again }: Job): Promise<Outcome> {
  if (again) throw new Error('overtaken while renditions were made again');
  return settle(services, source, event.key, (newest) => processCreated(services, source, newest, budget, true));
}

/** The object was deleted before, or while, its event was handled. */
async function sourceGone(services: Services, source: Source, event: ObjectEvent, budget: Budget): Promise<Outcome> {
  const identity = await recall(services, source, event.key);
  const record = await services.catalog.read(identity.id);
  const version = { ...versionOf(event), etag: record?.sourceETag, versionId: record?.sourceVersionId };
  const error = new PermanentError('SOURCE_NOT_FOUND', 'the image was deleted before it was processed');
  return fail({ services, source, event, budget, version, again: false }, identity, error, undefined, true);
}

function versionOf(event: ObjectEvent, original?: OriginalHead): SourceVersion {
  return {
    bucket: event.bucket,
    key: event.key,
    sequencer: event.sequencer,
    etag: original?.etag,
    versionId: original?.versionId,
    uploadedAt: (original?.lastModified ?? new Date(event.context.time)).toISOString(),
    event: event.context,
  };
}

function factsOf(probed: Probe, { bytes }: OriginalHead): OriginalFacts {
  return { width: probed.width, height: probed.height, format: probed.format, bytes, ...(probed.frames > 1 ? { frames: probed.frames } : {}) };
}

function originOf({ services, version }: Job, { id }: Identity, { metadata }: OriginalHead): RenditionOrigin {
  return {
    pipeline: services.config.pipelineName,
    imageId: id,
    bucket: version.bucket,
    key: version.key,
    etag: version.etag,
    versionId: version.versionId,
    userMetadata: services.config.processing.copyUserMetadata ? metadata : {},
  };
}
