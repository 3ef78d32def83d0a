import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ResizeTrigger } from '../../src';
import { configOf, createApp, createBucket, createStack, propertiesOf, rightsOf, statementsIn, synthesize } from '../helpers/cdk';

const TRIGGERS: [string, () => ResizeTrigger][] = [
  ['queue', ResizeTrigger.queue],
  ['s3Notifications', ResizeTrigger.s3Notifications],
  ['eventBridge', ResizeTrigger.eventBridge],
];

describe.each(TRIGGERS)('a bucket of another stack with ResizeTrigger.%s', (_, trigger) => {
  function app(addTo?: (pipeline: ImageResizePipeline, bucket: Bucket) => void) {
    const root = createApp();
    const storage = createStack('Storage', root);
    const stack = createStack('Stack', root);
    const bucket = createBucket(storage, 'Photos');
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'a/', trigger: trigger() });
    addTo?.(pipeline, bucket);
    // A cycle between the stacks fails the synthesis of the app.
    const assembly = root.synth();
    return { storage, stack, template: synthesize(stack), dependencies: assembly.getStackArtifact(storage.artifactId).dependencies };
  }

  test('makes the pipeline\'s stack depend on the bucket\'s, and not the other way round', () => {
    const { dependencies, template } = app();
    expect(dependencies.map(({ id }) => id).filter((id) => id === 'Stack')).toEqual([]);
    expect(configOf(template).sources).toEqual([expect.objectContaining({ bucket: 'Photos', prefix: 'a/' })]);
    expect(rightsOf(template, 'PipelineRole')).toContain('s3:GetObject Photos/a/*');
  });

  test('is told of once, however many of its prefixes are sources', () => {
    const { storage, template } = app((pipeline, bucket) => pipeline.addSource(bucket, { prefix: 'b/' }));
    const lists = [template, synthesize(storage)].flatMap((one) => Object.values(one.findResources('Custom::S3BucketNotifications')));
    expect(lists).toHaveLength(1);
  });
});

test('two pipelines that take images of one bucket of another stack share its list of notifications', () => {
  const root = createApp();
  const bucket = createBucket(createStack('Storage', root), 'Photos');
  const stack = createStack('Stack', root);
  new ImageResizePipeline(stack, 'One', { sourceBucket: bucket, sourcePrefix: 'a/' });
  new ImageResizePipeline(stack, 'Two', { sourceBucket: bucket, sourcePrefix: 'b/' });

  const { NotificationConfiguration, Managed } = propertiesOf(synthesize(stack), 'Custom::S3BucketNotifications');
  expect(Managed).toBe(false);
  expect(NotificationConfiguration.QueueConfigurations.map(({ QueueArn }: any) => QueueArn)).toEqual(['OneQueue.Arn', 'TwoQueue.Arn']);
});

test('a key, an output bucket and a table may be those of another stack as well', () => {
  const root = createApp();
  const storage = createStack('Storage', root);
  const key = new Key(storage, 'Key', { enableKeyRotation: true });
  const sourceBucket = createBucket(storage, 'Photos', { encryptionKey: key });
  const outputBucket = createBucket(storage, 'Renditions', { encryptionKey: key });
  for (const [name, trigger] of TRIGGERS) {
    new ImageResizePipeline(new Stack(root, name), 'Pipeline', {
      sourceBucket, outputBucket, encryptionKey: key, sourcePrefix: `${name}/`, outputPrefix: `${name}/`, trigger: trigger(),
    });
  }

  root.synth();
  const principals = statementsIn(propertiesOf(synthesize(storage), 'AWS::KMS::Key').KeyPolicy).map(({ Principal }) => JSON.stringify(Principal));
  expect(principals.filter((principal) => /s3\.|events\./.test(principal))).not.toEqual([]);
});
