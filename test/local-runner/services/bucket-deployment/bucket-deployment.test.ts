import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { BucketDeploymentProperties, deployToBucket } from '../../../../local-runner/services/bucket-deployment/bucket-deployment';
import { Harness } from '../s3/harness';

let harness: Harness;
let folder: string;
let assets: Map<string, string>;
const Bucket = 'site';

beforeEach(async () => {
  harness = await Harness.start({ name: Bucket, versioned: false });
  folder = mkdtempSync(join(tmpdir(), 'bucket-deployment-test-'));
  assets = new Map();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await harness.stop();
});

/** A staged folder; gives its key in the assets bucket. */
function asset(files: Readonly<Record<string, string | Buffer>>): string {
  const key = `${assets.size}.zip`;
  const path = join(folder, `asset.${assets.size}`);
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), body);
  }
  assets.set(key, path);
  return key;
}

function deploy(properties: Partial<BucketDeploymentProperties> & { readonly SourceObjectKeys: readonly string[] }): Promise<void> {
  return deployToBucket({
    properties: { DestinationBucketName: Bucket, ...properties },
    assetOf: (key) => assets.get(key),
    client: harness.client,
    at: 'Stack.Deploy',
  });
}

async function keys(): Promise<string[]> {
  return ((await harness.client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key!);
}

async function object(Key: string) {
  const { Body, ...rest } = await harness.client.send(new GetObjectCommand({ Bucket, Key }));
  return { ...rest, body: Buffer.from(await Body!.transformToByteArray()) };
}

const text = async (key: string) => (await object(key)).body.toString();
const put = (Key: string) => harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'old' }));

test('the files of all sources are there, and the last source wins', async () => {
  await deploy({ SourceObjectKeys: [asset({ 'index.html': 'one', 'js/a b.js': 'a()' }), asset({ 'index.html': 'two' })] });

  expect(await keys()).toEqual(['index.html', 'js/a b.js']);
  expect(await text('index.html')).toBe('two');
});

test.each([
  ['index.html', 'text/html'],
  ['app.js', 'text/javascript'],
  ['PHOTO.JPG', 'image/jpeg'],
  ['data.json', 'application/json'],
  ['logo.svg', 'image/svg+xml'],
  ['app.js.map', 'binary/octet-stream'],
  ['LICENSE', 'binary/octet-stream'],
])('%s is %s', async (name, type) => {
  await deploy({ SourceObjectKeys: [asset({ [name]: 'x' })] });

  expect(await object(name)).toMatchObject({ ContentType: type });
});

test('metadata is that of the deployment', async () => {
  await deploy({
    SourceObjectKeys: [asset({ 'a.html': 'x' })],
    SystemMetadata: { 'cache-control': 'max-age=60, public', 'content-type': 'text/plain', 'expires': 'Wed, 21 Oct 2026 07:28:00 GMT' },
    UserMetadata: { Owner: 'us' },
  });

  expect(await object('a.html')).toMatchObject({ CacheControl: 'max-age=60, public', ContentType: 'text/plain', ExpiresString: 'Wed, 21 Oct 2026 07:28:00 GMT', Metadata: { owner: 'us' } });
});

test('values of the deployment stand for their markers, in the files of their source', async () => {
  const image = Buffer.from([0xff, 0xd8, 0x00, 0xe4, 0x0a]);
  await deploy({
    SourceObjectKeys: [asset({ 'config.json': '{"url":<<marker:0xbaba:0>>,"same":<<marker:0xbaba:0>>}', 'a.jpg': image }), asset({ 'b.txt': '<<marker:0xbaba:0>>' })],
    SourceMarkers: [{ '<<marker:0xbaba:0>>': '"https://ü.example/$&"' }, {}],
    SourceMarkersConfig: [{}, {}],
  });

  expect(JSON.parse(await text('config.json'))).toEqual({ url: 'https://ü.example/$&', same: 'https://ü.example/$&' });
  expect((await object('a.jpg')).body).toEqual(image);
  expect(await text('b.txt')).toBe('<<marker:0xbaba:0>>');
});

