import { forImage, observed, processEvent } from './process-event';
import { Failure, OriginalFacts, RenditionFacts, Step, STEP_OUTCOMES, STEPS } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';
import { ObjectEvent, parsePayload } from '../events/s3-events';
import { begin, inspect, planOutputs, readOriginal } from '../jobs/begin';
import { endFailed } from '../jobs/end';
import { Identity } from '../jobs/identity';
import { Budget, endOvertaken, Job } from '../jobs/job';
import { complete, makeOutputs, MadeRenditions } from '../jobs/make-renditions';
import { createdJob } from '../jobs/process-created';
import { processRemoved } from '../jobs/process-removed';
import { SourceVersion } from '../record/catalog';
import { Services } from '../services/services';
import { findSource } from '../sources/sources';

/** An image between its first and its last step. */
interface BegunImage {
  readonly identity: Identity;
  readonly version: SourceVersion;
  readonly original: OriginalFacts;
}

type Made =
  | { readonly name: string; readonly facts: RenditionFacts }
  | { readonly failure: Failure }
  /** The object, or the configuration, is another by now. */
  | { readonly changed: true };

/** What a state machine sends. */
export type StepRequest = { readonly event: unknown } & (
  | { readonly step: typeof STEPS.begin | typeof STEPS.giveUp }
  | { readonly step: typeof STEPS.render; readonly image: BegunImage; readonly rendition: string }
  | { readonly step: typeof STEPS.complete; readonly image: BegunImage; readonly made: readonly Made[] }
);

/** The state machine looks at `outcome` and `renditions`; the rest comes back with its next request. */
export type StepResult =
  | Outcome
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
  switch (request.step) {
    case 'begin': return beginStep(services, event, budget);
    case 'render': return renderStep(services, event, budget, request.image, request.rendition);
    case 'complete': return completeStep(services, event, budget, request.image, request.made);
    case 'giveUp': return giveUpStep(services, event, budget);
  }
}

function beginStep(services: Services, event: ObjectEvent, budget: Budget): Promise<StepResult & { outcome: string }> {
  return observed(services, event, () => forImage<Outcome | (StepResult & { outcome: 'claimed' })>(services, event, async (source) => {
    if (event.kind === 'removed') return processRemoved(services, source, event, budget);
    const begun = await begin(createdJob(services, source, event, budget));
    if (!begun.claimed) return begun.outcome;
    const { job: { version }, identity, facts, outputs } = begun.claimed;
    return { outcome: STEP_OUTCOMES.claimed, image: { identity, version, original: facts }, renditions: outputs.map(({ planned }) => planned.name) };
  }));
}

async function renderStep(services: Services, event: ObjectEvent, budget: Budget, image: BegunImage, rendition: string): Promise<Made> {
  const job = jobOf(services, event, budget, image);
  if (!job) return { changed: true };
  const original = await readOriginal(services, event);
  if (!original || original.etag !== image.version.etag) return { changed: true };
  try {
    const { probed } = await inspect(services, original);
    const output = planOutputs(job, image.identity, original, probed).find(({ planned }) => planned.name === rendition);
    if (!output) return { changed: true };
    const made = await makeOutputs({ job, identity: image.identity, original, probed }, [output]);
    return { name: rendition, facts: made[rendition] };
  } catch (error) {
    return { failure: permanentFailure(error) };
  }
}

async function completeStep(services: Services, event: ObjectEvent, budget: Budget, image: BegunImage, made: readonly Made[]): Promise<StepResult> {
  const job = jobOf(services, event, budget, image);
  if (!job || made.some((each) => 'changed' in each)) return { outcome: STEP_OUTCOMES.changed };
  return observed(services, event, async () => {
    const { identity, original } = image;
    const failed = made.find((each) => 'failure' in each);
    if (failed) return endFailed(job, identity, failed.failure, { original, counts: false });

    const record = await services.catalog.read(identity.id);
    if (record?.sourceSequencer !== event.sequencer) return endOvertaken(job);
    return complete({ job, identity, facts: original, before: record.outputs ?? [] }, renditionsOf(made));
  });
}

/** Beyond the first delivery, as the record is to be ended and not to be tried again. */
async function giveUpStep(services: Services, event: ObjectEvent, budget: Budget): Promise<StepResult> {
  const outcome = await processEvent(services, event, budget, { count: 2, givenUp: true });
  return outcome.outcome === 'failed' && outcome.failure.retryable ? { outcome: STEP_OUTCOMES.givenUp } : outcome;
}

/** @returns undefined when a deployment took the source out of the configuration */
function jobOf(services: Services, event: ObjectEvent, budget: Budget, { version }: BegunImage): Job | undefined {
  const source = findSource(services.sources, event.bucket, event.key);
  return source && { ...createdJob(services, source, event, budget), version };
}

function renditionsOf(made: readonly Made[]): MadeRenditions {
  return Object.fromEntries(made.flatMap((each) => ('facts' in each ? [[each.name, each.facts]] : [])));
}
