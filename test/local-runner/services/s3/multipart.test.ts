import { createHash } from 'crypto';
import { Readable } from 'stream';
import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CompleteMultipartUploadCommandInput, CreateMultipartUploadCommand,
  CreateMultipartUploadCommandInput, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListPartsCommand, PutObjectCommand,
  UploadPartCommand, UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BUCKET, Harness, refusal, sdkError } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const Key = 'a b.jpg';
const MIN_PART = 5 * 1024 * 1024;
const LARGE = Buffer.alloc(MIN_PART, 'abc');
const SMALL = Buffer.from('the end');
const md5 = (data: Buffer) => createHash('md5').update(data).digest();
const ETAG = `"${md5(Buffer.concat([md5(LARGE), md5(SMALL)])).toString('hex')}-2"`;

async function create(input: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  return (await harness.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...input }))).UploadId!;
}

async function part(UploadId: string, PartNumber: number, Body: Buffer, input: Partial<UploadPartCommandInput> = {}): Promise<CompletedPart> {
  const command = new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber, Body, ...input });
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = await harness.client.send(command);
  return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 };
}

async function complete(UploadId: string, Parts: CompletedPart[], input: Partial<CompleteMultipartUploadCommandInput> = {}) {
  return harness.client.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts }, ...input }));
}

async function uploads(): Promise<number> {
  return (await harness.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads?.length ?? 0;
}

test('parts become one object with the metadata of the upload', async () => {
  const id = await create({ ContentType: 'image/jpeg', Metadata: { owner: 'jane' } });
  // The order of the numbers counts, not the one of the uploads.
  const last = await part(id, 20, SMALL);
  const first = await part(id, 3, LARGE);
  expect(harness.events).toEqual([]);

  const done = await complete(id, [first, last]);

  expect(done).toMatchObject({ Bucket: BUCKET, Key, ETag: ETAG, Location: `${harness.s3.endpoint}/${BUCKET}/a%20b.jpg` });
  const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  expect(object).toMatchObject({ ContentType: 'image/jpeg', Metadata: { owner: 'jane' }, ETag: ETAG });
  expect(Buffer.concat([LARGE, SMALL]).equals(await object.Body!.transformToByteArray())).toBe(true);
  expect(harness.bodiesOnDisk()).toBe(1);
  expect(await uploads()).toBe(0);
  expect(harness.events).toMatchObject([
    { eventName: 'ObjectCreated:CompleteMultipartUpload', s3: { object: { key: 'a+b.jpg', size: MIN_PART + SMALL.length, eTag: ETAG.slice(1, -1) } } },
  ]);
});

test('lib-storage uploads a stream in parts', async () => {
  const Body = Readable.from(function* () { for (let i = 0; i < 12; i++) yield Buffer.alloc(1_000_000, i); }());

  await new Upload({ client: harness.client, params: { Bucket: BUCKET, Key, Body, ContentType: 'image/jpeg' }, partSize: MIN_PART }).done();

  expect(await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).toMatchObject({ ContentLength: 12_000_000, ETag: expect.stringMatching(/-3"$/) });
  expect(harness.bodiesOnDisk()).toBe(1);
});

test('an upload that lib-storage gives up leaves nothing', async () => {
  const Body = Readable.from(async function* () {
    yield LARGE;
    await Promise.resolve();
    throw new Error('camera unplugged');
  }());

  await expect(new Upload({ client: harness.client, params: { Bucket: BUCKET, Key, Body }, partSize: MIN_PART }).done()).rejects.toThrow('camera unplugged');

  expect(await uploads()).toBe(0);
  harness.expectNothingStored();
});

test('a part can be replaced, and parts that are not named are dropped', async () => {
  const id = await create();
  await part(id, 1, LARGE);
  const replaced = await part(id, 1, SMALL);
  await part(id, 2, LARGE);
  expect(harness.bodiesOnDisk()).toBe(2);

  await complete(id, [replaced]);

  expect((await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength).toBe(SMALL.length);
  expect(harness.bodiesOnDisk()).toBe(1);
});

test('parts are listed', async () => {
  const id = await create();
  await part(id, 2, SMALL);
  await part(id, 1, SMALL);
  await part(id, 10, SMALL);

  const page = await harness.client.send(new ListPartsCommand({ Bucket: BUCKET, Key, UploadId: id, MaxParts: 2 }));
  const rest = await harness.client.send(new ListPartsCommand({ Bucket: BUCKET, Key, UploadId: id, PartNumberMarker: page.NextPartNumberMarker }));

  expect(page).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 7 }, { PartNumber: 2 }] });
  expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 10 }] });
});

test('an aborted upload leaves nothing', async () => {
  const id = await create();
  const only = await part(id, 1, SMALL);

  await harness.client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId: id }));

  await expect(part(id, 2, SMALL)).rejects.toMatchObject(sdkError(404, 'NoSuchUpload'));
  await expect(complete(id, [only])).rejects.toMatchObject(sdkError(404, 'NoSuchUpload'));
  harness.expectNothingStored();
});

