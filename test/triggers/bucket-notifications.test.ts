import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, BucketProps, EventType, IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ImageResizePipeline, ResizeTrigger } from '../../src';
import { createApp, createBucket, createStack, propertiesOf, synthesize, warningsOf } from '../helpers/cdk';

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
      `[Two/Pipeline] source One/Bucket/${two}* must not overlap One/Bucket/${one}* of another pipeline, as S3 notifies one destination only: `
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

describe.each<[string, [ResizeTrigger, ResizeTrigger], string[]]>([
  ['two of queue', [ResizeTrigger.queue(), ResizeTrigger.queue()], ['QueueConfigurations']],
  ['queue and eventBridge', [ResizeTrigger.queue(), ResizeTrigger.eventBridge()], ['EventBridgeConfiguration', 'QueueConfigurations']],
  ['eventBridge and queue', [ResizeTrigger.eventBridge(), ResizeTrigger.queue()], ['EventBridgeConfiguration', 'QueueConfigurations']],
  ['two of eventBridge', [ResizeTrigger.eventBridge(), ResizeTrigger.eventBridge()], ['EventBridgeConfiguration']],
  ['stepFunctions and queue', [ResizeTrigger.stepFunctions(), ResizeTrigger.queue()], ['EventBridgeConfiguration', 'QueueConfigurations']],
])('pipelines of one stack, %s, keep one list of notifications', (_, triggers, expected) => {
  test('for a bucket that is imported twice', () => {
    const stack = createStack();
    triggers.forEach((trigger, at) => {
      const sourceBucket = Bucket.fromBucketName(stack, `Photos${at}`, 'photos');
      new ImageResizePipeline(stack, `Pipeline${at}`, { sourceBucket, sourcePrefix: `${at}/`, trigger });
    });
    expect(listOf(stack)).toEqual({ managed: false, kinds: expected });
  });

  test('for a bucket of another stack, which keeps none', () => {
    const { storage, one, sourceBucket } = threeStacks();
    triggers.forEach((trigger, at) => new ImageResizePipeline(one, `Pipeline${at}`, { sourceBucket, sourcePrefix: `${at}/`, trigger }));
    expect(listOf(one)).toEqual({ managed: false, kinds: expected });
    expect(listOf(storage)).toBeUndefined();
  });

  test('for a bucket of their own, which CDK manages', () => {
    const stack = createStack();
    const sourceBucket = createBucket(stack);
    triggers.forEach((trigger, at) => new ImageResizePipeline(stack, `Pipeline${at}`, { sourceBucket, sourcePrefix: `${at}/`, trigger }));
    expect(listOf(stack)).toEqual({ managed: true, kinds: expected });
    expect(lostIn(stack)).toEqual([]);
  });
});

test('EventBridge leaves the direct notifications of a pipeline in another stack than the bucket\'s', () => {
  const { storage, one, two, sourceBucket } = threeStacks();
  new ImageResizePipeline(one, 'Pipeline', { sourceBucket });
  new ImageResizePipeline(two, 'Pipeline', { sourceBucket, trigger: ResizeTrigger.eventBridge() });

  expect([storage, one, two].map(listOf)).toEqual([
    undefined,
    { managed: false, kinds: ['QueueConfigurations'] },
    { managed: false, kinds: ['EventBridgeConfiguration'] },
  ]);
  expect([storage, one, two].flatMap(lostIn)).toEqual([]);
});

describe('a bucket whose own stack manages its notifications', () => {
  const OWN: [string, BucketProps, (bucket: Bucket) => void, string[]][] = [
    ['for EventBridge', { eventBridgeEnabled: true }, () => undefined, []],
    ['for a queue', {}, (bucket) => notifyQueue(bucket), ['QueueConfigurations']],
    ['for a pipeline', {}, (sourceBucket) => new ImageResizePipeline(Stack.of(sourceBucket), 'Own', { sourceBucket, sourcePrefix: 'own/' }),
      ['QueueConfigurations']],
  ];

  test.each(OWN)('%s passes events on to EventBridge itself', (_, props, manage, kinds) => {
    const { storage, one, sourceBucket } = threeStacks(props);
    manage(sourceBucket);
    new ImageResizePipeline(one, 'Pipeline', { sourceBucket, trigger: ResizeTrigger.eventBridge() });

    expect(listOf(storage)).toEqual({ managed: true, kinds: ['EventBridgeConfiguration', ...kinds] });
    expect(listOf(one)).toBeUndefined();
    expect(lostIn(one)).toEqual([]);
  });

  test('passes events on to EventBridge also when it begins to manage them after the pipeline', () => {
    const { storage, one, sourceBucket } = threeStacks();
    new ImageResizePipeline(one, 'Pipeline', { sourceBucket, trigger: ResizeTrigger.eventBridge() });
    notifyQueue(sourceBucket);

    expect(listOf(storage)).toEqual({ managed: true, kinds: ['EventBridgeConfiguration', 'QueueConfigurations'] });
    expect(lostIn(one)).toEqual([]);
  });

  describe.each(DIRECT)('and a pipeline of another stack with ResizeTrigger.%s', (_, trigger) => {
    const warning = {
      path: '/One/Pipeline/Source0',
      id: 'cdk-image-resize-pipeline:managedNotifications',
      message: 'the stack of bucket Storage/Photos manages notifications of it as well, and removes all others whenever it changes them: '
        + 'Storage/Photos/a/* is then no longer processed. Use ResizeTrigger.eventBridge() here, or create the pipeline in the stack of the bucket',
    };

    test.each(OWN)('%s: is a warning', (__, props, manage) => {
      const { one, sourceBucket } = threeStacks(props);
      manage(sourceBucket);
      new ImageResizePipeline(one, 'Pipeline', { sourceBucket, sourcePrefix: 'a/', trigger: trigger() });
      expect(lostIn(one)).toEqual([warning]);
    });

    test.each(OWN)('%s, only after the pipeline: is a warning', (__, _props, manage) => {
      const { one, sourceBucket } = threeStacks();
      new ImageResizePipeline(one, 'Pipeline', { sourceBucket, sourcePrefix: 'a/', trigger: trigger() });
      manage(sourceBucket);
      sourceBucket.enableEventBridgeNotification();
      expect(lostIn(one)).toEqual([warning]);
    });

    test('loses nothing where CDK keeps the entries of others', () => {
      const { storage, one, sourceBucket } = threeStacks({}, { '@aws-cdk/aws-s3:keepNotificationInImportedBucket': true });
      notifyQueue(sourceBucket);
      new ImageResizePipeline(one, 'Pipeline', { sourceBucket, sourcePrefix: 'a/', trigger: trigger() });
      expect(lostIn(one)).toEqual([]);
      expect(listOf(storage)).toMatchObject({ managed: false });
    });
  });
});

