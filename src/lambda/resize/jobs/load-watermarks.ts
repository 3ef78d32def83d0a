import type { Output } from './examine';
import { Budget, Job } from './job';
import { adjustmentOf } from '../../../contract';

/** S3 that takes longer is what an image that then takes too long cannot be blamed for. */
const LONG_READ_MS = 1000;

/**
 * Reads what is laid over renditions, before their time begins.
 *
 * @returns the time that is left
 * @throws Error when it cannot be read, which is passing
 */
export async function loadWatermarks({ services: { watermarks }, budget }: Job, outputs: readonly Output[]): Promise<Budget> {
  const begun = Date.now();
  await watermarks.load(outputs.flatMap(({ planned: { adjustments } }) => adjustmentOf(adjustments, 'watermark')?.image ?? []));
  return Date.now() - begun > LONG_READ_MS ? { ...budget, full: false } : budget;
}
