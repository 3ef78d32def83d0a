import { endFailed, endRefused } from './endings';
import { Examined, inspect, planOutputs, readOriginal } from './examine';
import { identify, Identity, isNamed } from './identity';
import { Job, VersionJob } from './job';
import { processMissing, processNoImage } from './no-image';
import { closeFormer, point } from './renaming';
import { etagsOf, placeName, supersededBy, sweep } from './sweep';
import { OriginalFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';
import { Original } from '../objects/originals';
import { isOwnRendition, Order } from '../objects/renditions';
import { isTooLong } from '../record/bounded';
import { Refused } from '../record/catalog';
import { versionOf } from '../record/version';

/** A version whose record says that its renditions are being made. */
export interface Claimed extends Examined {
  readonly job: VersionJob;
  readonly identity: Identity;
  readonly original: Original;
  readonly claim: ClaimedRecord;
}

export interface ClaimedRecord {
  readonly order: Order & { readonly imageId: string };
  /** Whether earlier invocations may still be under way that know what was stored before. */
  readonly mayMeetOthers: boolean;
  /** What is stored under the keys of renditions, as far as the record knew, by the names of their places. */
  readonly etags: ReadonlyMap<string, string | undefined>;
  /** What the record listed before. */
  readonly former: Former;
}

export interface Former {
  readonly outputs: Iterable<string>;
  readonly swept: readonly string[];
}

export type Begun = { readonly claimed: Claimed } | { readonly claimed?: undefined; readonly outcome: Outcome };

/** Reads what is stored under the key now, and has the record accept it; ends what cannot or need not become renditions. */
export async function begin(job: Job): Promise<Begun> {
  let original: Original | undefined;
  try {
    original = await readOriginal(job);
  } catch (error) {
    return { outcome: await endFailed({ ...job, version: versionOf(job.event) }, identify(job), permanentFailure(error), { counts: true }) };
  }
  if (!original) return { outcome: await processMissing(job) };
  const versionJob = { ...job, version: versionOf(job.event, original) };
  if (original.bytes === 0) return { outcome: await processNoImage(versionJob, 'EMPTY_OBJECT', original) };
  if (isOwnRendition(original.metadata, job.services.config.pipelineName)) return { outcome: await processNoImage(versionJob, 'OWN_RENDITION', original) };
  return accept(versionJob, original);
}

async function accept(job: VersionJob, original: Original): Promise<Begun> {
  let identity = identify(job);
  let facts: OriginalFacts | undefined;
  let examined: Examined;
  try {
    identity = identify(job, original.metadata);
    const inspected = await inspect(job, original);
    facts = inspected.facts;
    examined = { ...inspected, ...planOutputs(job, identity, original, inspected.probed) };
  } catch (error) {
    return { outcome: await endFailed(job, identity, permanentFailure(error), { original: facts, counts: true }) };
  }
  for (;;) {
    const claim = await claimRecord(job, identity, examined);
    if (!('refusedBy' in claim)) return { claimed: { ...examined, job, identity, original, claim } };
    const outcome = await endRefused(job, identity, claim);
    if (outcome) return { outcome };
  }
}

async function claimRecord(job: VersionJob, identity: Identity, { facts, outputs }: Examined): Promise<ClaimedRecord | Refused> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  const places = outputs.map(placeName);
  const pointed = await point(job, identity);
  if (pointed.refusedBy) return pointed;
  const claimed = await catalog.claim(identity.id, version, { original: facts, outputs: places, configDigest });
  if (claimed.refusedBy) return claimed;

  const { before } = claimed;
  const order = { sequencer: version.sequencer, imageId: identity.id, claim: (before?.attempts ?? 0) + 1 };
  await closeFormer(job, identity, isNamed(identity) ? pointed.before : before, places);
  let listed: Iterable<string> = before?.outputs ?? [];
  if (isTooLong(listed)) {
    await sweep(job, [...listed].filter((name) => !places.includes(name)), supersededBy(order));
    await catalog.trim(identity.id, version, order.claim, places);
    listed = [];
  }
  return {
    order,
    mayMeetOthers: [pointed.before, before].some((item) => item?.sourceSequencer !== undefined),
    etags: etagsOf(before?.renditions),
    former: { outputs: listed, swept: before?.sweptOutputs ?? [] },
  };
}
