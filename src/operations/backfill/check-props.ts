import type { ImageBackfillProps } from './image-backfill-props';
import { LISTS_PREFIX, REPORTS_PREFIX } from '../../contract';
import { CheckError, requireInteger, requireKnown, requireNumber } from '../../support/checks';
import { describe, KeySpace, overlap } from '../../support/key-spaces';

/** @throws Error for what is refused before anything is created */
export function requireBackfillProps(props: ImageBackfillProps): void {
  const { maxConcurrency, reservedConcurrency, maxTries, toleratedFailurePercentage, prices = {} } = props;
  requireInteger('maxConcurrency', maxConcurrency, 1, 10_000);
  requireKnown('maxConcurrency', maxConcurrency);
  requireInteger('reservedConcurrency', reservedConcurrency, 1, 1_000_000);
  requireInteger('maxTries', maxTries, 1, 5);
  requireKnown('maxTries', maxTries);
  requireNumber('toleratedFailurePercentage', toleratedFailurePercentage, 0, 100, ' percent');
  requireKnown('toleratedFailurePercentage', toleratedFailurePercentage);
  for (const [name, price] of Object.entries(prices)) {
    requireNumber(`prices.${name}`, price as number, 0, 1_000_000, ' dollars');
    requireKnown(`prices.${name}`, price);
  }
}

/** Reports must be neither originals nor renditions. Asked at the end, when all sources are known. */
export function reportProblems(bucket: KeySpace['bucket'], pipeline: ImageBackfillProps['pipeline']): string[] {
  const used = [...pipeline._sources.inputs, ...pipeline._sources.outputs, ...pipeline._formerOutputs];
  return [REPORTS_PREFIX, LISTS_PREFIX].map((prefix) => ({ bucket, prefix })).flatMap((space) => used
    .filter((other) => overlap(space, other))
    .map((other) => new CheckError(`reportBucket must have ${describe(space)} apart from ${describe(other)}, which is the pipeline's: use another bucket`).message));
}
