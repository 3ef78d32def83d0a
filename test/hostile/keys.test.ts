import { Logger } from '@aws-lambda-powertools/logger';
import { dispatch } from '../../src/lambda/resize/delivery/dispatch';
import { LocalHandler } from '../helpers/handler';
import { open, photo } from '../helpers/images';

let handler: LocalHandler;
let jpeg: Buffer;

beforeAll(async () => {
  handler = await LocalHandler.start();
  jpeg = await open(photo(80, 60)).jpeg().toBuffer();
});
afterAll(() => handler.stop());

/** The event as EventBridge sends it: the key as it is. */
function bridged(bucket: string, key: string, bytes: number): unknown {
  return {
    'source': 'aws.s3',
    'detail-type': 'Object Created',
    'region': 'eu-central-1',
    'time': '2026-01-02T03:04:05Z',
    'detail': { bucket: { name: bucket }, object: { key, size: bytes, sequencer: '0055AED6DCD90281E5' }, reason: 'PutObject' },
  };
}

const FORGED = '{"level":"ERROR","message":"forged"}';

const KEYS: readonly (readonly [string, string])[] = [
  ['spaces', ' my  cat .jpg'],
  ['plus signs', 'a+b++c.jpg'],
  ['percent signs', '100%.jpg'],
  ['what looks encoded', 'a%20b%2Fc%00.jpg'],
  ['what looks encoded twice', 'a%252520b.jpg'],
  ['composed letters', 'Z\u00fcrich.jpg'],
  ['decomposed letters', 'Zu\u0308rich.jpg'],
  ['emoji', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}.jpg'],
  ['text from right to left', '\u202Egpj.exe'],
  ['leading slashes', '//cat.jpg'],
  ['empty directories', 'a//b///cat.jpg'],
  ['line breaks', `a\r\n${FORGED}\n.jpg`],
  ['separators of lines', 'a\u2028b\u2029c\u0085.jpg'],
  ['control characters', 'a\u0001\u0008\u001b[31m\u007f.jpg'],
  ['quotes', '"a\'b`c\\".jpg'],
  ['HTML', '<img src=x onerror="alert(1)">&amp;.jpg'],
  ['marks of URLs', 'a?b=c&d#e;f=g:h@i,j$k!.jpg'],
  ['tokens of templates', '{key}{imageId}/{profile}.jpg'],
  ['names of properties', '__proto__/constructor/toString'],
  ['1,024 bytes', `${'\u00fc'.repeat(510)}.jpg`],
];

describe.each([
  ['as a direct notification', true],
  ['by EventBridge', false],
] as const)('%s', (_, direct) => {
  beforeEach(() => handler.reset({ outputKey: '{imageId}/{profile}.{ext}' }));

  test.each(KEYS)('a key with %s is that object and no other', async (__, key) => {
    await handler.upload('cat.jpg', 'the wrong one');
    const event = await handler.upload(key, jpeg);
    const payload = direct ? { Records: [event] } : bridged(handler.sourceBucket, key, jpeg.length);
    const lines = await logged(() => dispatch(handler.services, payload, CLOCK, 1));

    expect(await handler.recordOf(key)).toMatchObject({
      status: 'COMPLETED', sourceBucket: handler.sourceBucket, sourceKey: key, fileName: key.slice(key.lastIndexOf('/') + 1), original: { bytes: jpeg.length },
    });
    expect(await handler.recordOf('cat.jpg')).toBeUndefined();
    expect(await handler.outputs()).toEqual([`${handler.idOf(key)}/small.jpg`]);
    expect(lines).toEqual([expect.objectContaining({ level: 'INFO', message: 'image completed', sourceKey: key })]);
  });
});

test('keys that differ in their unicode form alone are two images', async () => {
  await handler.reset({ outputKey: '{imageId}/{profile}.{ext}' });
  for (const key of ['Z\u00fcrich.jpg', 'Zu\u0308rich.jpg']) await handler.deliver(await handler.upload(key, jpeg));

  expect(await handler.outputs()).toHaveLength(2);
  expect(handler.idOf('Z\u00fcrich.jpg')).not.toBe(handler.idOf('Zu\u0308rich.jpg'));
});

