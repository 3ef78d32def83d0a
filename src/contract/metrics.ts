/** Namespace of the metrics in CloudWatch. */
export const METRICS_NAMESPACE = 'ImageResizePipeline';
/** Dimension that tells pipelines apart. */
export const PIPELINE_DIMENSION = 'Pipeline';
/** Second dimension of `METRICS.failed`: the failure's code. */
export const CODE_DIMENSION = 'Code';

export const METRICS = {
  processed: 'ImagesProcessed',
  failed: 'ImagesFailed',
  duration: 'ProcessingDuration',
  bytesIn: 'BytesIn',
  bytesOut: 'BytesOut',
} as const;
