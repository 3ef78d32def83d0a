import { observed, forImage, processEvent } from './process-event';
import { Failure, OriginalFacts, PlaceholderFacts, Step, STEP_OUTCOMES, STEPS } from '../../../contract';
import { findSource } from '../../shared/sources';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';
import { ObjectEvent, parsePayload } from '../events/s3-events';
import { begin } from '../jobs/claim';
import { complete, endClaim, isCompletedBy, takeBack } from '../jobs/complete';
import { endFailed } from '../jobs/endings';
import { inspect, planOutputs, profilesOf, readOriginal } from '../jobs/examine';
import { Identity } from '../jobs/identity';
import { Budget, Renditions, Skipped, VersionJob } from '../jobs/job';
import { makeRenditions, NOTHING_MADE } from '../jobs/make-renditions';
import { endRemoved } from '../jobs/process-removed';
import { etagsOf } from '../jobs/sweep';
import { fingerprintOf } from '../objects/originals';
import { Order } from '../objects/renditions';
import { ItemOf } from '../record/catalog';
import { Version } from '../record/version';
import { GUARDS } from '../record/writes';
import { Services } from '../services/services';

/** An image between its first and its last step. */
interface BegunImage {
  readonly identity: Identity;
  readonly version: Version;
  readonly original: OriginalFacts;
  readonly order: Order & { readonly imageId: string };
  readonly mayMeetOthers: boolean;
  /** Why other renditions cannot be made, by their names. */
  readonly skipped: Skipped;
  /** Renditions that the record has already, by their names. */
  readonly kept: readonly string[];
  /** The renditions that are made in one step, by the first of them, where there are several: they come out the same. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** The rendition whose step tells the placeholder. */
  readonly first?: string;
  /** Of the configuration that planned the renditions. */
  readonly configDigest: string;
}

type Made =
  /** More than one where several come out the same. */
  | { readonly renditions: Renditions; readonly skipped: Skipped; readonly placeholder?: PlaceholderFacts }
  | { readonly failure: Failure }
  /** Every try failed, or was killed. */
  | { readonly givenUp: true }
  /** The object, or the configuration, is another by now. */
  | { readonly changed: true }
  /** The record was claimed by another execution, or closed. */
  | { readonly overtaken: true };

/** What a state machine sends. */
export type StepRequest = { readonly event: unknown } & (
  | { readonly step: typeof STEPS.begin | typeof STEPS.giveUp }
  | { readonly step: typeof STEPS.render; readonly image: BegunImage; readonly rendition: string }
  | { readonly step: typeof STEPS.complete; readonly image: BegunImage; readonly made: readonly Made[] }
);

/** The state machine looks at `outcome` and `renditions`; the rest comes back with its next request. */
export type StepResult =
  | Outcome
  | { readonly outcome: 'completed'; readonly imageId: string }
  | { readonly outcome: typeof STEP_OUTCOMES.claimed; readonly image: BegunImage; readonly renditions: readonly string[] }
  | { readonly outcome: typeof STEP_OUTCOMES.changed | typeof STEP_OUTCOMES.givenUp }
  | Made;

export function isStepRequest(payload: unknown): payload is StepRequest {
  return typeof payload === 'object' && payload !== null && 'step' in payload && Object.hasOwn(STEPS, payload.step as Step);
}

/**
 * Does one step of a state machine, in which every rendition of an image is made by an invocation of its own.
 *
 * The steps are those of a whole event, with the same writes and guards. What is read again between them is checked to
 * be what was begun.
 */
export async function runStep(services: Services, request: StepRequest, budget: Budget): Promise<StepResult> {
  const [event] = parsePayload(request.event).events;
  if (!event) return { outcome: 'ignored', reason: 'no event of an object' };
  return inBrief(await take(services, event, request, budget));
}

async function take(services: Services, event: ObjectEvent, request: StepRequest, budget: Budget): Promise<StepResult> {
  switch (request.step) {
    case 'begin': return beginStep(services, event, budget);
    case 'render': return renderStep(services, event, budget, request.image, request.rendition);
    case 'complete': return completeStep(services, event, budget, request.image, request.made);
    case 'giveUp': return giveUpStep(services, event, budget);
  }
}

function beginStep(services: Services, event: ObjectEvent, budget: Budget): Promise<StepResult & { outcome: string }> {
  return observed(services, event, () => forImage<Outcome | (StepResult & { outcome: 'claimed' })>(services, event, budget, async (asked) => {
    const job = { ...asked, takesLong: true };
    const ended = event.kind === 'removed' && await endRemoved(job);
    if (ended) return ended;
    const begun = await begin(job);
    if (!begun.claimed) return begun.outcome;
    const { job: { version, source }, identity, facts, work, skipped, claim } = begun.claimed;
    const { order, mayMeetOthers } = claim;
    const kept = Object.keys(claim.kept.renditions);
    const alike = services.imaging.alike(work?.outputs.map(({ planned }) => planned) ?? []).map((group) => group.map(({ name }) => name));
    const several = alike.filter(({ length }) => length > 1).map((names) => [names[0], names] as const);
    const groups = several.length > 0 ? Object.fromEntries(several) : undefined;
    const [first] = alike.flat();
    const image = { identity, version, original: facts, order, mayMeetOthers, skipped, kept, groups, first, configDigest: source.configDigest };
    return { outcome: STEP_OUTCOMES.claimed, image, renditions: alike.map(([name]) => name) };
  }));
}

