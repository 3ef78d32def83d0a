import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CODE_DIMENSION, METRICS, METRICS_NAMESPACE, ReasonCode } from '../../../contract';

/** CloudWatch metrics in the embedded metric format: lines in the log, no calls. */
export class Telemetry {
  private readonly metrics: Metrics;

  constructor(pipelineName: string) {
    this.metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: pipelineName });
  }

  public processed(facts: { durationMs: number; sinceEventMs: number; renditions: number; bytesIn: number; bytesOut: number }): void {
    this.metrics.addMetric(METRICS.processed, MetricUnit.Count, 1);
    this.metrics.addMetric(METRICS.duration, MetricUnit.Milliseconds, facts.durationMs);
    // S3-compatible stores write times of many kinds.
    if (Number.isFinite(facts.sinceEventMs)) this.metrics.addMetric(METRICS.completionTime, MetricUnit.Milliseconds, facts.sinceEventMs);
    this.metrics.addMetric(METRICS.renditions, MetricUnit.Count, facts.renditions);
    this.metrics.addMetric(METRICS.bytesIn, MetricUnit.Bytes, facts.bytesIn);
    this.metrics.addMetric(METRICS.bytesOut, MetricUnit.Bytes, facts.bytesOut);
  }

  /** Counted for the pipeline as a whole, which alarms watch, and by code. */
  public failed(code: ReasonCode): void {
    this.metrics.addMetric(METRICS.failed, MetricUnit.Count, 1);
    this.metrics.singleMetric().addDimension(CODE_DIMENSION, code).addMetric(METRICS.failed, MetricUnit.Count, 1);
  }

  /** An image of a backfill that has come to its end, beside what is counted of every image. */
  public backfilled(facts: { renditions: number; hasFailed: boolean }): void {
    this.metrics.addMetric(METRICS.backfillImages, MetricUnit.Count, 1);
    this.metrics.addMetric(METRICS.backfillRenditions, MetricUnit.Count, facts.renditions);
    this.metrics.addMetric(METRICS.backfillFailed, MetricUnit.Count, facts.hasFailed ? 1 : 0);
  }

  /** Writes what was counted since the last call. */
  public flush(): void {
    if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
  }
}
