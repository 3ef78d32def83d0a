import { App } from 'aws-cdk-lib';
import { MinimalStack } from './minimal-stack';

const app = new App();
new MinimalStack(app, 'Minimal');
