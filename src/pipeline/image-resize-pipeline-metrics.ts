import { Duration } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, METRICS_NAMESPACE, PIPELINE_DIMENSION } from '../contract';

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
   * @param options of the metric; default: sum over five minutes
   */
  public processed(options?: MetricOptions): Metric {
    return this.metric(METRICS.processed, Stats.SUM, options);
  }

  /**
   * Images that were recorded as failed.
   *
   * @param options of the metric; default: sum over five minutes
   */
  public failed(options?: MetricOptions): Metric {
    return this.metric(METRICS.failed, Stats.SUM, options);
  }

  /**
   * Milliseconds from the start of the download to the completed record of an image.
   *
   * @param options of the metric; default: 95th percentile over five minutes
   */
  public duration(options?: MetricOptions): Metric {
    return this.metric(METRICS.duration, Stats.percentile(95), options);
  }

  /**
   * Bytes of originals.
   *
   * @param options of the metric; default: sum over five minutes
   */
  public bytesIn(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesIn, Stats.SUM, options);
  }

  /**
   * Bytes of renditions.
   *
   * @param options of the metric; default: sum over five minutes
   */
  public bytesOut(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesOut, Stats.SUM, options);
  }

  private metric(metricName: string, statistic: string, options?: MetricOptions): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { [PIPELINE_DIMENSION]: this.pipelineName },
      statistic,
      period: Duration.minutes(5),
      ...options,
    });
  }
}
