import { Budget } from './job';
import { PermanentError } from '../endings/permanent-error';

/** Kept back from the time limit of decoding and encoding, for the last uploads and the record. */
const CLOSING_MS = 4000;

/**
 * Has the image path work for as long as the invocation has for it.
 *
 * @throws PermanentError with TIMEOUT when the image takes longer than an invocation may
 * @throws Error when the neighbours left too little of the invocation
 */
export async function withinTime<T>(budget: Budget, work: (timeoutSeconds: number) => Promise<T>): Promise<T> {
  try {
    return await work(secondsLeft(budget));
  } catch (error) {
    if (!(error instanceof PermanentError && error.code === 'TIMEOUT') || budget.full) throw error;
    throw new Error('the invocation had too little time left for this image', { cause: error });
  }
}

function secondsLeft({ deadline, full }: Budget): number {
  const seconds = Math.floor((deadline - Date.now() - CLOSING_MS) / 1000);
  if (seconds < 1 && !full) throw new Error('the invocation has too little time left for this image');
  return Math.max(1, seconds);
}
