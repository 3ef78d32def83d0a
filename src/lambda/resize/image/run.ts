import { timeout } from './failures';
import { Sharp } from './sharp';

export type RunOutput = Awaited<ReturnType<typeof output>>;

/** Runs a pipeline to its output. */
export type Run = (pipeline: Sharp) => Promise<RunOutput>;

/**
 * @param deadline epoch milliseconds
 * @param failure the error to throw for one of sharp's
 */
export function runner(deadline: number, failure: (error: unknown) => unknown): Run {
  return async (pipeline) => {
    const seconds = Math.ceil((deadline - Date.now()) / 1000);
    if (seconds <= 0) throw timeout();
    try {
      return await output(seconds <= MAX_TIMEOUT_SECONDS ? pipeline.timeout({ seconds }) : pipeline);
    } catch (error) {
      throw failure(error);
    }
  };
}

/** The longest that sharp takes; a function in Lambda lives for 900. */
const MAX_TIMEOUT_SECONDS = 3600;

async function output(pipeline: Sharp) {
  return pipeline.toBuffer({ resolveWithObject: true });
}
