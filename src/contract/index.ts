export * from './config';
export * from './image-api';
export * from './listing';
export * from './metrics';
export * from './output-key';
export * from './record';
export * from './steps';
