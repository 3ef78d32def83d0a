import { OriginalFacts, RenditionFacts, splitKey } from '../contract';
import { WriteResult } from './catalog';
import { endFailed, endUnwritten } from './end-failed';
import { PermanentError } from './errors';
import { ObjectEvent } from './events';
import { closeFormer, identify, Identity, point, recall } from './identity';
import type { PlannedRendition, Probe } from './image';
import { Budget, endOvertaken, isCompleted, Job, versionOf } from './job';
import { Original, OriginalHead } from './originals';
import { ignored, Outcome } from './outcome';
import { outputKey } from './output-keys';
import { isOwnRendition, RenditionOrigin } from './renditions';
import { profilesFor } from './requested-size';
import { Services } from './services';
import { Remake } from './settle';
import { Source } from './sources';
import { removeOutputs } from './stale-outputs';

/** Kept back from the time limit of decoding and encoding, for the last uploads and the record. */
const CLOSING_MS = 4000;

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
export async function processCreated(services: Services, source: Source, event: ObjectEvent, budget: Budget): Promise<Outcome> {
  return processNewest({ services, source, event, budget, version: versionOf(event), remake: remaker(services, source, budget) });
}

/** Makes renditions again although their record is complete: an overtaken invocation overwrote or deleted some. */
export function remaker(services: Services, source: Source, budget: Budget): Remake {
  return (newest) => processNewest({ services, source, event: newest, budget, version: versionOf(newest) });
}

async function processNewest(job: Job): Promise<Outcome> {
  const { services, event } = job;
  const original = await readOriginal(services, event);
  if (!original) return sourceGone(job);
  if (original.bytes === 0) return ignored('empty object');
  if (isOwnRendition(original.metadata, services.config.pipelineName)) return ignored('rendition of this pipeline');

  return processOriginal({ ...job, version: versionOf(event, original) }, original);
}

/** What the event says is too large is not even asked for, unless there is something smaller by now. */
async function readOriginal({ config, originals }: Services, { bucket, key, size = 0 }: ObjectEvent): Promise<Original | undefined> {
  const { maxInputBytes } = config.processing;
  if (size > maxInputBytes) {
    const head = await originals.head(bucket, key);
    if (!head || head.bytes > maxInputBytes) return head;
  }
  return originals.read(bucket, key, maxInputBytes);
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
    const examined = { probed, facts, outputs: planOutputs(job, identity, original, probed) };

    const claim = await claimRecord(job, identity, examined);
    if (claim.result !== 'done') return await endUnwritten(job, identity, claim);
    claimed = true;
    return await makeRenditions(job, identity, original, examined, claim.before?.outputs ?? new Set());
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    if (error.code === 'TIMEOUT' && !job.budget.full) throw new Error('the invocation had too little time left for this image', { cause: error });
    const failure = { code: error.code, message: error.message, retryable: false };
    return endFailed(job, identity, failure, { original: facts, counts: !claimed });
  }
}

async function inspect(services: Services, original: Original): Promise<Probe> {
  const { maxInputBytes } = services.config.processing;
  if (!original.body) {
    throw new PermanentError('TOO_LARGE', `the image has ${original.bytes} bytes, and at most ${maxInputBytes} are allowed`);
  }
  return services.imaging.probe(original.body, services.config.processing);
}

function planOutputs({ services, source, event }: Job, { id }: Identity, { metadata }: OriginalHead, probed: Probe): Output[] {
  const { sourceExt } = splitKey(event.key);
  return services.imaging.plan(probed, profilesFor(source, metadata), services.config.processing, sourceExt).map((planned) => ({
    planned,
    key: outputKey(services.config.outputKey, source, event.key, id, planned),
  }));
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

/** @throws Error when the neighbours left too little of the invocation */
function secondsLeft({ deadline, full }: Budget): number {
  const seconds = Math.floor((deadline - Date.now() - CLOSING_MS) / 1000);
  if (seconds < 1 && !full) throw new Error('the invocation has too little time left for this image');
  return Math.max(1, seconds);
}

async function makeRenditions(job: Job, identity: Identity, original: Original, examined: Examined, before: ReadonlySet<string>): Promise<Outcome> {
  const { services, version, budget } = job;
  const { outputBucket, processing } = services.config;
  const { probed, facts, outputs } = examined;
  const keys = new Map(outputs.map(({ planned, key }) => [planned, key]));
  const origin = originOf(job, identity, original);
  const made = new Map<PlannedRendition, RenditionFacts>();

  const timeoutSeconds = secondsLeft(budget);
  const onRendition = async (planned: PlannedRendition, body: Buffer) => {
    const { profile, width, height, format, contentType, frames } = planned;
    const key = keys.get(planned)!;
    await services.renditions.store({ bucket: outputBucket, key, body, contentType, profile }, origin);
    made.set(planned, {
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
    });
  };
  await services.imaging.render(original.body!, probed, [...keys.keys()], { processing, timeoutSeconds, onRendition });

  const current = [...keys.values()];
  await removeOutputs(services, [...before].filter((key) => !current.includes(key)));
  const renditions = Object.fromEntries(outputs.map(({ planned }) => [planned.name, made.get(planned)!]));
  const completion = await services.catalog.complete(identity.id, version, { original: facts, renditions });
  if (completion.result !== 'done') return endOvertaken(job);
  if (processing.deleteSource) await services.originals.delete(version.bucket, version.key, version.etag);
  return { outcome: 'completed', imageId: identity.id, original: facts, renditions };
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
