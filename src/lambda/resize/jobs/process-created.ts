import { begin } from './begin';
import { endFailed } from './end';
import { Budget, Job, versionOf } from './job';
import { complete, makeOutputs } from './make-renditions';
import { Remake } from './settle';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';
import { ObjectEvent } from '../events/s3-events';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

/**
 * Makes the renditions of what is stored under the key now. The event only says that something is new:
 * a late event finds newer content, and the record says what was found.
 */
export function processCreated(services: Services, source: Source, event: ObjectEvent, budget: Budget): Promise<Outcome> {
  return processNewest(createdJob(services, source, event, budget));
}

export function createdJob(services: Services, source: Source, event: ObjectEvent, budget: Budget): Job {
  return { services, source, event, budget, version: versionOf(event), remake: remaker(services, source, budget) };
}

/** Makes renditions again although their record is complete: an overtaken invocation overwrote or deleted some. */
export function remaker(services: Services, source: Source, budget: Budget): Remake {
  return (newest) => processNewest({ services, source, event: newest, budget, version: versionOf(newest) });
}

async function processNewest(job: Job): Promise<Outcome> {
  const begun = await begin(job);
  if (!begun.claimed) return begun.outcome;
  const { claimed } = begun;
  try {
    const renditions = await makeOutputs(claimed, claimed.outputs);
    return await complete(claimed, renditions);
  } catch (error) {
    return endFailed(claimed.job, claimed.identity, permanentFailure(error), { original: claimed.facts, counts: false });
  }
}
