import { parsePayload } from '../../../../src/lambda/resize/events/s3-events';

const KEYS = [
  ['plain', 'cat.jpg', 'cat.jpg'],
  ['with a space', 'my+cat.jpg', 'my cat.jpg'],
  ['with a plus', 'a%2Bb.jpg', 'a+b.jpg'],
  ['with a percent sign', '100%25.jpg', '100%.jpg'],
  ['that looks encoded', 'a%2520b.jpg', 'a%20b.jpg'],
  ['in directories', 'a/b+c/d.jpg', 'a/b c/d.jpg'],
  ['with composed unicode', '%C3%BC.jpg', '\u00fc.jpg'],
  ['with decomposed unicode', 'u%CC%88.jpg', 'u\u0308.jpg'],
  ['with an emoji', '%F0%9F%90%88.jpg', '\u{1F408}.jpg'],
  ['with a line break', 'a%0Ab.jpg', 'a\nb.jpg'],
  ['with dots', '..%2F..%2Fa.jpg', '../../a.jpg'],
] as const;

function notification(changes: { eventName?: string; key?: string; object?: object } = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2026-01-02T03:04:05.678Z',
    eventName: changes.eventName ?? 'ObjectCreated:Put',
    responseElements: { 'x-amz-request-id': 'REQUEST' },
    s3: { bucket: { name: 'source' }, object: { key: changes.key ?? 'cat.jpg', size: 1024, eTag: 'etag', sequencer: '0055', ...changes.object } },
  };
}

function eventBridge(changes: { type?: string; detail?: object } = {}) {
  return {
    'version': '0',
    'source': 'aws.s3',
    'detail-type': changes.type ?? 'Object Created',
    'region': 'eu-central-1',
    'time': '2026-01-02T03:04:05Z',
    'detail': {
      'bucket': { name: 'source' },
      'object': { key: 'my cat+1%20.jpg', size: 1024, etag: 'etag', sequencer: '0055' },
      'request-id': 'REQUEST',
      'reason': 'PutObject',
      ...changes.detail,
    },
  };
}

describe('S3 notifications', () => {
  test('an upload', () => {
    expect(parsePayload({ Records: [notification()] })).toEqual({
      givenUp: false,
      events: [{
        kind: 'created',
        bucket: 'source',
        key: 'cat.jpg',
        sequencer: '0055',
        size: 1024,
        etag: 'etag',
        versionId: undefined,
        context: { name: 'ObjectCreated:Put', time: '2026-01-02T03:04:05.678Z', region: 'eu-central-1', requestId: 'REQUEST' },
      }],
    });
  });

  test.each(KEYS)('keys are decoded: one %s', (_, encoded, key) => {
    expect(parsePayload({ Records: [notification({ key: encoded })] }).events[0].key).toBe(key);
  });

  test('every record counts', () => {
    const { events } = parsePayload({ Records: [notification({ key: 'a' }), notification({ key: 'b' }), notification({ key: 'c' })] });
    expect(events.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['ObjectCreated:Post', 'created'],
    ['ObjectCreated:Copy', 'created'],
    ['ObjectCreated:CompleteMultipartUpload', 'created'],
    ['ObjectRemoved:Delete', 'removed'],
    ['ObjectRemoved:DeleteMarkerCreated', 'removed'],
    ['LifecycleExpiration:Delete', 'removed'],
    ['LifecycleExpiration:DeleteMarkerCreated', 'removed'],
  ])('%s is %s', (eventName, kind) => {
    expect(parsePayload({ Records: [notification({ eventName })] }).events).toMatchObject([{ kind }]);
  });

  test('other events and the test event are passed over', () => {
    expect(parsePayload({ Records: [notification({ eventName: 'ObjectRestore:Completed' })] }).events).toEqual([]);
    expect(parsePayload({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'source' }).events).toEqual([]);
  });

  test('without a sequencer the time of the event orders', () => {
    const [earlier] = parsePayload({ Records: [{ ...notification({ object: { sequencer: undefined } }), eventTime: '2026-01-02T03:04:05.001Z' }] }).events;
    const [later] = parsePayload({ Records: [{ ...notification({ object: { sequencer: undefined } }), eventTime: '2026-01-02T03:04:05.002Z' }] }).events;
    expect(earlier.sequencer < later.sequencer).toBe(true);
  });
});

describe('EventBridge', () => {
  test('an upload, whose key is not encoded', () => {
    expect(parsePayload(eventBridge())).toEqual({
      givenUp: false,
      events: [{
        kind: 'created',
        bucket: 'source',
        key: 'my cat+1%20.jpg',
        sequencer: '0055',
        size: 1024,
        etag: 'etag',
        versionId: undefined,
        context: { name: 'ObjectCreated:PutObject', time: '2026-01-02T03:04:05Z', region: 'eu-central-1', requestId: 'REQUEST' },
      }],
    });
  });

  test.each([['Object Deleted', 'removed'], ['Object Created', 'created']])('%s is %s', (type, kind) => {
    expect(parsePayload(eventBridge({ type })).events).toMatchObject([{ kind }]);
  });

  test('other events are passed over', () => {
    expect(parsePayload(eventBridge({ type: 'Object Restore Completed' })).events).toEqual([]);
  });
});

describe('failure destination', () => {
  test('what Lambda gave up on is marked so', () => {
    const payload = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: { Records: [notification()] } };
    expect(parsePayload(payload)).toMatchObject({ givenUp: true, events: [{ key: 'cat.jpg' }] });
  });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'hello'],
  ['an empty object', {}],
  ['another service', { source: 'aws.ec2' }],
])('fails for %s', (_, payload) => {
  expect(() => parsePayload(payload)).toThrow('expected an event of S3, received');
});

test.each([
  ['a record without a bucket', { ...notification(), s3: { object: { key: 'a' } } }, 's3.bucket.name'],
  ['a record without a key', notification({ object: { key: undefined } }), 's3.object.key'],
  ['a record without a name', { ...notification(), eventName: undefined }, 'eventName'],
])('fails for %s', (_, record, path) => {
  expect(() => parsePayload({ Records: [record] })).toThrow(`expected a text at ${path} of an event of S3`);
});
