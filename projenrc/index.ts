export * from './cdk-versions';
export * from './clean-tree';
export * from './handler-payload';
export * from './import-boundaries';
export * from './local-run';
export * from './node-versions';
export * from './release-workflow';
export * from './test-run';
