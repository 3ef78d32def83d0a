import { App } from 'aws-cdk-lib';
import { QuickStartStack } from './quick-start-stack';

const app = new App();
new QuickStartStack(app, 'QuickStart');
