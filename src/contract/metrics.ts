/** Namespace of the metrics in CloudWatch. */
export const METRICS_NAMESPACE = 'ImageResizePipeline';
/** Dimension that tells pipelines apart, by the name that AWS Powertools gives it. */
export const PIPELINE_DIMENSION = 'service';
/** Second dimension of `METRICS.failed`: the failure's code. */
export const CODE_DIMENSION = 'Code';

export const METRICS = {
  processed: 'ImagesProcessed',
  failed: 'ImagesFailed',
  duration: 'ProcessingDuration',
  completionTime: 'CompletionTime',
  renditions: 'Renditions',
  bytesIn: 'BytesIn',
  bytesOut: 'BytesOut',
  /** Images that a run of a backfill is to make. */
  backfillPlanned: 'BackfillPlanned',
  /** Images that a backfill has come to an end with, whatever it is. */
  backfillImages: 'BackfillImages',
  backfillRenditions: 'BackfillRenditions',
  backfillFailed: 'BackfillFailed',
} as const;
