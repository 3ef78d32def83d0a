import { App, Stack } from 'aws-cdk-lib';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Props } from './changes';
import { Deployment } from './deployment';
import { ImageBackfill, ImageDistribution, ImageMonitoring, ImageResizePipeline, ImageUploadApi } from '../../../src';

/** A pipeline, and everything that works with one in a stack of its own. */
export function deploymentOf(propsIn: Props): Deployment {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const stackOf = (name: string) => new Stack(app, name, { env: { region: 'eu-central-1', account: '111111111111' } });
  const producer = stackOf('Pipeline');
  const { source, ...props } = propsIn(producer);
  const pipeline = new ImageResizePipeline(producer, 'Images', props);
  if (source) pipeline.addSource(new Bucket(producer, 'More'), source);
  const api = new ImageUploadApi(stackOf('Api'), 'Api', { pipeline, authorizer: new HttpNoneAuthorizer(), originalLinks: true });
  const backfill = new ImageBackfill(stackOf('Backfill'), 'Backfill', { pipeline, prune: true });
  new ImageDistribution(stackOf('Delivery'), 'Delivery', { pipeline });
  new ImageMonitoring(stackOf('Monitoring'), 'Monitoring', { pipeline, api, backfill });
  new ImageMonitoring(stackOf('SmallMonitoring'), 'Monitoring', { pipeline });
  const viewer = new LambdaFunction(stackOf('Viewer'), 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    environment: { TABLE: pipeline.table.tableName, RENDITIONS: pipeline.outputBucket.bucketName, UPLOADS: pipeline.sourceBucket.bucketName },
  });
  const { grants } = pipeline;
  grants.upload(viewer);
  grants.readOriginals(viewer);
  grants.readRenditions(viewer);
  grants.readCatalog(viewer);
  return new Deployment(app.node.children.filter((node) => Stack.isStack(node)));
}
