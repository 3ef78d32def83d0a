import { createHash, createHmac } from 'crypto';
import { request as httpRequest } from 'http';
import { connect } from 'net';
import { Readable } from 'stream';
import { GetObjectCommand, PutObjectCommand, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { BUCKET, CREDENTIALS, Harness, refusal, REGION, sdkError } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const Key = 'a.jpg';
const path = `/${BUCKET}/${Key}`;
const BODY = '123456789';
/** The published check values of these algorithms are those of this very body. */
const CHECKSUMS = {
  CRC32: 'y/Q5Jg==',
  CRC32C: '4waSgw==',
  CRC64NVME: 'rosUhgp5mIg=',
  SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
  SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
} as const;
const ALGORITHMS = Object.keys(CHECKSUMS) as (keyof typeof CHECKSUMS)[];

function put(input: Partial<PutObjectCommandInput>) {
  return harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: BODY, ...input }));
}

/** Several chunks of the size that S3 demands. */
function streamOf(text: string): Readable {
  const data = Buffer.from(text);
  return Readable.from(function* () {
    for (let at = 0; at < data.length; at += 10_000) yield data.subarray(at, at + 10_000);
  }());
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('checksums', () => {
  test.each(ALGORITHMS)('%s of the body is verified, kept and returned', async (algorithm) => {
    const checksum = { [`Checksum${algorithm}`]: CHECKSUMS[algorithm] };

    expect(await put(checksum)).toMatchObject({ ...checksum, ChecksumType: 'FULL_OBJECT' });

    expect(await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }))).toMatchObject(checksum);
    const part = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED', Range: 'bytes=0-3' }));
    expect(part).not.toHaveProperty(`Checksum${algorithm}`, CHECKSUMS[algorithm]);
  });

  test.each(ALGORITHMS)('%s in a trailer is verified', async (algorithm) => {
    const body = 'abc'.repeat(30_000);

    const written = await put({ Body: streamOf(body), ContentLength: body.length, ChecksumAlgorithm: algorithm, ContentEncoding: 'gzip' });

    expect(written[`Checksum${algorithm}`]).toBeDefined();
    const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(object).toMatchObject({ ContentLength: body.length, ContentEncoding: 'gzip' });
    expect(await object.Body!.transformToString()).toBe(body);
  });

  test.each(ALGORITHMS)('fails for a wrong %s', async (algorithm) => {
    await expect(put({ [`Checksum${algorithm}`]: CHECKSUMS[algorithm], Body: 'other' })).rejects.toMatchObject(sdkError(400, 'BadDigest'));
    harness.expectNothingStored();
  });

  test.each([
    ['malformed checksum', { 'x-amz-checksum-crc32': 'AAAA' }],
    ['second checksum', { 'x-amz-checksum-crc32': CHECKSUMS.CRC32, 'x-amz-checksum-sha1': CHECKSUMS.SHA1 }],
    ['announced checksum that is missing', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }],
    ['announced checksum of another kind', { 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': CHECKSUMS.CRC32 }],
  ])('fails for a %s', async (_name, headers: Record<string, string>) => {
    expect(await harness.send({ method: 'PUT', path, headers, body: BODY })).toMatchObject(refusal(400, 'InvalidRequest'));
    harness.expectNothingStored();
  });

  test('Content-MD5 is verified', async () => {
    await put({ ContentMD5: createHash('md5').update(BODY).digest('base64') });

    expect(harness.events).toHaveLength(1);
  });

  test.each([
    ['wrong', createHash('md5').update('other').digest('base64'), 'BadDigest'],
    ['malformed', 'abc', 'InvalidDigest'],
  ])('fails for a %s Content-MD5', async (_name, ContentMD5, code) => {
    await expect(put({ ContentMD5 })).rejects.toMatchObject(sdkError(400, code));
    harness.expectNothingStored();
  });

  test('fails for a body that is not the signed one', async () => {
    const headers = await harness.sign({ method: 'PUT', path, body: BODY });

    expect(await harness.sendAsIs({ method: 'PUT', path, headers, body: '987654321' })).toMatchObject(refusal(400, 'XAmzContentSHA256Mismatch'));
    harness.expectNothingStored();
  });

  test('an unsigned body is taken as it is', async () => {
    expect(await harness.send({ method: 'PUT', path, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: BODY })).toMatchObject({ status: 200 });
  });

  test('fails for a payload hash that is none', async () => {
    expect(await harness.send({ method: 'PUT', path, headers: { 'x-amz-content-sha256': 'abc' }, body: BODY })).toMatchObject(refusal(400, 'InvalidArgument'));
    harness.expectNothingStored();
  });
});

