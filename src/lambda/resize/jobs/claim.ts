import { consult } from './consult';
import { endFailed, endRefused } from './endings';
import { Examined, inspect, Output, planOutputs, readOriginal } from './examine';
import { identify, Identity, isNamed } from './identity';
import { Job, Renditions, Skipped, VersionJob } from './job';
import { Kept, keptOf, Recalled, recallComplete } from './kept';
import { loadWatermarks } from './load-watermarks';
import { processMissing, processNoImage } from './no-image';
import { closeFormer, point } from './renaming';
import { etagsOf, placeName, supersededBy, sweep } from './sweep';
import { NOT_CHOSEN, OriginalFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';
import type { Probe } from '../image';
import { Original } from '../objects/originals';
import { isOwnRendition, Order, Place } from '../objects/renditions';
import { isTooLong } from '../record/bounded';
import { Refused } from '../record/catalog';
import { versionOf } from '../record/version';

/** A version whose record says that its renditions are being made. */
export interface Claimed {
  readonly job: VersionJob;
  readonly identity: Identity;
  readonly facts: OriginalFacts;
  /** Why renditions cannot be made, by their names. */
  readonly skipped: Skipped;
  readonly claim: ClaimedRecord;
  /** What is still to be made; undefined for nothing. */
  readonly work?: Work;
}

export interface Work {
  readonly original: Original;
  readonly probed: Probe;
  readonly outputs: readonly Output[];
}

export interface ClaimedRecord {
  readonly order: Order & { readonly imageId: string };
  /** Whether earlier invocations may still be under way that know what was stored before. */
  readonly mayMeetOthers: boolean;
  /** What is stored under the keys of renditions, as far as the record knew, by the names of their places. */
  readonly etags: ReadonlyMap<string, string | undefined>;
  /** What the record listed before. */
  readonly former: Former;
  /** What the record has of this version already. */
  readonly kept: Kept;
}

export interface Former {
  readonly outputs: Iterable<string>;
  readonly swept: readonly string[];
}

export type Begun = { readonly claimed: Claimed } | { readonly claimed?: undefined; readonly outcome: Outcome };

/** Reads what is stored under the key now, and has the record accept it; ends what cannot or need not become renditions. */
export async function begin(job: Job): Promise<Begun> {
  const recalled = job.isRepeated && await recallComplete(job);
  const begun = recalled && await acceptRecalled(recalled);
  if (begun) return begun;
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
    const { probed, facts: found } = await inspect(job, original);
    facts = found;
    const consulted = await consult(job, identity, original, { probed, facts });
    facts = consulted.facts;
    if (consulted.refusal) throw consulted.refusal;
    const { isChosen } = consulted;
    examined = { facts, ...await planOutputs(job, identity, original, probed, { isChosen, hasOthers: () => hasKept(job, identity) }) };
  } catch (error) {
    return { outcome: await endFailed(job, identity, permanentFailure(error), { original: facts, counts: true }) };
  }
  // What cannot be read now must not cost a complete image its record.
  const budget = await loadWatermarks(job, examined.outputs);
  for (;;) {
    const claim = await claimRecord(job, identity, examined);
    if (!('refusedBy' in claim)) return { claimed: claimedOf({ ...job, budget }, identity, original, examined, claim) };
    const outcome = await endRefused(job, identity, claim);
    if (outcome) return { outcome };
  }
}

/** Whether the record has something that need not be made again, as far as can be said before the claim. */
async function hasKept(job: VersionJob, { id }: Identity): Promise<boolean> {
  const { renditions } = await keptOf(job, id, await job.services.catalog.read(id));
  return Object.keys(renditions).length > 0;
}

/** What was made stays, also where the limits would not allow it any more. */
function claimedOf(job: VersionJob, identity: Identity, original: Original, examined: Examined, claim: ClaimedRecord): Claimed {
  const { probed } = examined;
  const { kept } = claim;
  const facts = { ...examined.facts, ...kept.placeholder };
  // What the hook chooses now counts, and not what it chose before.
  const impossible = Object.fromEntries(Object.entries(kept.skipped).filter(([, { code }]) => code !== NOT_CHOSEN));
  const outputs = examined.outputs.filter(({ planned: { name } }) => !(name in kept.renditions) && !(name in impossible));
  const skipped = Object.fromEntries(Object.entries({ ...examined.skipped, ...impossible }).filter(([name]) => !(name in kept.renditions)));
  return { job, identity, facts, skipped, claim, ...outputs.length > 0 && { work: { original, probed, outputs } } };
}

/** @returns undefined when there is something to make after all */
async function acceptRecalled({ job, original, facts, kept: { renditions, skipped } }: Recalled): Promise<Begun | undefined> {
  const identity = identify(job, original.metadata);
  const claim = await claimRecord(job, identity, { facts, outputs: Object.values(renditions) }, renditions);
  if ('refusedBy' in claim) {
    const outcome = await endRefused(job, identity, claim);
    return outcome && { outcome };
  }
  const isAll = Object.keys(renditions).every((name) => name in claim.kept.renditions);
  return isAll ? { claimed: { job, identity, facts, skipped, claim } } : undefined;
}

/** @param known renditions that were looked at a moment ago */
async function claimRecord(
  job: VersionJob, identity: Identity, { facts, outputs }: { readonly facts: OriginalFacts; readonly outputs: readonly Place[] }, known?: Renditions,
): Promise<ClaimedRecord | Refused> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  const planned = outputs.map(placeName);
  const pointed = await point(job, identity);
  if (pointed.refusedBy) return pointed;
  const claimed = await catalog.claim(identity.id, version, { original: facts, outputs: planned, configDigest, lists: job.takesLong });
  if (claimed.refusedBy) return claimed;

  const { before } = claimed;
  const kept = await keptOf(job, identity.id, before, known);
  const places = [...new Set([...planned, ...Object.values(kept.renditions).map(placeName)])];
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
    kept,
  };
}
