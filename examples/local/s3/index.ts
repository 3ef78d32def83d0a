export type { S3EventListener, S3EventName, S3EventRecord } from './events';
export { LocalS3, type LocalS3Options } from './local-s3';
export type { Credentials } from './sigv4';
export type { BucketOptions, CorsRule } from './store';
