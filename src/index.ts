// What a rendition is
export * from './profiles/image-adjustment';
export * from './profiles/image-adjustment-options';
export * from './profiles/image-fit';
export * from './profiles/image-position';
export * from './profiles/image-profile';
export * from './profiles/image-watermark';
export * from './profiles/output-format';

// How S3 starts the work
export * from './triggers/resize-trigger';
export * from './triggers/trigger-binding';
export * from './triggers/trigger-options';

// The pipeline
export * from './pipeline/catalog-options';
export * from './pipeline/image-events-options';
export * from './pipeline/image-resize-pipeline';
export * from './pipeline/image-resize-pipeline-grants';
export * from './pipeline/image-resize-pipeline-metrics';
export * from './pipeline/image-resize-pipeline-props';
export * from './pipeline/former-output';
export * from './pipeline/image-source-options';
export * from './pipeline/processing-options';
export * from './pipeline/resize-function-options';
export * from './pipeline/resize-hook';

// Uploads of browsers and apps
export * from './uploads/image-upload-api';
export * from './uploads/image-upload-api-props';
export * from './uploads/upload-method';

// Images that are there already
export * from './operations/backfill/image-backfill';
export * from './operations/backfill/image-backfill-prices';
export * from './operations/backfill/image-backfill-props';

// Dashboard and alarms
export * from './operations/image-alarm';
export * from './operations/image-alarm-thresholds';
export * from './operations/image-monitoring';
export * from './operations/image-monitoring-prices';
export * from './operations/image-monitoring-props';

// CloudFront
export * from './delivery/image-distribution';
export * from './delivery/image-distribution-props';
