import { createHash, createHmac } from 'crypto';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost, PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { BUCKET, CREDENTIALS, Harness, refusal, REGION } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start({ name: 'versions', versioned: true })));
afterEach(async () => harness.stop());

type Fields = Record<string, string>;
const Key = 'uploads/a b.jpg';
const CONDITIONS: PresignedPostOptions['Conditions'] = [['content-length-range', 2, 10], ['starts-with', '$Content-Type', 'image/']];
const DEFAULTS: Fields = { 'Content-Type': 'image/jpeg' };

async function presign(options: Partial<PresignedPostOptions> = {}) {
  return createPresignedPost(harness.client, { Bucket: BUCKET, Key, Conditions: CONDITIONS, ...options });
}

async function submit(url: string, fields: Fields, file: string | Blob | undefined = new Blob(['0123']), filename = 'photo.jpg', bucketUrl = url) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (typeof file === 'string') form.append('file', file);
  else if (file) form.append('file', file, filename);
  return read(await fetch(bucketUrl, { method: 'POST', body: form, redirect: 'manual' }));
}

async function read(response: Response) {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** A policy of our own, for what the SDK would not write. */
async function submitPolicy(policy: unknown, fields: Fields = {}, change: (fields: Fields) => Fields = (unchanged) => unchanged) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [date.slice(0, 8), REGION, 's3', 'aws4_request'];
  const encoded = Buffer.from(typeof policy === 'string' ? policy : JSON.stringify(policy)).toString('base64');
  const key = scope.reduce<string | Buffer>((derived, part) => createHmac('sha256', derived).update(part).digest(), `AWS4${CREDENTIALS.secretAccessKey}`);
  return submit(`${harness.s3.endpoint}/${BUCKET}`, change({
    'key': Key,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': [CREDENTIALS.accessKeyId, ...scope].join('/'),
    'x-amz-date': date,
    ...fields,
    'policy': encoded,
    'x-amz-signature': createHmac('sha256', key).update(encoded).digest('hex'),
  }));
}

const OPEN = [['starts-with', '$key', ''], ['starts-with', '$x-amz-algorithm', ''], ['starts-with', '$x-amz-credential', ''], ['starts-with', '$x-amz-date', ''], { bucket: BUCKET }];
const LATER = new Date(Date.now() + 60_000).toISOString();

