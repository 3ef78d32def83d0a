import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ImageResizePipelineProps, ProcessingOptions } from '../../src';
import { createBucket, createStack, rightsOf, synthesize } from '../helpers/cdk';

function rightsWith(props: (stack: Stack) => ImageResizePipelineProps): string[] {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'in/', outputPrefix: 'out/', ...props(stack) });
  return rightsOf(synthesize(stack), 'PipelineRole');
}

const BASE = rightsWith(() => ({}));

test.each<[ProcessingOptions, string[]]>([
  [{}, []],
  [{ deleteSource: true }, ['s3:DeleteObject PipelineSourceBucket.Arn/in/*']],
  [{ deleteRenditions: true }, ['s3:DeleteObject PipelineOutputBucket.Arn/out/*']],
  [{ copyUserMetadata: true, acceptSvg: true, keepAnimation: false }, []],
])('%j adds the rights %j', (processing, added) => {
  expect(rightsWith(() => ({ processing }))).toEqual([...BASE, ...added].sort());
});

test('a customer key adds what its use takes, on that key alone', () => {
  const rights = rightsWith((stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }));
  const added = rights.filter((right) => !BASE.includes(right));
  expect([...new Set(added)].sort()).toEqual([
    'kms:Decrypt Key.Arn', 'kms:Encrypt Key.Arn', 'kms:GenerateDataKey Key.Arn', 'kms:GenerateDataKey* Key.Arn', 'kms:ReEncrypt* Key.Arn',
  ]);
});

test.each<['sourceBucket' | 'outputBucket', string]>([
  ['sourceBucket', 'kms:Decrypt'],
  ['outputBucket', 'kms:GenerateDataKey'],
])('the key of a %s adds %s alone', (name, action) => {
  const rights = rightsWith((stack) => ({ [name]: encryptedBucket(stack) }));
  expect(rights.filter((right) => right.startsWith('kms:'))).toEqual([`${action} Key.Arn`]);
});

function encryptedBucket(stack: Stack): Bucket {
  return createBucket(stack, 'Bucket', { encryption: BucketEncryption.KMS, encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
}

test('listing is allowed below the prefix of the source only', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'in/' });
  const conditions = JSON.stringify(synthesize(stack).findResources('AWS::IAM::Policy')).match(/"s3:prefix":"[^"]*"/g);
  expect(conditions).toEqual(['"s3:prefix":"in/*"']);
});
