export * from './config';
export * from './upload-api-config';
export * from './record-listing';
export * from './metrics';
export * from './output-key';
export * from './record';
export * from './record-attributes';
export * from './steps';
