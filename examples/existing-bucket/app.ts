import { App } from 'aws-cdk-lib';
import { ExistingBucketStack } from './existing-bucket-stack';

const app = new App();
new ExistingBucketStack(app, 'ExistingBucket', {
  // The bucket that is there already: `npx cdk deploy -c bucket=photos`.
  bucketName: (app.node.tryGetContext('bucket') as string | undefined) ?? process.env.PHOTOS_BUCKET ?? 'photos',
  // What changes later: `npx cdk deploy -c widths=200,800,1600`.
  widths: ((app.node.tryGetContext('widths') as string | undefined) ?? process.env.WIDTHS ?? '200,800').split(',').map(Number),
});
