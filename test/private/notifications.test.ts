import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ResizeTrigger } from '../../src';
import { createApp, createBucket, createStack, synthesize } from '../helpers/cdk';

const DIRECT: [string, () => ResizeTrigger][] = [['queue', ResizeTrigger.queue], ['s3Notifications', ResizeTrigger.s3Notifications]];

/** Two pipelines on one bucket, in two stacks. */
function twoPipelines(prefixes: [string, string], triggers: [ResizeTrigger, ResizeTrigger], buckets?: [string, string]) {
  const app = createApp();
  const stacks = [createStack('One', app), createStack('Two', app)];
  const shared = createBucket(stacks[0]);
  stacks.forEach((stack, at) => {
    const sourceBucket: IBucket = buckets ? Bucket.fromBucketName(stack, 'Photos', buckets[at]) : shared;
    new ImageResizePipeline(stack, 'Pipeline', { sourceBucket, sourcePrefix: prefixes[at], trigger: triggers[at] });
  });
  return stacks;
}

test.each([
  ['my photos/', 'my+photos/'],
  ['\u00fcml\u00e4ut/', '%C3%BCml%C3%A4ut/'],
  ['a+b&c/', 'a%2Bb%26c/'],
  ['photos (2024)/', 'photos+%282024%29/'],
  ['uploads/2026_', 'uploads/2026_'],
])('the filter for prefix %j is encoded as keys are in events: %j', (sourcePrefix, expected) => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix });

  const rules = Template.fromStack(stack).findResources('Custom::S3BucketNotifications');
  expect(JSON.stringify(rules)).toContain(JSON.stringify([{ Name: 'prefix', Value: expected }]));
});

describe.each(DIRECT)('a second pipeline with ResizeTrigger.%s', (_, trigger) => {
  test.each<[string, string]>([['', ''], ['a/', 'a/'], ['a/', ''], ['a/', 'a/b/']])('fails on the keys of the first: %j and %j', (one, two) => {
    expect(() => twoPipelines([one, two], [ResizeTrigger.queue(), trigger()])).toThrow(new Error(
      `source One/Bucket/${two}* must not overlap One/Bucket/${one}* of another pipeline, as S3 notifies one destination only: `
      + 'use prefixes of which neither begins with the other, or ResizeTrigger.eventBridge()'));
  });

  test('fails for one imported name', () => {
    expect(() => twoPipelines(['', ''], [ResizeTrigger.queue(), trigger()], ['photos', 'photos']))
      .toThrow('source Two/Photos/* must not overlap One/Photos/* of another pipeline');
  });

  test('may take other keys of the bucket, or another bucket', () => {
    expect(() => twoPipelines(['a/', 'b/'], [ResizeTrigger.queue(), trigger()]).map(synthesize)).not.toThrow();
    expect(() => twoPipelines(['', ''], [ResizeTrigger.queue(), trigger()], ['photos', 'videos']).map(synthesize)).not.toThrow();
  });

  test('may take the same keys beside EventBridge, which has many listeners', () => {
    expect(() => twoPipelines(['', ''], [ResizeTrigger.eventBridge(), trigger()]).map(synthesize)).not.toThrow();
  });
});

test('one bucket that is imported twice keeps one list of notifications', () => {
  const stack = createStack();
  for (const name of ['One', 'Two']) {
    new ImageResizePipeline(stack, name, { sourceBucket: Bucket.fromBucketName(stack, `Photos${name}`, 'photos'), sourcePrefix: `${name}/` });
  }
  Template.fromStack(stack).resourceCountIs('Custom::S3BucketNotifications', 1);
});