test.each(['line breaks', 'quotes', 'HTML', 'tokens of templates', 'leading slashes', 'emoji'])('a key with %s is part of its rendition\'s key as it is', async (kind) => {
  const [, key] = KEYS.find(([name]) => name === kind)!;
  await handler.reset({ source: { outputPrefix: 'out/' } });
  await handler.deliver(await handler.upload(key, jpeg));

  const rendition = (await handler.recordOf(key))!.renditions!['small.jpeg'];
  expect(rendition.key).toBe(`out/${key}/small.jpg`);
  expect((await handler.output(rendition.key)).body.length).toBe(rendition.bytes);
});

describe('a hostile uploader', () => {
  beforeEach(() => handler.reset({ outputKey: '{imageId}/{profile}.{ext}', processing: { copyUserMetadata: true } }));

  test('cannot write log lines by a failing key, its metadata or its content', async () => {
    const key = `a\n${FORGED}\n.jpg`;
    const event = await handler.upload(key, `${FORGED}\n${FORGED}`, { Metadata: { 'image-id': FORGED } });
    const lines = await logged(() => dispatch(handler.services, { Records: [event] }, CLOCK, 1));

    expect(lines).toEqual([expect.objectContaining({ level: 'WARN', message: 'image failed', sourceKey: key })]);
    expect(await handler.recordOf(key)).toMatchObject({ status: 'FAILED', failure: { code: 'INVALID_IMAGE_ID' } });
  });

  test.each([
    '../other', 'a/b', 'k-0123456789abcdef0123456789abcdef', '', ' ', 'a b', '{key}', '__proto__.x', 'x'.repeat(129), '"', '%2e%2e',
  ])('cannot name %j as an image id', async (id) => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg, { Metadata: { 'image-id': id } }));

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'INVALID_IMAGE_ID' } });
    expect(await handler.outputs()).toEqual([]);
  });

  test('cannot take over the record or the renditions of another image, or of one that is announced', async () => {
    await handler.deliver(await handler.upload('tom.jpg', jpeg, { Metadata: { 'image-id': 'tom' } }));
    const before = await handler.record('tom');
    await handler.deliver(await handler.upload('evil.jpg', await open(photo(60, 80)).jpeg().toBuffer(), { Metadata: { 'image-id': 'tom' } }));

    expect(await handler.record('tom')).toEqual(before);
    expect(await handler.outputs()).toEqual(['tom/small.jpg']);
    expect(await handler.recordOf('evil.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' } });
  });

  test('cannot speak for the pipeline in the metadata of a rendition', async () => {
    const Metadata = { 'source-etag': 'forged', 'profile': 'forged', 'source-key': 'forged', '__proto__x': 'y', 'author': 'Ada' };
    await handler.deliver(await handler.upload('cat.jpg', jpeg, { Metadata }));

    const record = await handler.recordOf('cat.jpg');
    const { metadata } = await handler.output(`${handler.idOf('cat.jpg')}/small.jpg`);
    expect(metadata).toMatchObject({ 'source-etag': record!.sourceETag, 'profile': 'small', 'source-key': 'cat.jpg', 'author': 'Ada' });
  });

  test('cannot reach a key outside the prefix of the source', async () => {
    await handler.reset({ source: { prefix: 'uploads/' }, outputKey: '{imageId}/{profile}.{ext}' });
    await handler.upload('secret.jpg', jpeg);
    for (const key of ['uploads', 'Uploads/cat.jpg', '/uploads/cat.jpg', 'secret.jpg']) {
      await dispatch(handler.services, bridged(handler.sourceBucket, key, jpeg.length), CLOCK, 1);
    }

    expect(await handler.outputs()).toEqual([]);
    expect(handler.logs.map(({ message }) => message)).toEqual(Array(4).fill('event ignored'));
  });
});

const CLOCK = { getRemainingTimeInMillis: () => 60_000 };

/** What the handler's real logger writes meanwhile, of which every line must be an entry. */
async function logged(work: () => Promise<unknown>): Promise<unknown[]> {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0));
  try {
    handler.services = { ...handler.services, logger: new Logger({ serviceName: 'Images' }) };
    await work();
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
  return written.join('').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}
