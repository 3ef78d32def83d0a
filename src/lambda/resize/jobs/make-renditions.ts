import { Claimed, Output } from './begin';
import { Identity } from './identity';
import { removeOutputs } from './leftovers';
import { OriginalFacts, RenditionFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { PermanentError } from '../endings/permanent-error';
import type { PlannedRendition } from '../image';
import { Budget, endOvertaken, Job } from './job';
import { OriginalHead } from '../objects/originals';
import { RenditionOrigin } from '../objects/renditions';

/** Kept back from the time limit of decoding and encoding, for the last uploads and the record. */
const CLOSING_MS = 4000;

/** By rendition name. */
export type MadeRenditions = Readonly<Record<string, RenditionFacts>>;

/**
 * Makes and stores some of an image's renditions.
 *
 * @throws PermanentError when the image cannot be decoded, or takes longer than an invocation may
 */
export async function makeOutputs(image: Pick<Claimed, 'job' | 'identity' | 'original' | 'probed'>, outputs: readonly Output[]): Promise<MadeRenditions> {
  const { job: { services, budget }, original, probed } = image;
  const keys = new Map(outputs.map(({ planned, key }) => [planned, key]));
  const origin = originOf(image.job, image.identity, original);
  const made = new Map<PlannedRendition, RenditionFacts>();
  const onRendition = async (planned: PlannedRendition, body: Buffer) => {
    const key = keys.get(planned)!;
    const { outputBucket: bucket } = services.config;
    await services.renditions.store({ bucket, key, body, contentType: planned.contentType, profile: planned.profile }, origin);
    made.set(planned, renditionFacts(planned, { bucket, key, bytes: body.length }, original));
  };
  try {
    const timeoutSeconds = secondsLeft(budget);
    await services.imaging.render(original.body!, probed, [...keys.keys()], { processing: services.config.processing, timeoutSeconds, onRendition });
  } catch (error) {
    if (!(error instanceof PermanentError && error.code === 'TIMEOUT') || budget.full) throw error;
    throw new Error('the invocation had too little time left for this image', { cause: error });
  }
  return Object.fromEntries(outputs.map(({ planned }) => [planned.name, made.get(planned)!]));
}

/** What `complete` needs to know of an image. */
export interface CompletedImage {
  readonly job: Job;
  readonly identity: Identity;
  readonly facts: OriginalFacts;
  /** Keys that may hold renditions of versions or tries before. */
  readonly before: Iterable<string>;
}

/** The last write of a success: everything that was planned is stored. */
export async function complete({ job, identity, facts, before }: CompletedImage, renditions: MadeRenditions): Promise<Outcome> {
  const { services, version } = job;
  const current = Object.values(renditions).map(({ key }) => key);
  await removeOutputs(services, [...before].filter((key) => !current.includes(key)));
  const completion = await services.catalog.complete(identity.id, version, { original: facts, renditions });
  if (completion.result !== 'done') return endOvertaken(job);
  if (services.config.processing.deleteSource) await services.originals.delete(version.bucket, version.key, version.etag);
  return { outcome: 'completed', imageId: identity.id, original: facts, renditions };
}

/** @throws Error when the neighbours left too little of the invocation */
function secondsLeft({ deadline, full }: Budget): number {
  const seconds = Math.floor((deadline - Date.now() - CLOSING_MS) / 1000);
  if (seconds < 1 && !full) throw new Error('the invocation has too little time left for this image');
  return Math.max(1, seconds);
}

function renditionFacts(
  { profile, width, height, format, contentType, frames }: PlannedRendition, stored: Pick<RenditionFacts, 'bucket' | 'key' | 'bytes'>, original: OriginalHead,
): RenditionFacts {
  return {
    profile: profile.name,
    ...stored,
    width,
    height,
    format,
    contentType,
    reductionPercent: Math.round(1000 * (1 - stored.bytes / original.bytes)) / 10,
    ...(frames > 1 ? { frames } : {}),
  };
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
