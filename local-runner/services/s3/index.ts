export type { S3EventListener, S3EventName, S3EventRecord } from './storage/events';
export { LocalS3, type LocalS3Options } from './server/local-s3';
export type { Credentials } from './wire/sigv4';
export type { BucketOptions, CorsRule } from './storage/store';