async function renderStep(services: Services, event: ObjectEvent, budget: Budget, image: BegunImage, rendition: string): Promise<Made> {
  const job = jobOf(services, event, budget, image);
  if (!job) return { changed: true };
  // An execution can wait for days between two steps; what is claimed now stays so for at most this invocation.
  const record = await services.catalog.read(image.identity.id);
  if (!stillStands(record, image)) return { overtaken: true };
  const names = image.groups?.[rendition] ?? [rendition];
  const hasKept = image.kept.length > 0;
  try {
    const original = await readOriginal(job);
    if (!original || fingerprintOf(original) !== image.version.fingerprint) return { changed: true };
    const inspected = await inspect(job, original);
    // The last step says what it comes to where nothing at all can be made.
    const choice = { isChosen: profilesOf(names), hasOthers: async () => true };
    const { probed, outputs: planned, skipped: unplanned } = await planOutputs(job, image.identity, original, inspected.probed, choice);
    const outputs = planned.filter(({ planned: { name } }) => names.includes(name));
    const skipped = Object.fromEntries(Object.entries(unplanned).filter(([name]) => names.includes(name)));
    if (outputs.length + Object.keys(skipped).length < names.length) return { changed: true };
    const claim = { order: image.order, mayMeetOthers: image.mayMeetOthers, etags: etagsOf(record.renditions) };
    const claimed = { job, identity: image.identity, original, probed, claim, hasKept };
    const { isOvertaken, left, ...made } = outputs.length > 0 ? await makeRenditions(claimed, outputs) : NOTHING_MADE;
    if (isOvertaken) return { overtaken: true };
    // The state of an execution has no room for it once per rendition.
    const placeholder = rendition === image.first ? made.placeholder : undefined;
    return { ...made, skipped: { ...skipped, ...made.skipped }, placeholder };
  } catch (error) {
    const { retryable, ...reason } = permanentFailure(error);
    // What the image has already is not lost by what it has not.
    return hasKept ? { renditions: {}, skipped: Object.fromEntries(names.map((name) => [name, reason])) } : { failure: { ...reason, retryable } };
  }
}

async function completeStep(services: Services, event: ObjectEvent, budget: Budget, image: BegunImage, made: readonly Made[]): Promise<StepResult> {
  const job = jobOf(services, event, budget, image);
  if (!job || made.some((each) => 'changed' in each)) {
    await takeBack(services, image.identity.id, renditionsOf(made));
    return { outcome: STEP_OUTCOMES.changed };
  }
  if (made.some((each) => 'givenUp' in each)) return giveUpStep(services, event, budget);
  return observed(services, event, async () => {
    const { identity, original, order } = image;
    if (made.some((each) => 'overtaken' in each)) return endClaim(job, identity, renditionsOf(made));
    const failed = made.find((each) => 'failure' in each);
    if (failed) return endFailed(job, identity, failed.failure, { original, counts: false });

    const record = await services.catalog.read(identity.id);
    // What a later claim has made since must not pass for what was there before this one.
    if (!stillStands(record, image) && !isCompletedBy(record, order)) return endClaim(job, identity, renditionsOf(made));
    const { outputs = [], sweptOutputs: swept = [], renditions = {} } = record!;
    const kept = { renditions: Object.fromEntries(image.kept.map((name) => [name, renditions[name]])) };
    const claim = { order, etags: etagsOf(renditions), former: { outputs, swept }, kept };
    return complete({ job, identity, facts: original, skipped: image.skipped, claim }, {
      renditions: renditionsOf(made), skipped: skippedOf(made), placeholder: placeholderOf(made),
    });
  });
}

/** The state of an execution has room for the facts of all renditions once, and `made` has them. */
function inBrief(result: StepResult): StepResult {
  return 'outcome' in result && result.outcome === 'completed' ? { outcome: 'completed', imageId: result.imageId } : result;
}

async function giveUpStep(services: Services, event: ObjectEvent, budget: Budget): Promise<StepResult> {
  const outcome = await processEvent(services, event, budget, { givenUp: true });
  return outcome.outcome === 'failed' && outcome.failure.retryable ? { outcome: STEP_OUTCOMES.givenUp } : outcome;
}

/** @returns undefined when a deployment changed what is to be made, or took the source out of the configuration */
function jobOf(services: Services, event: ObjectEvent, budget: Budget, begun: BegunImage): VersionJob | undefined {
  const { version, configDigest, identity: { derived } } = begun;
  const source = findSource(services.sources, event.bucket, event.key);
  return source?.configDigest === configDigest ? { services, source, event, budget, derived, version } : undefined;
}

function stillStands(record: ItemOf | undefined, { version, order }: BegunImage): record is ItemOf {
  return record !== undefined && GUARDS.stillClaimed({ ...version, claim: order.claim }).holds({ ...record });
}

function renditionsOf(made: readonly Made[]): Renditions {
  return Object.assign({}, ...made.map((each) => ('renditions' in each ? each.renditions : {})));
}

function placeholderOf(made: readonly Made[]): PlaceholderFacts | undefined {
  return made.flatMap((each) => ('placeholder' in each && each.placeholder) || [])[0];
}

function skippedOf(made: readonly Made[]): Skipped {
  return Object.assign({}, ...made.map((each) => ('skipped' in each ? each.skipped : {})));
}