/** A bucket in a stack, and two other stacks. */
function threeStacks(props: BucketProps = {}, context: Record<string, unknown> = {}) {
  const app = createApp({ context });
  const storage = createStack('Storage', app);
  return { storage, one: createStack('One', app), two: createStack('Two', app), sourceBucket: createBucket(storage, 'Photos', props) };
}

function notifyQueue(bucket: Bucket): void {
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(bucket.stack, 'Uploads', { enforceSSL: true })), { prefix: 'own/' });
}

/** The only list of notifications in a stack. */
function listOf(stack: Stack): { managed: boolean; kinds: string[] } | undefined {
  const template = Template.fromStack(stack);
  if (Object.keys(template.findResources('Custom::S3BucketNotifications')).length === 0) return undefined;
  const { Managed, NotificationConfiguration } = propertiesOf(template, 'Custom::S3BucketNotifications');
  return { managed: Managed, kinds: Object.keys(NotificationConfiguration).sort() };
}

function lostIn(stack: Stack) {
  return warningsOf(stack).filter(({ id }) => id === 'cdk-image-resize-pipeline:managedNotifications');
}

describe('a notification that the owner adds to the bucket', () => {
  const TARGET = (stack: Stack) => new SqsDestination(new Queue(stack, 'Mine', { enforceSSL: true }));
  const withMine = (add: (bucket: Bucket, stack: Stack) => void, deleteRenditions = false, trigger?: ResizeTrigger) => {
    const stack = createStack();
    const bucket = createBucket(stack);
    new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'in/', processing: { deleteRenditions }, trigger });
    add(bucket, stack);
    return stack;
  };

  test.each<[string, (bucket: Bucket, stack: Stack) => void, boolean]>([
    ['all objects', (bucket, stack) => bucket.addEventNotification(EventType.OBJECT_CREATED, TARGET(stack)), false],
    ['some of the same', (bucket, stack) => bucket.addEventNotification(EventType.OBJECT_CREATED_PUT, TARGET(stack), { prefix: 'in/a/', suffix: '.jpg' }), false],
    ['deletions', (bucket, stack) => bucket.addEventNotification(EventType.OBJECT_REMOVED_DELETE, TARGET(stack)), true],
  ])('fails at synthesis for %s', (_, add, deleteRenditions) => {
    expect(() => Template.fromStack(withMine(add, deleteRenditions))).toThrow(
      /source Stack\/Bucket\/in\/\* must have no other notification of s3:Object(Created|Removed):\*, .* or ResizeTrigger.eventBridge\(\)/);
  });

  test.each<[string, (bucket: Bucket, stack: Stack) => void]>([
    ['another prefix', (bucket, stack) => bucket.addEventNotification(EventType.OBJECT_CREATED, TARGET(stack), { prefix: 'out/' })],
    ['deletions that the pipeline does not listen to', (bucket, stack) => bucket.addEventNotification(EventType.OBJECT_REMOVED, TARGET(stack))],
  ])('may be about %s', (_, add) => {
    expect(() => Template.fromStack(withMine(add))).not.toThrow();
  });

  test('may be about the same beside EventBridge', () => {
    const add = (bucket: Bucket, stack: Stack) => bucket.addEventNotification(EventType.OBJECT_CREATED, TARGET(stack));
    expect(() => Template.fromStack(withMine(add, false, ResizeTrigger.eventBridge()))).not.toThrow();
  });

  test.each<[string, (stack: Stack, bucket: Bucket) => IBucket]>([
    ['itself', (_, bucket) => bucket],
    ['an import of its name', (stack, bucket) => Bucket.fromBucketName(stack, 'Again', bucket.bucketName)],
  ])('fails in another stack than the pipeline\'s, on %s', (_, bucketIn) => {
    const app = createApp();
    const [one, two] = [createStack('One', app), createStack('Two', app)];
    const bucket = createBucket(one);
    new ImageResizePipeline(two, 'Pipeline', { sourceBucket: bucket });
    const mine = bucketIn(one, bucket);
    mine.addEventNotification(EventType.OBJECT_CREATED, TARGET(one));
    expect(() => app.synth()).toThrow('source One/Bucket/* must have no other notification of s3:ObjectCreated:*');
  });
});