describe('an upload that the policy allows', () => {
  test('is stored with what the form says about it', async () => {
    const { url, fields } = await presign({ Fields: { 'x-amz-meta-owner': 'jane', 'Cache-Control': 'no-cache', 'acl': 'bucket-owner-full-control' } });

    const answer = await submit(url, { ...fields, ...DEFAULTS });

    expect(answer).toMatchObject({ status: 204, body: '', headers: { etag: '"eb62f6b9306db575c2d596b1279627a4"', location: `${harness.s3.endpoint}/${BUCKET}/uploads/a%20b.jpg` } });
    const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(object).toMatchObject({ ContentType: 'image/jpeg', CacheControl: 'no-cache', Metadata: { owner: 'jane' } });
    expect(await object.Body!.transformToString()).toBe('0123');
    expect(harness.events.map(({ eventName, s3 }) => [eventName, s3.object.key, s3.object.size])).toEqual([['ObjectCreated:Post', 'uploads/a+b.jpg', 4]]);
  });

  test.each(['01', '0123456789'])('may have the size at a bound: %s', async (body) => {
    const { url, fields } = await presign();

    expect(await submit(url, { ...fields, ...DEFAULTS }, new Blob([body]))).toMatchObject({ status: 204 });
  });

  test('may name the file in the key', async () => {
    const { url, fields } = await presign({ Key: 'uploads/${filename}' });

    await submit(url, { ...fields, ...DEFAULTS }, new Blob(['0123']), 'größe $& 1.jpg');

    expect(harness.events[0].s3.object.key).toBe('uploads/gr%C3%B6%C3%9Fe+%24%26+1.jpg');
  });

  test('may have the file as text', async () => {
    const { url, fields } = await presign();

    expect(await submit(url, { ...fields, ...DEFAULTS }, '0123')).toMatchObject({ status: 204 });
    expect((await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength).toBe(4);
  });

  test('may have fields that S3 is told to ignore', async () => {
    const { url, fields } = await presign();

    expect(await submit(url, { ...fields, ...DEFAULTS, 'x-ignore-this': 'a' })).toMatchObject({ status: 204 });
  });

  test('gets a version in a versioned bucket', async () => {
    const { url, fields } = await presign({ Bucket: 'versions' });

    expect((await submit(url, { ...fields, ...DEFAULTS })).headers['x-amz-version-id']).toBe(harness.events[0].s3.object.versionId);
  });

  test.each([['200', 200], ['204', 204], ['404', 204]])('gets the status that success_action_status %s asks for', async (asked, status) => {
    const { url, fields } = await presign({ Fields: { success_action_status: asked } });

    expect(await submit(url, { ...fields, ...DEFAULTS })).toMatchObject({ status, body: '' });
  });

  test('gets a document for success_action_status 201', async () => {
    const { url, fields } = await presign({ Fields: { success_action_status: '201' } });

    const { status, body } = await submit(url, { ...fields, ...DEFAULTS });

    expect(status).toBe(201);
    expect(body).toContain(`<Location>${harness.s3.endpoint}/${BUCKET}/uploads/a%20b.jpg</Location><Bucket>${BUCKET}</Bucket><Key>${Key}</Key>`);
  });

  test('is redirected', async () => {
    const { url, fields } = await presign({ Fields: { success_action_redirect: 'http://localhost/done?a=b' } });

    const { status, headers } = await submit(url, { ...fields, ...DEFAULTS });

    expect(status).toBe(303);
    expect(headers.location).toBe(`http://localhost/done?a=b&bucket=${BUCKET}&key=uploads%2Fa+b.jpg&etag=%22eb62f6b9306db575c2d596b1279627a4%22`);
  });

  test('is not redirected to what is no URL', async () => {
    const { url, fields } = await presign({ Fields: { success_action_redirect: 'done' } });

    expect(await submit(url, { ...fields, ...DEFAULTS })).toMatchObject({ status: 204 });
  });

  test('is compared with its checksum', async () => {
    const { url, fields } = await presign({ Fields: { 'x-amz-checksum-sha1': createHash('sha1').update('0123').digest('base64') } });

    expect(await submit(url, { ...fields, ...DEFAULTS }, new Blob(['0124']))).toMatchObject(refusal(400, 'BadDigest'));
    harness.expectNothingStored();
    expect(await submit(url, { ...fields, ...DEFAULTS })).toMatchObject({ status: 204 });
  });

  test('may give a list of types that all match', async () => {
    const { url, fields } = await presign();

    expect(await submit(url, { ...fields, 'Content-Type': 'image/png, image/jpeg' })).toMatchObject({ status: 204 });
  });
});

describe('fails for', () => {
  test.each<[string, (fields: Fields) => Fields, number, string, string?]>([
    ['another key', (fields) => ({ ...fields, key: 'uploads/b.jpg' }), 403, 'AccessDenied', 'Policy Condition failed'],
    ['another bucket in the form', (fields) => ({ ...fields, bucket: 'other' }), 403, 'AccessDenied', 'Policy Condition failed'],
    ['another type', (fields) => ({ ...fields, 'Content-Type': 'text/html' }), 403, 'AccessDenied', 'Policy Condition failed'],
    ['a list with another type', (fields) => ({ ...fields, 'Content-Type': 'image/png,text/html' }), 403, 'AccessDenied', 'Policy Condition failed'],
    ['no type', ({ 'Content-Type': _removed, ...fields }) => fields, 403, 'AccessDenied', 'Policy Condition failed'],
    ['a further field', (fields) => ({ ...fields, 'x-amz-meta-a': 'b' }), 403, 'AccessDenied', 'Extra input fields: x-amz-meta-a'],
    ['a further ACL', (fields) => ({ ...fields, acl: 'public-read' }), 403, 'AccessDenied', 'Extra input fields: acl'],
    ['a redirect that is not allowed', (fields) => ({ ...fields, success_action_redirect: 'http://evil' }), 403, 'AccessDenied', 'Extra input fields'],
    ['no policy', ({ Policy: _removed, ...fields }) => fields, 403, 'AccessDenied'],
    ['another policy', (fields) => ({ ...fields, Policy: Buffer.from('{}').toString('base64') }), 403, 'SignatureDoesNotMatch'],
    ['another signature', (fields) => ({ ...fields, 'X-Amz-Signature': '0'.repeat(64) }), 403, 'SignatureDoesNotMatch'],
    ['no signature', ({ 'X-Amz-Signature': _removed, ...fields }) => fields, 400, 'InvalidArgument'],
    ['no key', ({ key: _removed, ...fields }) => fields, 400, 'InvalidArgument'],
    ['an unknown access key', (fields) => ({ ...fields, 'X-Amz-Credential': fields['X-Amz-Credential'].replace('AKIDLOCAL', 'OTHER') }), 403, 'InvalidAccessKeyId'],
    ['another region', (fields) => ({ ...fields, 'X-Amz-Credential': fields['X-Amz-Credential'].replace(REGION, 'us-east-1') }), 400, 'AuthorizationQueryParametersError'],
    ['another date', (fields) => ({ ...fields, 'X-Amz-Date': '20200101T000000Z' }), 400, 'AuthorizationQueryParametersError'],
    ['another algorithm', (fields) => ({ ...fields, 'X-Amz-Algorithm': 'AWS4-ECDSA' }), 400, 'InvalidRequest'],
    ['a session token', (fields) => ({ ...fields, 'x-amz-security-token': 'abc' }), 400, 'InvalidToken'],
    ['fields of more than 20 KB', (fields) => ({ ...fields, 'x-ignore-a': 'a'.repeat(20_000) }), 400, 'MaxPostPreDataLengthExceededError'],
    ['a repeated field', (fields) => ({ ...fields, Key: fields.key }), 400, 'InvalidArgument'],
  ])('%s, and stores nothing', async (_name, change, status, code, message = '') => {
    const { url, fields } = await presign();

    const answer = await submit(url, change({ ...fields, ...DEFAULTS }));

    expect(answer).toMatchObject(refusal(status, code));
    expect(answer.body).toContain(message);
    harness.expectNothingStored();
  });

  test.each([
    ['larger', '01234567890', 'EntityTooLarge', '<MaxSizeAllowed>10</MaxSizeAllowed>'],
    ['much larger', '0'.repeat(5_000_000), 'EntityTooLarge', '<MaxSizeAllowed>10</MaxSizeAllowed>'],
    ['smaller', '0', 'EntityTooSmall', '<MinSizeAllowed>2</MinSizeAllowed>'],
    ['empty', '', 'EntityTooSmall', '<ProposedSize>0</ProposedSize>'],
  ])('a file that is %s, and stores nothing', async (_name, body, code, detail) => {
    const { url, fields } = await presign();

    const answer = await submit(url, { ...fields, ...DEFAULTS }, new Blob([body]));

    expect(answer).toMatchObject(refusal(400, code));
    expect(answer.body).toContain(detail);
    harness.expectNothingStored();
  });

  test('an expired policy, and stores nothing', async () => {
    const { url, fields } = await presign({ Expires: -1 });

    const answer = await submit(url, { ...fields, ...DEFAULTS });

    expect(answer).toMatchObject(refusal(403, 'AccessDenied'));
    expect(answer.body).toContain('Policy expired');
    harness.expectNothingStored();
  });

  test('a policy for another bucket, and stores nothing', async () => {
    const { url, fields } = await presign();

    expect(await submit(url, { ...fields, ...DEFAULTS }, undefined, undefined, `${harness.s3.endpoint}/versions`)).toMatchObject(refusal(403, 'AccessDenied'));
    const { bucket: _removed, ...others } = fields;
    expect(await submit(url, { ...others, ...DEFAULTS }, undefined, undefined, `${harness.s3.endpoint}/versions`)).toMatchObject(refusal(403, 'AccessDenied'));
    harness.expectNothingStored();
  });

  test('metadata of more than 2 KB, a long key and a public ACL, although the policy allows them', async () => {
    const tooMuch: [Partial<PresignedPostOptions>, string][] = [
      [{ Fields: { 'x-amz-meta-a': 'a'.repeat(2048) } }, 'MetadataTooLarge'],
      [{ Key: 'a'.repeat(1025) }, 'KeyTooLongError'],
      [{ Fields: { acl: 'public-read' } }, 'AccessControlListNotSupported'],
    ];
    for (const [options, code] of tooMuch) {
      const { url, fields } = await presign(options);
      expect(await submit(url, { ...fields, ...DEFAULTS })).toMatchObject(refusal(400, code));
    }
    harness.expectNothingStored();
  });

  test.each<[string, unknown]>([
    ['no JSON', '{"expiration":'],
    ['no object', []],
    ['no expiration', { conditions: OPEN }],
    ['an expiration that is no date', { expiration: 'tomorrow', conditions: OPEN }],
    ['no conditions', { expiration: LATER }],
    ['an unknown operator', { expiration: LATER, conditions: [...OPEN, ['ends-with', '$key', '.jpg']] }],
    ['a field without dollar', { expiration: LATER, conditions: [...OPEN, ['eq', 'key', Key]] }],
    ['a value that is no string', { expiration: LATER, conditions: [...OPEN, { success_action_status: 200 }] }],
    ['two fields in one condition', { expiration: LATER, conditions: [...OPEN, { a: 'b', c: 'd' }] }],
    ['a size that is no number', { expiration: LATER, conditions: [...OPEN, ['content-length-range', 0, 'much']] }],
  ])('a policy with %s, and stores nothing', async (_name, policy) => {
    expect(await submitPolicy(policy)).toMatchObject(refusal(400, 'InvalidPolicyDocument'));
    harness.expectNothingStored();
  });

  test('a policy that does not name the bucket', async () => {
    expect(await submitPolicy({ expiration: LATER, conditions: OPEN })).toMatchObject({ status: 204 });
    expect(await submitPolicy({ expiration: LATER, conditions: OPEN.slice(0, -1) })).toMatchObject(refusal(403, 'AccessDenied'));
    expect(harness.events).toHaveLength(1);
  });

  test('the stricter of two conditions', async () => {
    const conditions = [...OPEN, ['content-length-range', 0, 100], ['content-length-range', 0, 3]];

    expect(await submitPolicy({ expiration: LATER, conditions })).toMatchObject(refusal(400, 'EntityTooLarge'));
    expect(await submitPolicy({ expiration: LATER, conditions: [...OPEN, ['starts-with', '$key', 'other/']] })).toMatchObject(refusal(403, 'AccessDenied'));
    harness.expectNothingStored();
  });

  test('a form without file, with two files, and with a file in another field', async () => {
    const { url, fields } = await presign();
    const form = (...names: string[]) => {
      const data = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...DEFAULTS })) data.append(name, value);
      for (const name of names) data.append(name, new Blob(['0123']), 'a.jpg');
      return data;
    };
    for (const body of [form(), form('file', 'file'), form('photo')]) {
      expect(await read(await fetch(url, { method: 'POST', body }))).toMatchObject(refusal(400, 'InvalidArgument'));
    }
    harness.expectNothingStored();
  });

  test('a body that is no form', async () => {
    expect(await harness.sendAsIs({ method: 'POST', path: `/${BUCKET}`, body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }))
      .toMatchObject(refusal(412, 'PreconditionFailed'));
  });

  test('a form that ends too early, in the file or after it', async () => {
    const { fields } = await presign();
    const parts = Object.entries({ ...fields, ...DEFAULTS }).map(([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('');
    const start = `${parts}--X\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n0123`;
    const headers = { 'content-type': 'multipart/form-data; boundary=X' };
    for (const body of [parts, start, `${start}\r\n--X`, `${start}\r\n--X\r\nContent-Dispo`]) {
      expect(await harness.sendAsIs({ method: 'POST', path: `/${BUCKET}`, headers, body })).toMatchObject(refusal(400, 'MalformedPOSTRequest'));
    }
    harness.expectNothingStored();
    expect(await harness.sendAsIs({ method: 'POST', path: `/${BUCKET}`, headers, body: `${start}\r\n--X--\r\n` })).toMatchObject({ status: 204 });
  });
});
