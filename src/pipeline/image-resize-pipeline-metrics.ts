import { Duration } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CODE_DIMENSION, METRICS, METRICS_NAMESPACE, PIPELINE_DIMENSION } from '../contract';

/**
 * CloudWatch metrics of one pipeline, for alarms and dashboards.
 *
 * @example
 * import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
 *
 * const images = new ImageResizePipeline(this, 'Images');
 * images.metrics.failed().createAlarm(this, 'ImagesFail', { threshold: 10, evaluationPeriods: 1 });
 */
export class ImageResizePipelineMetrics {
  /** @param pipelineName value of the dimension `service` */
  public constructor(private readonly pipelineName: string) {}

  /**
   * Images that were completed.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public processed(options?: MetricOptions): Metric {
    return this.metric(METRICS.processed, Stats.SUM, options);
  }

  /**
   * Images that were recorded as failed.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public failed(options?: MetricOptions): Metric {
    return this.metric(METRICS.failed, Stats.SUM, options);
  }

  /**
   * Images that were recorded as failed for one reason. There are no values before the first of them.
   *
   * @param code of the failure, such as `UNSUPPORTED_FORMAT`
   * @param options of the metric, by default the sum over five minutes
   */
  public failedWith(code: string, options?: MetricOptions): Metric {
    return this.metric(METRICS.failed, Stats.SUM, options, { [CODE_DIMENSION]: code });
  }

  /**
   * Milliseconds from the event of an image to its completed record: what the uploader waits, with the queue and every try.
   * An event that is sent again, such as one of the dead-letter queue, counts from its first time.
   *
   * @param options of the metric, by default the 95th percentile over five minutes
   */
  public completionTime(options?: MetricOptions): Metric {
    return this.metric(METRICS.completionTime, Stats.percentile(95), options);
  }

  /**
   * Renditions of the images that were completed.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public renditions(options?: MetricOptions): Metric {
    return this.metric(METRICS.renditions, Stats.SUM, options);
  }

  /**
   * Milliseconds from the start of the download to the completed record of an image.
   *
   * @param options of the metric, by default the 95th percentile over five minutes
   */
  public duration(options?: MetricOptions): Metric {
    return this.metric(METRICS.duration, Stats.percentile(95), options);
  }

  /**
   * Bytes of originals.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public bytesIn(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesIn, Stats.SUM, options);
  }

  /**
   * Bytes of renditions.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public bytesOut(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesOut, Stats.SUM, options);
  }

  /**
   * Images that a run of `ImageBackfill` is to make, once for each run.
   *
   * @param options of the metric, by default the maximum over five minutes
   */
  public backfillPlanned(options?: MetricOptions): Metric {
    return this.metric(METRICS.backfillPlanned, Stats.MAXIMUM, options);
  }

  /**
   * Images that a backfill has come to an end with: made, left as they are, or failed. Those that were completed or failed are counted by
   * `processed` and `failed` as well.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public backfillImages(options?: MetricOptions): Metric {
    return this.metric(METRICS.backfillImages, Stats.SUM, options);
  }

  /**
   * Renditions that a backfill has made. They are counted by `renditions` as well.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public backfillRenditions(options?: MetricOptions): Metric {
    return this.metric(METRICS.backfillRenditions, Stats.SUM, options);
  }

  /**
   * Images of a backfill that were recorded as failed. They are counted by `failed` as well.
   *
   * @param options of the metric, by default the sum over five minutes
   */
  public backfillFailed(options?: MetricOptions): Metric {
    return this.metric(METRICS.backfillFailed, Stats.SUM, options);
  }

  private metric(metricName: string, statistic: string, options?: MetricOptions, dimensions?: Readonly<Record<string, string>>): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { [PIPELINE_DIMENSION]: this.pipelineName, ...dimensions },
      statistic,
      period: Duration.minutes(5),
      ...options,
    });
  }
}
