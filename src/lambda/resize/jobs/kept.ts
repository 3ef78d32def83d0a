import pLimit from 'p-limit';
import { identify, recallRecord } from './identity';
import { Job, Renditions, Skipped, VersionJob } from './job';
import { OriginalFacts, PlaceholderFacts, RenditionFacts, renditionName } from '../../../contract';
import { standingOf } from '../../shared/rendition-standing';
import { PermanentError } from '../endings/permanent-error';
import { OriginalHead } from '../objects/originals';
import { isOwnRendition } from '../objects/renditions';
import { ItemOf } from '../record/catalog';
import { versionOf } from '../record/version';
import { profilesFor } from '../sources/requested-size';

const PARALLEL_LOOKS = 8;

/** What a record has of a version that is to be made once more. */
export interface Kept {
  readonly renditions: Renditions;
  readonly skipped: Skipped;
  readonly placeholder?: PlaceholderFacts;
}

export const NOTHING_KEPT: Kept = { renditions: {}, skipped: {} };

/**
 * What need not be made again: renditions of this very version that were made by the present settings, are in their place,
 * and are what was stored there; and what cannot be made by the present settings and limits.
 *
 * Only of a record that is complete. Once another claim was made, a writer may be under way that knows what is stored, and
 * is stopped only by storing something else.
 *
 * @param known renditions that were looked at a moment ago
 */
export async function keptOf(job: VersionJob, imageId: string, record: ItemOf | undefined, known: Renditions = {}): Promise<Kept> {
  if (!isOfVersion(job, record)) return NOTHING_KEPT;
  const { current, skipped } = standing(job, imageId, record);
  const limit = pLimit(PARALLEL_LOOKS);
  const looked = await Promise.all(Object.entries(current).map((entry) => limit(async ([name, facts]: [string, RenditionFacts]) => {
    const isIntact = known[name]?.etag === facts.etag || await job.services.renditions.isStored(facts, facts.etag);
    return isIntact ? [[name, facts] as const] : [];
  }, entry)));
  const { thumbHash, dominantColour } = record.original ?? {};
  const placeholder = thumbHash !== undefined && dominantColour !== undefined ? { thumbHash, dominantColour } : undefined;
  return { renditions: Object.fromEntries(looked.flat()), skipped, placeholder };
}

function isOfVersion({ version }: VersionJob, record: ItemOf | undefined): record is ItemOf {
  return record?.status === 'COMPLETED' && record.sourceFingerprint !== undefined && record.sourceFingerprint === version.fingerprint;
}

function standing({ services: { config }, source, event: { key } }: Job, imageId: string, record: ItemOf) {
  const standings = [...standingOf(config, source, { imageId, key, ...record })];
  const named = <T>(facts: Readonly<Record<string, T>> | undefined, as: string) => Object.fromEntries(
    standings.filter(([, each]) => each === as).map(([name]) => [name, facts![name]]),
  );
  return { current: named(record.renditions, 'current'), skipped: named(record.skipped, 'skipped') };
}

/** A version whose record has all that is to be made of it. */
export interface Recalled {
  readonly job: VersionJob;
  readonly original: OriginalHead;
  readonly facts: OriginalFacts;
  readonly kept: Kept;
}

/**
 * Looks whether there is nothing to make, without reading the original.
 *
 * @returns undefined when there is, or when it takes the original to tell
 */
export async function recallComplete(job: Job): Promise<Recalled | undefined> {
  const { services: { config, originals }, source, event: { bucket, key } } = job;
  const { identity: { id: imageId }, record } = await recallRecord(job);
  if (record?.status !== 'COMPLETED' || !record.original) return undefined;
  try {
    const original = await originals.head(bucket, key);
    if (!original || original.bytes === 0 || isOwnRendition(original.metadata, config.pipelineName)) return undefined;
    const versionJob = { ...job, version: versionOf(job.event, original) };
    if (!isOfVersion(versionJob, record) || identify(job, original.metadata).id !== imageId) return undefined;
    const { current, skipped } = standing(job, imageId, record);
    const expected = profilesFor(source, original.metadata).flatMap(({ name, formats }) => formats.map(({ format }) => renditionName(name, format)));
    if (!expected.every((name) => name in current || name in skipped)) return undefined;
    // What is repeated by the same settings is refused by the record; only else it is looked at.
    const kept = record.configDigest === source.configDigest ? { renditions: current, skipped } : await keptOf(versionJob, imageId, record);
    if (Object.keys(kept.renditions).length < Object.keys(current).length) return undefined;
    return { job: versionJob, original, facts: record.original, kept };
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}
