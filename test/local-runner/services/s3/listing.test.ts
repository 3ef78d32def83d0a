import { ListObjectsV2Command, ListObjectsV2CommandInput, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, Harness, refusal, sdkError } from './harness';

const KEYS = ['a', 'a b', 'a/1', 'a/2', 'a/b/1', 'b/1', 'c', 'z\uffee', '\u{1f389}'];

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  for (const Key of [...KEYS].reverse()) await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'body' }));
});
afterAll(async () => harness.stop());

async function list(input: Partial<ListObjectsV2CommandInput> = {}) {
  const { Contents = [], CommonPrefixes = [], ...page } = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...input }));
  return { keys: Contents.map(({ Key }) => Key), prefixes: CommonPrefixes.map(({ Prefix }) => Prefix), Contents, ...page };
}

test('keys are in the order of their UTF-8 bytes', async () => {
  expect(await list()).toMatchObject({ keys: KEYS, KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000, Name: BUCKET });
});

test('an entry describes its object', async () => {
  expect((await list({ MaxKeys: 1, FetchOwner: true })).Contents).toEqual([{
    Key: 'a',
    Size: 4,
    ETag: '"841a2d689ad86bd1611447453c22c6fc"',
    LastModified: expect.any(Date),
    StorageClass: 'STANDARD',
    ChecksumAlgorithm: ['CRC32'],
    ChecksumType: 'FULL_OBJECT',
    Owner: { ID: '000000000000' },
  }]);
});

test.each<[Partial<ListObjectsV2CommandInput>, string[], string[]]>([
  [{ Prefix: 'a/' }, ['a/1', 'a/2', 'a/b/1'], []],
  [{ Delimiter: '/' }, ['a', 'a b', 'c', 'z\uffee', '\u{1f389}'], ['a/', 'b/']],
  [{ Prefix: 'a/', Delimiter: '/' }, ['a/1', 'a/2'], ['a/b/']],
  [{ StartAfter: 'a/2' }, ['a/b/1', 'b/1', 'c', 'z\uffee', '\u{1f389}'], []],
  [{ StartAfter: 'a/9', Delimiter: '/' }, ['c', 'z\uffee', '\u{1f389}'], ['a/', 'b/']],
  [{ Prefix: 'nothing' }, [], []],
  [{ MaxKeys: 0 }, [], []],
])('%j selects', async (input, keys, prefixes) => {
  expect(await list(input)).toMatchObject({ keys, prefixes, IsTruncated: false });
});

test.each([1, 2, 3, 100])('pages of %d entries cover everything once', async (pageSize) => {
  for (const Delimiter of [undefined, '/']) {
    const found: unknown[] = [];
    for await (const page of paginateListObjectsV2({ client: harness.client, pageSize }, { Bucket: BUCKET, Delimiter })) {
      expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
      found.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    }
    const { keys, prefixes } = await list({ Delimiter });
    expect([...found].sort()).toEqual([...keys, ...prefixes].sort());
  }
});

test('names can be asked for in URL encoding', async () => {
  expect(await list({ EncodingType: 'url', MaxKeys: 2, Prefix: 'a', StartAfter: ' ' })).toMatchObject({ keys: ['a', 'a+b'], EncodingType: 'url', StartAfter: '+' });
});

test.each<Partial<ListObjectsV2CommandInput>>([
  { ContinuationToken: '%%%' },
  { MaxKeys: -1 },
  { EncodingType: 'xml' as never },
])('fails for %j', async (input) => {
  await expect(list(input)).rejects.toMatchObject(sdkError(400, 'InvalidArgument'));
});

test('fails for a bucket that does not exist', async () => {
  await expect(list({ Bucket: 'other' })).rejects.toMatchObject(sdkError(404, 'NoSuchBucket'));
});

test('fails for the first version of the listing', async () => {
  expect(await harness.send({ method: 'GET', path: `/${BUCKET}` })).toMatchObject(refusal(501, 'NotImplemented'));
});
