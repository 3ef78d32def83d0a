import { Duration, Token } from 'aws-cdk-lib';
import type { ImageMonitoringPrices } from './image-monitoring-prices';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { FAILURE_CODES } from '../contract';
import { invalid, requireInteger, requireMatch, requireNumber } from '../support/checks';

/** More than anything that is counted. */
const MOST = 1_000_000_000;

/** @throws Error for what is refused before anything is created */
export function requireMonitoringProps({ pipeline, backfill, thresholds = {}, prices = {}, dashboardName }: ImageMonitoringProps): void {
  const watched = backfill?._watched.pipeline;
  if (watched && watched !== pipeline) throw invalid('backfill', `one of the pipeline that is watched, ${pipeline.node.path}`, watched.node.path);
  const at = (name: string) => `thresholds.${name}`;
  const { deadLetters, minimumImages, throttles, concurrency, lostEvents, failedExecutions, failedBackfills, apiErrors } = thresholds;
  const counts = { deadLetters, minimumImages, throttles, concurrency, lostEvents, failedExecutions, failedBackfills, apiErrors };
  for (const [name, count] of Object.entries(counts)) requireInteger(at(name), count, 1, MOST);
  const { failedShare, functionErrors, backfillFailedShare, failedShareByCode = {} } = thresholds;
  for (const [name, share] of Object.entries({ failedShare, functionErrors, backfillFailedShare })) requirePercent(at(name), share);
  for (const [code, share] of Object.entries(failedShareByCode)) {
    if (!Object.hasOwn(FAILURE_CODES, code)) throw invalid(at('failedShareByCode'), `by codes of failures: ${Object.keys(FAILURE_CODES).join(', ')}`, code);
    requirePercent(at(`failedShareByCode.${code}`), share);
  }
  requireNumber(at('functionDuration'), thresholds.functionDuration, 1, 100, ' percent');
  requireWait(at('oldestMessage'), thresholds.oldestMessage);
  requireWait(at('completionTime'), thresholds.completionTime);
  for (const [name, price] of Object.entries(prices as Required<ImageMonitoringPrices>)) requireNumber(`prices.${name}`, price, 0, 1_000_000, ' dollars');
  requireMatch('dashboardName', dashboardName, /^[\w-]{1,255}$/, '1 to 255 letters, digits, - and _');
}

function requirePercent(path: string, share: number | undefined): void {
  requireNumber(path, share, 0.01, 100, ' percent');
}

/** A duration of a token has a unit that CloudWatch may not count in. */
function requireWait(path: string, wait: Duration | undefined): void {
  if (!wait) return;
  if (wait.isUnresolved() || Token.isUnresolved(wait)) throw invalid(path, 'known at synth', wait.toString());
  requireInteger(path, wait.toSeconds({ integral: false }), 1, Duration.days(14).toSeconds(), ' seconds');
}
