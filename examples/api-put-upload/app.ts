import { App } from 'aws-cdk-lib';
import { ApiPutUploadStack } from './api-put-upload-stack';

const app = new App();
new ApiPutUploadStack(app, 'ApiPutUpload', {
  open: app.node.tryGetContext('open') === 'true',
  cloudWatchRole: app.node.tryGetContext('cloudWatchRole') !== 'false',
});