describe('chunked uploads', () => {
  const FIRST = 'a'.repeat(8192);
  const DATE = new Date();
  const AMZ_DATE = DATE.toISOString().replace(/[-:]|\.\d+/g, '');
  const SCOPE = `${AMZ_DATE.slice(0, 8)}/${REGION}/s3/aws4_request`;

  function hmac(key: string | Buffer, data: string): Buffer {
    return createHmac('sha256', key).update(data).digest();
  }

  /** Written from the published algorithm, independently of the server. */
  function chain(previous: string, kind: string, ...digests: string[]): string {
    const key = SCOPE.split('/').reduce<string | Buffer>((derived, part) => hmac(derived, part), `AWS4${CREDENTIALS.secretAccessKey}`);
    return hmac(key, [`AWS4-HMAC-SHA256-${kind}`, AMZ_DATE, SCOPE, previous, ...digests].join('\n')).toString('hex');
  }

  interface Chunked {
    readonly chunks: string[];
    /** What the declared length says, if not the truth. */
    readonly length?: number;
    readonly trailer?: string;
    readonly signed?: boolean;
    readonly tamper?: (body: string) => string;
  }

  async function send({ chunks, length, trailer, signed = false, tamper = (body) => body }: Chunked) {
    const headers = {
      'x-amz-content-sha256': signed
        ? `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`
        : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(length ?? chunks.join('').length),
      'content-encoding': 'aws-chunked',
      ...(trailer !== undefined && { 'x-amz-trailer': 'x-amz-checksum-crc32c' }),
    };
    const signedHeaders = await harness.sign({ method: 'PUT', path, headers }, DATE);
    let signature = signedHeaders.authorization.split('Signature=')[1];
    let body = '';
    for (const chunk of [...chunks, '']) {
      signature = chain(signature, 'PAYLOAD', sha256(''), sha256(chunk));
      body += `${chunk.length.toString(16)}${signed ? `;chunk-signature=${signature}` : ''}\r\n${chunk}${chunk && '\r\n'}`;
    }
    if (trailer !== undefined) {
      const line = `x-amz-checksum-crc32c:${trailer}`;
      body += `${line}\r\n`;
      if (signed) body += `x-amz-trailer-signature:${chain(signature, 'TRAILER', sha256(`${line}\n`))}\r\n`;
    }
    return harness.sendAsIs({ method: 'PUT', path, headers: signedHeaders, body: tamper(`${body}\r\n`) });
  }

  async function stored(): Promise<string> {
    const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(object.ContentEncoding).toBeUndefined();
    return object.Body!.transformToString();
  }

  test('with signed chunks are decoded', async () => {
    expect(await send({ chunks: [FIRST, BODY], signed: true })).toMatchObject({ status: 200 });
    expect(await stored()).toBe(FIRST + BODY);
  });

  test('with signed chunks and a signed trailer are decoded', async () => {
    expect(await send({ chunks: [BODY], signed: true, trailer: CHECKSUMS.CRC32C })).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32c': CHECKSUMS.CRC32C } });
    expect(await stored()).toBe(BODY);
  });

  test('with an unsigned trailer are decoded', async () => {
    expect(await send({ chunks: [BODY], trailer: CHECKSUMS.CRC32C })).toMatchObject({ status: 200 });
    expect(await stored()).toBe(BODY);
  });

  test.each<[string, Chunked, number, string]>([
    ['a changed chunk', { chunks: [FIRST, BODY], signed: true, tamper: (body) => body.replace(BODY, '987654321') }, 403, 'SignatureDoesNotMatch'],
    ['a chunk without signature', { chunks: [BODY], signed: true, tamper: (body) => body.replace(/;chunk-signature=\w+/, '') }, 403, 'SignatureDoesNotMatch'],
    ['a missing last chunk', { chunks: [FIRST, BODY], signed: true, tamper: (body) => body.replace(/0;chunk-signature=\w+\r\n\r\n$/, '') }, 400, 'IncompleteBody'],
    ['a changed trailer', { chunks: [BODY], signed: true, trailer: CHECKSUMS.CRC32C, tamper: (body) => body.replace(CHECKSUMS.CRC32C, CHECKSUMS.CRC32) }, 403, 'SignatureDoesNotMatch'],
    ['a trailer without signature', { chunks: [BODY], signed: true, trailer: CHECKSUMS.CRC32C, tamper: (body) => body.replace(/x-amz-trailer-signature:\w+\r\n/, '') }, 403, 'SignatureDoesNotMatch'],
    ['a wrong checksum in the trailer', { chunks: [BODY], trailer: CHECKSUMS.CRC32 }, 400, 'BadDigest'],
    ['a malformed checksum in the trailer', { chunks: [BODY], trailer: 'AAAA' }, 400, 'InvalidRequest'],
    ['a missing trailer', { chunks: [BODY], trailer: CHECKSUMS.CRC32C, tamper: (body) => body.replace(/x-amz-checksum.*\r\n/, '') }, 400, 'MalformedTrailerError'],
    ['a malformed trailer', { chunks: [BODY], trailer: CHECKSUMS.CRC32C, tamper: (body) => body.replace('crc32c:', 'crc32c=') }, 400, 'MalformedTrailerError'],
    ['a small chunk before the last', { chunks: ['abc', BODY], trailer: '' }, 403, 'InvalidChunkSizeError'],
    ['less data than declared', { chunks: [BODY], length: 10, trailer: CHECKSUMS.CRC32C }, 400, 'IncompleteBody'],
    ['more data than declared', { chunks: [BODY], length: 8, trailer: CHECKSUMS.CRC32C }, 400, 'IncompleteBody'],
    ['a chunk size that is none', { chunks: [BODY], trailer: CHECKSUMS.CRC32C, tamper: (body) => `x${body}` }, 400, 'IncompleteBody'],
    ['a chunk that is longer than its size', { chunks: [BODY], trailer: CHECKSUMS.CRC32C, tamper: (body) => body.replace(BODY, `${BODY}0`) }, 400, 'IncompleteBody'],
    ['an endless chunk header', { chunks: [BODY], trailer: CHECKSUMS.CRC32C, tamper: () => 'a'.repeat(200_000) }, 400, 'IncompleteBody'],
  ])('fail for %s', async (_name, upload, status, code) => {
    expect(await send(upload)).toMatchObject(refusal(status, code));
    harness.expectNothingStored();
  });

  test('fail without the length of the data', async () => {
    const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };

    expect(await harness.send({ method: 'PUT', path, headers, body: '0\r\n\r\n' })).toMatchObject(refusal(411, 'MissingContentLength'));
    harness.expectNothingStored();
  });
});

