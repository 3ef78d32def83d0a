import sharp from 'sharp';
import { picture, RunningApp } from '../../helpers/running-app';
import { UploadClient, UploadForm } from '../../helpers/upload-client';

jest.setTimeout(60_000);

const SQUARES = [['100x100', 100, 100], ['200x200', 200, 200], ['400x400', 400, 400]];

let app: RunningApp;
let client: UploadClient;
beforeAll(async () => {
  app = await RunningApp.example('presigned-fan-out');
  client = new UploadClient(app.app.output('ApiUrl'), '/upload-image');
});
afterAll(async () => app?.stop());
afterEach(() => jest.restoreAllMocks());

/** Uploads by a form and waits for the state machine. */
async function upload(form: UploadForm, file: Buffer): Promise<void> {
  expect((await client.submit(form, file)).status).toBe(204);
  await app.app.idle();
}

const executions = () => app.app.stateMachines.flatMap((machine) => machine.executions);
const lastExecution = () => executions().at(-1);

test('an image becomes JPEGs of 400, 200 and 100 pixels square', async () => {
  const form = await client.form('harbour.jpg');
  await upload(form, await picture(800, 600));
  const { status, fileName, renditions } = await client.image(form.imageId);

  expect({ status, fileName }).toEqual({ status: 'COMPLETED', fileName: 'harbour.jpg' });
  expect(renditions.map(({ name, width, height }) => [name.replace('.jpeg', ''), width, height])).toEqual(SQUARES);
  for (const { url, width, height } of renditions) {
    const file = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width, height });
  }
  expect(lastExecution()).toMatchObject({ status: 'SUCCEEDED' });
  expect((await app.outputKeys()).sort()).toEqual(['100x100', '200x200', '400x400'].map((name) => `${form.fields.key}/${name}.jpg`));
});

test.each([
  [{ width: 640, height: 360 }, [640, 360]],
  [{ width: 500 }, [500, 375]],
  [{ width: 2000, height: 2000 }, [2000, 2000]],
])('the size %j that the client asks for is made as well', async (size, [width, height]) => {
  const form = await client.form('wide.jpg', size);
  await upload(form, await picture(800, 600));
  const { renditions } = await client.image(form.imageId);

  expect(renditions).toHaveLength(4);
  expect(renditions.find(({ name }) => name === 'requested.jpeg')).toMatchObject({ width, height });
  expect(lastExecution()).toMatchObject({ status: 'SUCCEEDED' });
});

test('the record waits for the upload from the moment the form was handed out', async () => {
  const { imageId } = await client.form('later.jpg');

  expect(await client.image(imageId)).toMatchObject({ status: 'PENDING', fileName: 'later.jpg', renditions: [] });
});

