import { createHash } from 'node:crypto';
import { Claimed, Work } from './claim';
import { Output } from './examine';
import { Renditions, Skipped } from './job';
import { loadWatermarks } from './load-watermarks';
import { placeName } from './sweep';
import { withinTime } from './time-limit';
import { PlaceholderFacts, Reason, RenditionFacts } from '../../../contract';
import { releaseMemory } from '../../shared/release-memory';
import { PermanentError } from '../endings/permanent-error';
import type { PlannedRendition } from '../image';
import { OriginalHead } from '../objects/originals';
import { FoundRendition, isMadeFrom, RenditionOrigin, supersedes } from '../objects/renditions';
import { GUARDS } from '../record/writes';

export interface Made {
  /** What was stored: all that was asked for, unless a later writer was met. */
  readonly renditions: Renditions;
  readonly skipped: Skipped;
  readonly placeholder?: PlaceholderFacts;
  readonly isOvertaken: boolean;
  /** Places of what could not be made, at which something may be stored all the same. */
  readonly left?: readonly string[];
}

export const NOTHING_MADE: Made = { renditions: {}, skipped: {}, isOvertaken: false };

/** What a claimed image is known by, also in a step of its own. */
export type ClaimedImage = Pick<Claimed, 'job' | 'identity'> & Pick<Work, 'original' | 'probed'> & {
  readonly claim: Pick<Claimed['claim'], 'order' | 'mayMeetOthers' | 'etags'>;
  /** Whether the record was complete of this version, and has some of its renditions already. */
  readonly hasKept: boolean;
};

/** Thrown through the image path, to end it. */
class Overtaken extends Error {}

/**
 * Makes and stores some of an image's renditions. Where others are there already, what cannot be made costs none of them: it is skipped.
 *
 * @throws PermanentError when the image cannot be decoded, or takes longer than an invocation may
 */
export async function makeRenditions(image: ClaimedImage, outputs: readonly Output[]): Promise<Made> {
  const { job: { services }, original, probed } = image;
  const byPlan = new Map(outputs.map((output) => [output.planned, output]));
  const made = new Map<PlannedRendition, RenditionFacts>();
  const skipped: Record<string, Reason> = {};
  let placeholder: PlaceholderFacts | undefined;
  const onPlaceholder = (found: PlaceholderFacts) => { placeholder = found; };
  const onSkipped = ({ name }: PlannedRendition, { reason }: PermanentError) => { skipped[name] = reason; };
  const onRendition = async (planned: PlannedRendition, encoded: Buffer, frames: number) => {
    const facts = await store(image, byPlan.get(planned)!, encoded, frames);
    if (!facts) throw new Overtaken();
    made.set(planned, facts);
  };
  const inOrder = () => outputs.map(({ planned }) => planned).filter((planned) => made.has(planned));
  const renditions = () => Object.fromEntries(inOrder().map((planned) => [planned.name, made.get(planned)!]));
  try {
    const { config: { processing }, imaging, watermarks } = services;
    const time = await loadWatermarks(image.job, outputs);
    const work = { processing, onRendition, onSkipped, onPlaceholder, watermarks };
    await withinTime(time, (timeoutSeconds) => imaging.render(original.body!, probed, [...byPlan.keys()], { ...work, timeoutSeconds }));
    // It was the last that reads the bytes. A hook may have kept them.
    if (!services.hook) releaseMemory(original.body!);
    return { renditions: renditions(), skipped, placeholder, isOvertaken: false };
  } catch (error) {
    if (error instanceof Overtaken) return { renditions: renditions(), skipped, isOvertaken: true };
    if (!(error instanceof PermanentError) || !image.hasKept) throw error;
    const unmade = outputs.filter(({ planned }) => !made.has(planned));
    for (const { planned: { name } } of unmade) skipped[name] ??= error.reason;
    return { renditions: renditions(), skipped, placeholder, isOvertaken: false, left: unmade.map(placeName) };
  }
}

/** @returns undefined when what is there is a later writer's */
async function store(image: ClaimedImage, { planned, bucket, key }: Output, encoded: Buffer, frames: number): Promise<RenditionFacts | undefined> {
  const { job, original, claim } = image;
  const { services } = job;
  const body = claim.mayMeetOthers ? services.imaging.distinguish(encoded, planned.format, markOf(claim.order)) : encoded;
  const rendition = { bucket, key, body, contentType: planned.contentType, profile: planned.profile };
  const expected = claim.etags.get(placeName(rendition));
  const etag = await services.renditions.store(rendition, originOf(image), expected, (found) => mayReplace(image, found));
  const settings = job.source.settings.get(planned.name)?.settings;
  return etag === undefined ? undefined : renditionFacts({ ...planned, frames }, { bucket, key, bytes: body.length, etag, settings }, original);
}

/** Bytes that no other claim writes. */
function markOf({ sequencer, imageId, claim }: Claimed['claim']['order']): Buffer {
  return createHash('sha256').update(JSON.stringify([sequencer, imageId, claim])).digest().subarray(0, 8);
}

/**
 * What is older, or another image's, is replaced. Where something newer was found, the record tells whether it still
 * counts: it may be of a record that has expired.
 */
async function mayReplace({ job: { services, version }, identity, claim: { order } }: ClaimedImage, found: FoundRendition): Promise<boolean> {
  if (!found.order || !isMadeFrom(found, version) || supersedes(order, found.order)) return true;
  const record = await services.catalog.read(identity.id);
  return record !== undefined && GUARDS.stillClaimed({ ...version, claim: order.claim }).holds({ ...record });
}

function renditionFacts(
  { profile, width, height, format, contentType, frames }: PlannedRendition, stored: Pick<RenditionFacts, 'bucket' | 'key' | 'bytes' | 'etag' | 'settings'>, original: OriginalHead,
): RenditionFacts {
  const { etag, settings, ...place } = stored;
  return {
    profile: profile.name,
    ...place,
    width,
    height,
    format,
    contentType,
    reductionPercent: Math.round(1000 * (1 - stored.bytes / original.bytes)) / 10,
    ...(frames > 1 ? { frames } : {}),
    etag,
    settings,
  };
}

function originOf({ job: { services, version }, original: { metadata }, claim: { order } }: ClaimedImage): RenditionOrigin {
  return {
    pipeline: services.config.pipelineName,
    order,
    bucket: version.bucket,
    key: version.key,
    etag: version.etag,
    versionId: version.versionId,
    userMetadata: services.config.processing.copyUserMetadata ? metadata : {},
  };
}
