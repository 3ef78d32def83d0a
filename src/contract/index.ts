export * from './config';
export * from './output-key';
export * from './record';