test('pages of the origin may call the API and upload, others may not', async () => {
  const { url } = await client.form('cat.jpg');
  // A form needs no header that browsers ask for before.
  for (const [target, asked] of [[`${app.app.output('ApiUrl')}/upload-image`, { 'access-control-request-headers': 'content-type' }], [url, {}]] as const) {
    const [ours, others] = await Promise.all(['http://localhost:3000', 'https://example.com'].map((origin) => (
      fetch(target, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', ...asked } })
    )));

    expect(ours.ok).toBe(true);
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(ours.headers.get('access-control-allow-methods')).toContain('POST');
    expect(others.headers.get('access-control-allow-origin')).toBeNull();
  }
});

const IMAGE = { fileName: 'cat.jpg', contentType: 'image/jpeg' };
test.each<[string, unknown, number, string]>([
  ['no JSON', '{', 400, 'INVALID_REQUEST'],
  ['no object', '[]', 400, 'INVALID_REQUEST'],
  ['no file name', { contentType: 'image/jpeg' }, 400, 'INVALID_REQUEST'],
  ['a path for a name', { ...IMAGE, fileName: '../cat.jpg' }, 400, 'INVALID_REQUEST'],
  ['a name that is too long', { ...IMAGE, fileName: `${'x'.repeat(255)}.jpg` }, 400, 'INVALID_REQUEST'],
  ['a width of nothing', { ...IMAGE, width: 0 }, 400, 'INVALID_REQUEST'],
  ['half a pixel', { ...IMAGE, width: 10.5 }, 400, 'INVALID_REQUEST'],
  ['a width as text', { ...IMAGE, width: '10' }, 400, 'INVALID_REQUEST'],
  ['a height beyond the limit of the owner', { ...IMAGE, height: 2001 }, 400, 'INVALID_REQUEST'],
  ['a field that is not known', { ...IMAGE, quality: 100 }, 400, 'INVALID_REQUEST'],
  ['another type', { ...IMAGE, contentType: 'text/html' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('fails for a request with %s, and no record is made', async (_, request, status, code) => {
  const before = (await app.items()).length;

  expect(await client.ask(request)).toMatchObject({ status, body: { code, message: expect.stringMatching(/must/) } });
  expect(await app.items()).toHaveLength(before);
});

describe('a form that was tampered with', () => {
  const MAX_BYTES = 64 * 1024 * 1024;

  test.each<[string, (fields: Record<string, string>) => void]>([
    ['another key', (fields) => { fields.key = 'somebody/else.jpg'; }],
    ['another image id', (fields) => { fields['x-amz-meta-image-id'] = 'other'; }],
    ['no image id', (fields) => { delete fields['x-amz-meta-image-id']; }],
    ['another size', (fields) => { fields['x-amz-meta-requested-width'] = '2000'; }],
    ['another content type', (fields) => { fields['Content-Type'] = 'text/html'; }],
    ['another policy', (fields) => {
      const policy = JSON.parse(Buffer.from(fields.Policy, 'base64').toString()) as object;
      fields.Policy = Buffer.from(JSON.stringify({ ...policy, conditions: [] })).toString('base64');
    }],
  ])('fails with %s, and nothing is stored', async (_, tamper) => {
    const [{ url, fields }, before] = [await client.form('cat.jpg', { width: 50 }), await app.keys(app.input)];
    tamper(fields);

    expect((await client.submit({ url, fields }, await picture())).status).toBe(403);
    expect(await app.keys(app.input)).toEqual(before);
  });

  test('fails with a larger file, and nothing is stored', async () => {
    const [form, before] = [await client.form('cat.jpg'), await app.keys(app.input)];

    expect(await client.submit(form, Buffer.alloc(MAX_BYTES + 1))).toMatchObject({ status: 400, body: expect.stringContaining('EntityTooLarge') });
    expect(await app.keys(app.input)).toEqual(before);
  });

  test('fails when it has expired, and nothing is stored', async () => {
    const [form, before] = [await client.form('cat.jpg'), await app.keys(app.input)];
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 301_000);
    const answer = await client.submit(form, await picture());
    jest.restoreAllMocks();

    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Policy expired') });
    expect(await app.keys(app.input)).toEqual(before);
  });
});

test('an image that cannot be read is recorded as failed, and is no dead letter', async () => {
  const form = await client.form('broken.jpg');
  await upload(form, (await picture(800, 600)).subarray(0, 300));

  expect(await client.image(form.imageId)).toMatchObject({ status: 'FAILED', failure: { code: 'CORRUPT_IMAGE' }, renditions: [] });
  expect(lastExecution()).toMatchObject({ status: 'SUCCEEDED' });
  expect(app.deadLetters).toEqual([]);
});

test('a deleted image goes with its renditions', async () => {
  const form = await client.form('short lived.jpg');
  await upload(form, await picture());
  expect((await client.send(`/images/${form.imageId}`, { method: 'DELETE' })).status).toBe(202);
  await app.app.idle();

  expect((await client.send(`/images/${form.imageId}`)).status).toBe(404);
  expect((await app.outputKeys()).filter((key) => key.startsWith(form.fields.key))).toEqual([]);
});

test('every execution that was started succeeded', () => {
  expect(executions().length).toBeGreaterThan(5);
  expect(new Set(executions().map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
  expect(app.app.pending).toBe(0);
});
