import { Identity } from './identity';
import { Job } from './job';
import { withinTime } from './time-limit';
import { adjustmentOf, CatalogConfig, FOCAL_POINT_METADATA, NOT_CHOSEN, OriginalFacts, ProfileConfig, Reason, renditionName, splitKey } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';
import type { PlannedRendition, Probe } from '../image';
import { Original, OriginalHead } from '../objects/originals';
import { outputKey } from '../objects/rendition-keys';
import { Place } from '../objects/renditions';
import { focalPointOf, unreadableFocalPoint } from '../sources/focal-point';
import { profilesFor } from '../sources/requested-size';

/** A rendition that is to be made, and where it is to be stored. */
export interface Output extends Place {
  readonly planned: PlannedRendition;
}

/** What an original is, and what is to be made of it. */
export interface Examined {
  readonly probed: Probe;
  readonly facts: OriginalFacts;
  readonly outputs: readonly Output[];
  /** Why other renditions cannot be made, by their names. */
  readonly skipped: Readonly<Record<string, Reason>>;
}

/**
 * What is stored under the key now. What the event says is too large is not even asked for, unless there is something
 * smaller by now.
 *
 * @throws PermanentError for what cannot be read
 */
export async function readOriginal({ services: { config, originals }, event: { bucket, key, size = 0 } }: Job): Promise<Original | undefined> {
  const { maxInputBytes } = config.processing;
  if (size > maxInputBytes) {
    const head = await originals.head(bucket, key);
    if (!head || head.bytes > maxInputBytes) return head;
  }
  return originals.read(bucket, key, maxInputBytes);
}

/** @throws PermanentError for what is no image, or too large */
export async function inspect(
  { services: { config: { processing, catalog }, imaging, logger }, event }: Job, original: Original,
): Promise<Pick<Examined, 'probed' | 'facts'>> {
  if (!original.body) {
    const allowed = Math.floor(processing.maxInputBytes / 1_000_000);
    const message = `This file has ${Math.ceil(original.bytes / 1_000_000)} MB, and at most ${allowed} MB are allowed. Make it smaller, and upload it again.`;
    throw new PermanentError('TOO_LARGE', message, { detail: `expected at most ${processing.maxInputBytes} bytes, received ${original.bytes}` });
  }
  const probed = await imaging.probe(original.body, processing, splitKey(event.key).sourceExt);
  const unreadable = unreadableFocalPoint(original.metadata);
  if (unreadable !== undefined) {
    logger.warn(`metadata ${FOCAL_POINT_METADATA} passed over: expected two numbers from 0 to 1, such as 0.25,0.4`, { sourceKey: event.key, received: unreadable });
  }
  return { probed, facts: factsOf(probed, original, catalog) };
}

/** Whether renditions are made by a profile, by its name. */
export type IsChosen = (profile: string) => boolean;

export interface Choice {
  /** What the hook says, or what is left to make. @default - all profiles */
  readonly isChosen?: IsChosen;
  /** Whether the image has, or may have, others that need not be planned; asked only where none of these can be. */
  readonly hasOthers: () => Promise<boolean>;
}

/**
 * Plans the renditions of an original, whose pixels are looked at where its profiles need it.
 *
 * @throws PermanentError for renditions that cannot be, or may not be asked for
 */
export async function planOutputs(
  job: Job, { id }: Identity, original: Original, found: Probe, { isChosen = () => true, hasOthers }: Choice,
): Promise<Pick<Examined, 'probed' | 'outputs' | 'skipped'>> {
  const { services: { imaging, config }, source, event } = job;
  const { metadata } = original;
  const { sourceExt } = splitKey(event.key);
  const skipped: Record<string, Reason> = {};
  const onSkipped = (name: string, { reason }: PermanentError) => { skipped[name] = reason; };
  const profiles = profilesFor(source, metadata);
  for (const { name, formats } of profiles.filter((profile) => !isChosen(profile.name))) {
    for (const { format } of formats) skipped[renditionName(name, format)] = LEFT_OUT;
  }
  const chosen = profiles.filter(({ name }) => isChosen(name));
  const { probed, measurable, unmeasured } = await measured(job, original, found, chosen, hasOthers);
  Object.assign(skipped, unmeasured);
  const possible = imaging.plan(probed, measurable, config.processing, {
    sourceExtension: sourceExt, focalPoint: focalPointOf(metadata), onSkipped,
  });
  const outputs = possible.map((planned) => ({
    planned,
    bucket: config.outputBucket,
    key: outputKey(config.outputKey, source, event.key, id, planned),
  }));
  return { probed, outputs, skipped };
}

interface Measured {
  readonly probed: Probe;
  /** Profiles of which renditions can be planned. */
  readonly measurable: readonly ProfileConfig[];
  /** Why those of others cannot, by their names. */
  readonly unmeasured: Readonly<Record<string, Reason>>;
}

/**
 * Where nothing is trimmed, headers tell all that plans need. Where what `trim` leaves cannot be found, that costs the other profiles nothing.
 *
 * @throws PermanentError when there is no other
 */
async function measured(
  { services: { imaging, config: { processing } }, budget }: Job, { body }: Original, found: Probe, profiles: readonly ProfileConfig[],
  hasOthers: Choice['hasOthers'],
): Promise<Measured> {
  const trimmed = profiles.filter(({ adjustments }) => adjustmentOf(adjustments, 'trim'));
  if (trimmed.length === 0) return { probed: found, measurable: profiles, unmeasured: {} };
  // Others need the rest.
  const time = trimmed.length < profiles.length ? { ...budget, deadline: (Date.now() + budget.deadline) / 2 } : budget;
  try {
    const probed = await withinTime(time, (timeoutSeconds) => imaging.measure(body!, found, profiles, { processing, timeoutSeconds }));
    return { probed, measurable: profiles, unmeasured: {} };
  } catch (error) {
    if (!(error instanceof PermanentError) || (trimmed.length === profiles.length && !await hasOthers())) throw error;
    const names = trimmed.flatMap(({ name, formats }) => formats.map(({ format }) => renditionName(name, format)));
    const unmeasured = Object.fromEntries(names.map((name) => [name, error.reason]));
    return { probed: found, measurable: profiles.filter((profile) => !trimmed.includes(profile)), unmeasured };
  }
}

const LEFT_OUT: Reason = { code: NOT_CHOSEN, message: 'The rules of this site leave this version out.' };

/** The profiles of renditions. */
export function profilesOf(renditions: readonly string[]): IsChosen {
  const profiles = new Set(renditions.map((name) => name.slice(0, name.lastIndexOf('.'))));
  return (profile) => profiles.has(profile);
}

function factsOf(
  { width, height, format, frames, alpha, paletteSize, exif }: Probe, { bytes, metadata }: OriginalHead, catalog: CatalogConfig,
): OriginalFacts {
  const focalPoint = focalPointOf(metadata);
  return {
    width,
    height,
    format,
    bytes,
    ...frames > 1 && { frames },
    ...focalPoint && { focalPoint },
    hasAlpha: alpha,
    ...paletteSize !== undefined && { paletteSize },
    ...catalog.exif && exif && { exif },
  };
}
