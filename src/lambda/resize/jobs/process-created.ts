import { begin, Claimed } from './claim';
import { complete, endClaim } from './complete';
import { endFailed } from './endings';
import { Job } from './job';
import { makeRenditions, NOTHING_MADE } from './make-renditions';
import { Outcome } from '../endings/outcome';
import { permanentFailure } from '../endings/permanent-error';

/**
 * Makes the renditions of what is stored under the key now. The event only says that something is new:
 * a late event finds newer content, and the record says what was found.
 */
export async function processCreated(job: Job): Promise<Outcome> {
  const begun = await begin(job);
  if (!begun.claimed) return begun.outcome;
  const { claimed } = begun;
  let made;
  try {
    made = claimed.work ? await makeRenditions({ ...claimed, ...claimed.work, hasKept: hasKept(claimed) }, claimed.work.outputs) : NOTHING_MADE;
  } catch (error) {
    return endFailed(claimed.job, claimed.identity, permanentFailure(error), { original: claimed.facts, counts: false });
  }
  return made.isOvertaken ? endClaim(claimed.job, claimed.identity, made.renditions) : complete(claimed, made);
}

function hasKept({ claim: { kept } }: Claimed): boolean {
  return Object.keys(kept.renditions).length > 0;
}