describe('transfers', () => {
  test('a large body streams in and out', async () => {
    const block = Buffer.alloc(1_000_000, 'abc');
    const Body = Readable.from(function* () { for (let i = 0; i < 60; i++) yield block; }());
    await put({ Body, ContentLength: 60_000_000 });
    const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const hash = createHash('md5');
    for await (const chunk of object.Body as Readable) hash.update(chunk as Buffer);

    expect(object.ETag).toBe(`"${hash.digest('hex')}"`);
  });

  test('a client that waits for the go-ahead gets it, or the refusal without sending its body', async () => {
    const headers = await harness.sign({ method: 'PUT', path, headers: { 'content-length': String(BODY.length) }, body: BODY });
    const ask = async (extra: Record<string, string>) => new Promise<[boolean, number]>((resolve, reject) => {
      let asked = false;
      const outgoing = httpRequest(harness.s3.endpoint, { method: 'PUT', path, headers: { ...headers, ...extra, expect: '100-continue' } });
      outgoing.on('continue', () => {
        asked = true;
        outgoing.end(BODY);
      });
      outgoing.on('response', (response) => {
        response.resume();
        outgoing.destroy();
        resolve([asked, response.statusCode!]);
      });
      outgoing.on('error', reject);
      outgoing.flushHeaders();
    });

    expect(await ask({})).toEqual([true, 200]);
    expect(await ask({ 'x-amz-date': '20200101T000000Z' })).toEqual([false, 400]);
  });

  test('a refused large upload gets its answer', async () => {
    const body = Buffer.alloc(20_000_000);
    const headers = await harness.sign({ method: 'PUT', path, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body });

    expect(await harness.sendAsIs({ method: 'PUT', path: `${path}2`, headers, body })).toMatchObject(refusal(403, 'SignatureDoesNotMatch'));
    harness.expectNothingStored();
  });

  test('a client that leaves in the middle of an upload leaves nothing', async () => {
    const headers = await harness.sign({ method: 'PUT', path, headers: { 'content-length': '1000000', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    const socket = connect(Number(new URL(harness.s3.endpoint).port), '127.0.0.1');
    socket.write(`PUT ${path} HTTP/1.1\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${'a'.repeat(500_000)}`);
    await until(() => harness.bodiesOnDisk() === 1);
    socket.destroy();
    await until(() => harness.bodiesOnDisk() === 0);

    harness.expectNothingStored();
    await expect(harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).rejects.toMatchObject(sdkError(404, 'NoSuchKey'));
  });

  test('a client that leaves in the middle of a download does no harm', async () => {
    await put({ Body: Buffer.alloc(20_000_000) });
    const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    (object.Body as Readable).destroy();

    expect((await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, Range: 'bytes=0-0' }))).ContentLength).toBe(1);
  });

  test('the server stops in the middle of an upload', async () => {
    const stopped = await Harness.start();
    const headers = await stopped.sign({ method: 'PUT', path, headers: { 'content-length': '1000000', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    const outgoing = httpRequest(stopped.s3.endpoint, { method: 'PUT', path, headers });
    const failed = new Promise((resolve) => outgoing.on('error', resolve));
    outgoing.write('a'.repeat(500_000));
    await until(() => stopped.bodiesOnDisk() === 1);

    await stopped.stop();

    await failed;
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
