import { Key } from 'aws-cdk-lib/aws-kms';
import { ImageResizePipeline } from '../../src';
import { createApp, createStack, propertiesOf, rightsOf, synthesize, warningsOf } from '../helpers/cdk';

const FORMER = 'arn:aws:kms:eu-central-1:111111111111:key/former';

test('nothing is encrypted with a former key any more', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { formerEncryptionKeys: [new Key(stack, 'Key', { enableKeyRotation: true })] });
  const template = synthesize(stack);
  expect(propertiesOf(template, 'AWS::S3::Bucket', 'PipelineSourceBucket').BucketEncryption.ServerSideEncryptionConfiguration)
    .toEqual([{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
  expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue').KmsMasterKeyId).toBeUndefined();
  expect(rightsOf(template, 'PipelineRole').filter((right) => right.startsWith('kms:'))).toEqual(['kms:Decrypt Key.Arn']);
});

test('a former key that is imported may be used, and its owner is told what the service needs', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { formerEncryptionKeys: [Key.fromKeyArn(stack, 'Former', FORMER)] });
  expect(rightsOf(synthesize(stack), 'PipelineRole')).toContain(`kms:Decrypt ${FORMER}`);
  expect(warningsOf(stack).map(({ id, message }) => [id, message])).toEqual([
    ['cdk-image-resize-pipeline:importedKey', expect.stringMatching(/^the policy of encryptionKey Stack\/Former cannot be changed from here: add .*s3\.amazonaws\.com/)],
  ]);
});

test('fails for a former key of another region', () => {
  const stack = createStack('Stack', createApp(), { env: { region: 'eu-west-1', account: '111111111111' } });
  expect(() => new ImageResizePipeline(stack, 'Pipeline', { formerEncryptionKeys: [Key.fromKeyArn(stack, 'Former', FORMER)] }))
    .toThrow('formerEncryptionKeys[0] must be in the region of the pipeline, eu-west-1, received "eu-central-1"');
});
