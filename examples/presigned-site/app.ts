import { App } from 'aws-cdk-lib';
import { PresignedSiteStack } from './presigned-site-stack';

const app = new App();
new PresignedSiteStack(app, 'PresignedSite');
