import { App } from 'aws-cdk-lib';
import { PresignedFanOutStack } from './presigned-fan-out-stack';

const app = new App();
new PresignedFanOutStack(app, 'PresignedFanOut');