describe('checksums', () => {
  test('of the parts become the one of the object', async () => {
    const id = await create({ ChecksumAlgorithm: 'SHA256' });
    const parts = [await part(id, 1, LARGE, { ChecksumAlgorithm: 'SHA256' }), await part(id, 2, SMALL, { ChecksumAlgorithm: 'SHA256' })];
    const composite = createHash('sha256').update(Buffer.concat(parts.map(({ ChecksumSHA256 }) => Buffer.from(ChecksumSHA256!, 'base64')))).digest('base64');

    expect(await complete(id, parts)).toMatchObject({ ChecksumSHA256: `${composite}-2`, ChecksumType: 'COMPOSITE' });
    expect(await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }))).toMatchObject({ ChecksumSHA256: `${composite}-2` });
  });

  test('of the whole are computed, and verified where the client sends them', async () => {
    const upload = async (expected?: string) => {
      const id = await create({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
      const parts = [await part(id, 1, LARGE), await part(id, 2, SMALL)];
      return complete(id, parts, { ChecksumCRC32: expected, ChecksumType: 'FULL_OBJECT' });
    };
    const { ChecksumCRC32 } = await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'other', Body: Buffer.concat([LARGE, SMALL]) }));

    expect(await upload()).toMatchObject({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
    expect(await upload(ChecksumCRC32)).toMatchObject({ ChecksumCRC32 });
    await expect(upload('AAAAAA==')).rejects.toMatchObject(sdkError(400, 'BadDigest'));
    expect(harness.events).toHaveLength(3);
  });

  test('fail where a part has another kind', async () => {
    const id = await create({ ChecksumAlgorithm: 'SHA256' });

    await expect(part(id, 1, SMALL, { ChecksumAlgorithm: 'CRC32' })).rejects.toMatchObject(sdkError(400, 'InvalidRequest'));
    harness.expectNothingStored();
  });

  test('fail where the completion does not repeat them, or not as they are', async () => {
    const id = await create({ ChecksumAlgorithm: 'CRC32' });
    const only = await part(id, 1, SMALL);

    await expect(complete(id, [{ ...only, ChecksumCRC32: undefined }])).rejects.toMatchObject(sdkError(400, 'InvalidRequest'));
    await expect(complete(id, [{ ...only, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject(sdkError(400, 'InvalidPart'));
    await complete(id, [only]);
  });

  test.each([
    ['SHA256', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
    [undefined, 'FULL_OBJECT'],
    ['MD4', undefined],
  ])('fail for %s as %s', async (ChecksumAlgorithm, ChecksumType) => {
    await expect(create({ ChecksumAlgorithm: ChecksumAlgorithm as never, ChecksumType: ChecksumType as never })).rejects.toMatchObject(sdkError(400, 'InvalidRequest'));
  });
});

describe('a completion fails for', () => {
  const WRONG: [string, (parts: CompletedPart[]) => CompletedPart[], string][] = [
    ['a small part before the last', ([small, large]) => [small, large], 'EntityTooSmall'],
    ['parts out of order', ([small, large]) => [large, small], 'InvalidPartOrder'],
    ['a repeated part', ([small]) => [small, small], 'InvalidPartOrder'],
    ['a part that does not exist', ([small]) => [{ ...small, PartNumber: 9 }], 'InvalidPart'],
    ['a part with another entity tag', ([small]) => [{ ...small, ETag: '"0123"' }], 'InvalidPart'],
    ['no parts', () => [], 'MalformedXML'],
  ];

  test.each(WRONG)('%s, and the upload can still be completed', async (_name, choose, code) => {
    const id = await create();
    const parts = [await part(id, 1, SMALL), await part(id, 2, LARGE)];

    await expect(complete(id, choose(parts))).rejects.toMatchObject(sdkError(400, code));
    expect(harness.events).toEqual([]);
    expect(harness.bodiesOnDisk()).toBe(2);

    await complete(id, [parts[1]]);
    expect(harness.events).toHaveLength(1);
  });

  test('an object that If-None-Match finds', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'first' }));
    const id = await create();
    const only = await part(id, 1, SMALL);

    await expect(complete(id, [only], { IfNoneMatch: '*' })).rejects.toMatchObject(sdkError(412, 'PreconditionFailed'));

    expect((await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength).toBe(5);
    expect(await uploads()).toBe(1);
  });

  test('another size', async () => {
    const id = await create();
    const only = await part(id, 1, SMALL);

    await expect(complete(id, [only], { MpuObjectSize: 8 })).rejects.toMatchObject(sdkError(400, 'InvalidRequest'));
    await complete(id, [only], { MpuObjectSize: 7 });
  });

  test('another key', async () => {
    const id = await create();
    const only = await part(id, 1, SMALL);

    await expect(complete(id, [only], { Key: 'other' })).rejects.toMatchObject(sdkError(404, 'NoSuchUpload'));
  });
});

test('of two completions at once one succeeds', async () => {
  const id = await create();
  const only = await part(id, 1, LARGE);

  const results = await Promise.allSettled([complete(id, [only]), complete(id, [only])]);

  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(harness.events).toHaveLength(1);
});

test.each(['0', '10001', 'x', ''])('fails for the part number "%s"', async (number) => {
  const id = await create();

  expect(await harness.send({ method: 'PUT', path: `/${BUCKET}/a%20b.jpg?uploadId=${id}&partNumber=${number}`, body: 'body' })).toMatchObject(refusal(400, 'InvalidArgument'));
  harness.expectNothingStored();
});

test('fails for a part list that is no XML', async () => {
  const id = await create();

  expect(await harness.send({ method: 'POST', path: `/${BUCKET}/a%20b.jpg?uploadId=${id}`, body: '<CompleteMultipartUpload>' })).toMatchObject(refusal(400, 'MalformedXML'));
  harness.expectNothingStored();
});
