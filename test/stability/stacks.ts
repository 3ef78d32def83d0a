import { Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { KeyGroup, PublicKey } from 'aws-cdk-lib/aws-cloudfront';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ImageBackfill, ImageDistribution, ImageMonitoring, ImageProfile, ImageResizePipeline, ImageUploadApi, ResizeTrigger } from '../../src';
import { createApp, createBucket } from '../helpers/cdk';

const RECOVERABLE = { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } };

/** Stacks that have, together, every resource that the library creates. */
export const STACKS: Readonly<Record<string, (stack: Stack) => void>> = {
  'the default trigger': (stack) => {
    new ImageResizePipeline(stack, 'Images');
  },
  'ResizeTrigger.queue': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images', { outputPrefix: 'first/', trigger: ResizeTrigger.queue(), processing: { deleteRenditions: true } });
    pipeline.addSource(createBucket(stack), { outputPrefix: 'more/' });
  },
  'ResizeTrigger.s3Notifications': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images', { outputPrefix: 'first/', trigger: ResizeTrigger.s3Notifications() });
    pipeline.addSource(createBucket(stack), { outputPrefix: 'more/' });
  },
  'ResizeTrigger.eventBridge': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images', { outputPrefix: 'first/', trigger: ResizeTrigger.eventBridge() });
    pipeline.addSource(createBucket(stack), { outputPrefix: 'more/' });
  },
  'ResizeTrigger.stepFunctions': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images', { outputPrefix: 'first/', trigger: ResizeTrigger.stepFunctions() });
    pipeline.addSource(createBucket(stack), { outputPrefix: 'more/' });
  },
  'given resources': (stack) => {
    new ImageResizePipeline(stack, 'Images', {
      sourceBucket: createBucket(stack, 'Photos'),
      outputBucket: createBucket(stack, 'Renditions'),
      catalog: { table: new Table(stack, 'Records', { partitionKey: { name: 'imageId', type: AttributeType.STRING }, ...RECOVERABLE }) },
      encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
      resizeFunction: { role: new Role(stack, 'FunctionRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) },
    });
  },
  'a bucket of another stack': (stack) => {
    const owner = new Stack(stack.node.root, 'Owner', { env: { region: stack.region, account: stack.account } });
    new ImageResizePipeline(stack, 'Images', { sourceBucket: createBucket(owner, 'Photos') });
  },
  'a configuration in a layer': (stack) => {
    new ImageResizePipeline(stack, 'Images', { profiles: Array.from({ length: 200 }, (_, at) => ImageProfile.of(`p${at}`, { width: at + 1 })) });
  },
  'a VPC': (stack) => {
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'] });
    new ImageResizePipeline(stack, 'VpcImages', { resizeFunction: { vpc } });
  },
  'ImageUploadApi': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images', { processing: { deleteRenditions: true } });
    new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), corsOrigins: ['https://example.com'] });
  },
  'ImageMonitoring': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images');
    const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
    new ImageMonitoring(stack, 'Monitoring', { pipeline, api, alarmTopic: new Topic(stack, 'Topic', { enforceSSL: true }) });
  },
  'ImageMonitoring of ResizeTrigger.s3Notifications': (stack) => {
    new ImageMonitoring(stack, 'Monitoring', {
      pipeline: new ImageResizePipeline(stack, 'Images', { trigger: ResizeTrigger.s3Notifications(), resizeFunction: { reservedConcurrency: 10 } }),
    });
  },
  'ImageMonitoring of ResizeTrigger.stepFunctions': (stack) => {
    new ImageMonitoring(stack, 'Monitoring', { pipeline: new ImageResizePipeline(stack, 'Images', { trigger: ResizeTrigger.stepFunctions() }) });
  },
  'ImageBackfill': (stack) => {
    new ImageBackfill(stack, 'Backfill', { pipeline: new ImageResizePipeline(stack, 'Images') });
  },
  'ImageBackfill that prunes': (stack) => {
    new ImageBackfill(stack, 'Backfill', { pipeline: new ImageResizePipeline(stack, 'Images'), prune: true });
  },
  'ImageMonitoring of an ImageBackfill that prunes': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images');
    new ImageMonitoring(stack, 'Monitoring', { pipeline, backfill: new ImageBackfill(stack, 'Backfill', { pipeline, prune: true }) });
  },
  'ImageDistribution': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images');
    new ImageDistribution(stack, 'Delivery', { pipeline });
  },
  'ImageDistribution that is signed': (stack) => {
    const pipeline = new ImageResizePipeline(stack, 'Images');
    const encodedKey = '-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----';
    const signedBy = new KeyGroup(stack, 'Signers', { items: [new PublicKey(stack, 'PublicKey', { encodedKey })] });
    new ImageDistribution(stack, 'Delivery', { pipeline, signedBy: [signedBy] });
  },
};

/** A stack of the table above, without resources yet. */
export function emptyStack(): Stack {
  return new Stack(createApp(), 'Stack', { env: { region: 'eu-central-1', account: '111111111111' } });
}