test('values are escaped for JSON when the source says so', async () => {
  await deploy({
    SourceObjectKeys: [asset({ 'config.json': '{"text":"<<0>>","number":<<1>>}' })],
    SourceMarkers: [{ '<<0>>': 'a "quoted"\nline', '<<1>>': 5 }],
    SourceMarkersConfig: [{ jsonEscape: 'true' }],
  });

  expect(JSON.parse(await text('config.json'))).toEqual({ text: 'a "quoted"\nline', number: 5 });
});

test('what is no longer there is removed, under the prefix only', async () => {
  await Promise.all(['web/old.html', 'web/keep.bin', 'website.html', 'other/old.html'].map(put));
  await deploy({ SourceObjectKeys: [asset({ 'new.html': 'x' })], DestinationBucketKeyPrefix: 'web', Exclude: ['*.bin'] });

  expect(await keys()).toEqual(['other/old.html', 'web/keep.bin', 'web/new.html', 'website.html']);
});

test.each([['web/', 'web/a.txt'], ['/', 'a.txt'], [undefined, 'a.txt']])('prefix %j makes key %s', async (prefix, key) => {
  await deploy({ SourceObjectKeys: [asset({ 'a.txt': 'x' })], DestinationBucketKeyPrefix: prefix });

  expect(await keys()).toEqual([key]);
});

test.each([[false], ['false']])('nothing is removed with prune %j', async (Prune) => {
  await put('old.html');
  await deploy({ SourceObjectKeys: [asset({ 'new.html': 'x' })], Prune });

  expect(await keys()).toEqual(['new.html', 'old.html']);
});

test('files can be excluded, and included again', async () => {
  await deploy({ SourceObjectKeys: [asset({ 'a.map': 'x', 'js/b.map': 'x', 'js/keep.map': 'x', 'c1.js': 'x', 'c2.js': 'x', 'd.html': 'x' })], Exclude: ['*.map', 'c[!1].js'], Include: ['*keep.map'] });

  expect(await keys()).toEqual(['c1.js', 'd.html', 'js/keep.map']);
});

test('a file is copied as it is when nothing is to be extracted', async () => {
  assets.set('abc.zip', join(folder, 'abc.zip'));
  writeFileSync(join(folder, 'abc.zip'), 'zipped');
  await deploy({ SourceObjectKeys: ['abc.zip'], Extract: false });

  expect(await text('abc.zip')).toBe('zipped');
});

describe('fails for', () => {
  afterEach(async () => expect(await keys()).toEqual([]));

  test('an archive that is to be extracted', async () => {
    const first = asset({ 'a.txt': 'x' });
    assets.set('abc.zip', join(folder, 'abc.zip'));
    writeFileSync(join(folder, 'abc.zip'), 'zipped');

    await expect(deploy({ SourceObjectKeys: [first, 'abc.zip'] })).rejects.toThrow('Stack.Deploy must copy a folder, received "abc.zip": the local runner neither packs nor unpacks');
  });

  test('a source that is no asset of the app', async () => {
    await expect(deploy({ SourceObjectKeys: ['other.zip'] })).rejects.toThrow('Stack.Deploy must have its sources in assets of the app, received "other.zip"');
  });

  test('metadata and properties that are not known', async () => {
    await expect(deploy({ SourceObjectKeys: [asset({ 'a.txt': 'x' })], SystemMetadata: { acl: 'public-read' } })).rejects.toThrow('Stack.Deploy has system metadata "acl"');
    await expect(deploy({ SourceObjectKeys: [asset({ 'a.txt': 'x' })], ...{ Later: true } })).rejects.toThrow('Stack.Deploy has Later, which the local runner does not know');
  });
});
