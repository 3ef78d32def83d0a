import type { S3EventRecord } from '../../../../../local-runner/services/s3';
import { NotificationConfiguration, Notifications } from '../../../../../local-runner/services/s3/storage/notifications';

function record(eventName: string, key: string): S3EventRecord {
  return { eventName, s3: { bucket: { name: 'photos' }, object: { key } } } as unknown as S3EventRecord;
}

function notifications(configuration: NotificationConfiguration) {
  const sent: { to: string; message: unknown }[] = [];
  const to = (arn: string) => (message: object) => void sent.push({ to: arn, message });
  const all = new Notifications({ queue: to, lambda: to, eventBridge: (message) => void sent.push({ to: 'bus', message }) });
  all.configure('photos', configuration, 'Stack.Notifications');
  const tests = sent.splice(0);
  return { all, sent, tests };
}

const filter = (...rules: [string, string][]) => ({ Key: { FilterRules: rules.map(([Name, Value]) => ({ Name, Value })) } });

test('S3 tries a queue with a message of its own', () => {
  const { tests } = notifications({ QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], QueueArn: 'queue' }] });

  expect(tests).toMatchObject([{ to: 'queue', message: { Event: 's3:TestEvent', Bucket: 'photos' } }]);
});

test('each event goes to the destinations that want it', () => {
  const { all, sent } = notifications({
    QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], QueueArn: 'queue' }, { Events: ['s3:ObjectRemoved:Delete'], QueueArn: 'removed' }],
    LambdaFunctionConfigurations: [{ Events: ['s3:ObjectCreated:Put'], LambdaFunctionArn: 'function' }],
    EventBridgeConfiguration: {},
  });
  const [put, copy, removed] = [record('ObjectCreated:Put', 'a'), record('ObjectCreated:Copy', 'a'), record('ObjectRemoved:Delete', 'a')];
  all.publish(put);
  expect(sent.splice(0)).toEqual([
    { to: 'queue', message: { Records: [put] } }, { to: 'function', message: { Records: [put] } }, { to: 'bus', message: put },
  ]);
  all.publish(copy);
  expect(sent.splice(0).map(({ to }) => to)).toEqual(['queue', 'bus']);
  all.publish(removed);
  expect(sent.splice(0).map(({ to }) => to)).toEqual(['removed', 'bus']);
});

test.each([
  ['uploads/a.jpg', true],
  ['uploads/a.png', false],
  ['other/a.jpg', false],
])('key %s passes prefix and suffix: %s', (key, expected) => {
  const { all, sent } = notifications({
    QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], QueueArn: 'queue', Filter: filter(['prefix', 'uploads/'], ['Suffix', '.jpg']) }],
  });
  all.publish(record('ObjectCreated:Put', key));

  expect(sent).toHaveLength(expected ? 1 : 0);
});

test('filters are encoded like keys', () => {
  const { all, sent } = notifications({
    QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], QueueArn: 'queue', Filter: filter(['prefix', 'my+photos/%C3%A4']) }],
  });
  all.publish(record('ObjectCreated:Put', 'my+photos/%C3%A4.jpg'));

  expect(sent).toHaveLength(1);
});

test('other buckets are not concerned', () => {
  const { all, sent } = notifications({ EventBridgeConfiguration: {} });
  all.publish({ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'other' }, object: { key: 'a' } } } as never);

  expect(sent).toEqual([]);
});

test('fails for a filter that S3 would never match', () => {
  expect(() => notifications({ QueueConfigurations: [{ Events: [], QueueArn: 'queue', Filter: filter(['prefix', 'my photos/']) }] }))
    .toThrow('Stack.Notifications: the filter of a notification must be URL-encoded, with + for spaces, received "my photos/"');
});

test('fails for topics', () => {
  expect(() => notifications({ TopicConfigurations: [{}] })).toThrow('notifies a topic');
});
