export * from './config';
export * from './metrics';
export * from './output-key';
export * from './record';
