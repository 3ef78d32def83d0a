import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { ImageDistribution, ImageResizePipeline, ImageUploadApi, ResizeTrigger } from '../../src';
import { createApp, statementsIn, synthesize } from '../helpers/cdk';

/** What `cdk init` writes into `cdk.json`. */
const CONTEXT = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

test.each([
  ['queue', ResizeTrigger.queue()],
  ['eventBridge', ResizeTrigger.eventBridge()],
  ['s3Notifications', ResizeTrigger.s3Notifications()],
  ['stepFunctions', ResizeTrigger.stepFunctions()],
])('an app with the feature flags of a new one can have everything around a pipeline with the trigger %s', (_, trigger) => {
  const stack = new Stack(createApp({ context: CONTEXT }), 'Stack');
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger });
  new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
  new ImageDistribution(stack, 'Delivery', { pipeline });

  expect(() => synthesize(stack)).not.toThrow();
});

test('two distributions of another stack share a statement that covers later sources', () => {
  const app = createApp({ context: CONTEXT });
  const stack = new Stack(app, 'Stack');
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'x/', sourcePrefix: 'a/' });
  const other = new Stack(app, 'Other');
  new ImageDistribution(other, 'OneDelivery', { pipeline });
  new ImageDistribution(other, 'TwoDelivery', { pipeline });
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', outputPrefix: 'y/' });

  const [policy] = Object.values(synthesize(stack).findResources('AWS::S3::BucketPolicy'))
    .map(({ Properties }) => statementsIn(Properties.PolicyDocument).filter(({ Principal }) => JSON.stringify(Principal).includes('cloudfront')))
    .filter((statements) => statements.length > 0);
  expect(policy).toEqual([expect.objectContaining({ Resource: ['PipelineOutputBucket.Arn/x/*', 'PipelineOutputBucket.Arn/y/*'] })]);
});
