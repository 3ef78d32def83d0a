import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tempFolder } from './temp-folder';
import { buildPayload } from '../../assets/build/build-payload';
import { architectures, payloadLayout } from '../../assets/build/layout';
import { CONFIG_VARIABLE, CONFIG_VERSION, IMAGE_API_VARIABLE, renderImageApiConfig } from '../../src/contract';

const root = tempFolder();
const own = architectures.find((architecture) => architecture === process.arch);
const folder = payloadLayout(root).folder(own ?? 'x64');
// Elsewhere the binaries cannot be loaded; the other tests still look into them.
const onLambdasLinux = process.platform === 'linux' && own ? describe : describe.skip;

const config = {
  version: CONFIG_VERSION,
  outputBucket: 'output',
  outputKey: '{key}/{profile}.{ext}',
  profileSets: [[{ name: 'thumbnail', width: 200, formats: [{ format: 'jpeg' }] }]],
  sources: [{ bucket: 'source', prefix: '', outputPrefix: '', profileSet: 0 }],
  processing: {},
  catalog: { table: 'table', partitionKey: 'imageId', imageId: 'key', shards: 1, expireAfter: 0 },
  maxTries: 3,
  pipelineName: 'test',
};

/** Runs a module in a process that has nothing of this checkout: neither its modules nor its environment. */
function run(script: string, environment: Record<string, string> = {}) {
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { AWS_REGION: 'eu-west-1', ...environment } }));
}

const urlOf = (...path: string[]) => JSON.stringify(pathToFileURL(join(folder, ...path)).href);

beforeAll(() => buildPayload({ into: root }), 120_000);

onLambdasLinux('the payload of this architecture', () => {
  test('loads and exports a handler', () => {
    const script = `const module = await import(${urlOf('index.mjs')});
      console.log(JSON.stringify({ handler: typeof module.handler, names: Object.keys(module) }));`;
    expect(run(script, { [CONFIG_VARIABLE]: JSON.stringify(config) })).toEqual({ handler: 'function', names: ['handler'] });
  });

  test('resizes an image with the libvips that it brings', () => {
    const script = `const { default: sharp } = await import(${urlOf('node_modules', 'sharp', 'dist', 'index.mjs')});
      const source = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } }).png().toBuffer();
      const { data, info } = await sharp(source).resize({ width: 10 }).jpeg().toBuffer({ resolveWithObject: true });
      const { dominant } = await sharp(data).stats();
      const libraries = process.report.getReport().sharedObjects.filter((path) => /libvips|sharp/.test(path));
      console.log(JSON.stringify({ format: info.format, width: info.width, height: info.height, red: dominant.r > 200, libraries }));`;
    const { libraries, ...image } = run(script);
    expect(image).toEqual({ format: 'jpeg', width: 10, height: 5, red: true });
    expect(libraries).toHaveLength(2);
    expect(libraries.filter((path: string) => !path.startsWith(join(folder, 'node_modules', '@img')))).toEqual([]);
  });

  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'])('reads and writes %s', (format) => {
    const script = `const { default: sharp } = await import(${urlOf('node_modules', 'sharp', 'dist', 'index.mjs')});
      const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#00ff00' } }).${format}().toBuffer();
      console.log(JSON.stringify((await sharp(image).metadata()).width));`;
    expect(run(script)).toBe(8);
  });
});

onLambdasLinux('texts of drawings', () => {
  test('are drawn with the font that is shipped, on a machine without any', () => {
    const script = `process.env.FONTCONFIG_FILE = ${JSON.stringify(join(folder, 'fonts.conf'))};
      const { default: sharp } = await import(${urlOf('node_modules', 'sharp', 'dist', 'index.mjs')});
      const svg = (content) => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><text x="4" y="30" font-size="30">' + content + '</text></svg>');
      const draw = (content) => sharp(svg(content)).raw().toBuffer();
      const [text, other] = [await draw('HaHa'), await draw('\u6f22\u5b57')];
      console.log(JSON.stringify({ ink: text.reduce((sum, value) => sum + value, 0) > 10_000, boxes: text.equals(other) }));`;
    expect(run(script)).toEqual({ ink: true, boxes: false });
  });
});

describe('the decoder of HEIC', () => {
  test('decodes in a thread with the libheif that it brings, on every machine', () => {
    const heic = join(__dirname, '..', 'fixtures', 'heic', 'quadrants.heic');
    const script = `const { Worker } = await import('node:worker_threads');
      const { readFileSync } = await import('node:fs');
      const ask = (question) => new Promise((resolve, reject) => new Worker(new URL(${urlOf('heic-decoder.mjs')}), {
        execArgv: [], workerData: { file: readFileSync(${JSON.stringify(heic)}), maxPixels: 10_000, ...question },
      }).once('message', resolve).once('error', reject));
      const { answer: { width, height } } = await ask({ ask: 'header' });
      const { answer: png } = await ask({ ask: 'png', metadata: { grey: false } });
      console.log(JSON.stringify({ width, height, png: Buffer.from(png).toString('latin1', 1, 4) }));`;
    expect(run(script)).toEqual({ width: 128, height: 64, png: 'PNG' });
  });
});

describe('the code of the upload API', () => {
  const apiConfig = renderImageApiConfig({
    serviceName: 'test',
    upload: {
      bucket: 'source',
      prefix: '',
      source: { prefix: '', include: [], exclude: [] },
      path: '/uploads',
      method: 'POST',
      maxBytes: 100,
      contentTypes: ['image/png'],
      expirySeconds: 60,
    },
    links: { expirySeconds: 60 },
    catalog: { table: 'table', partitionKey: 'imageId', shards: 1 },
    deletes: false,
  });

  test('loads and answers on every machine', () => {
    const event = {
      routeKey: 'POST /uploads', headers: { 'content-type': 'application/json' }, body: '{}', isBase64Encoded: false, requestContext: { requestId: '1' },
    };
    const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(join(payloadLayout(root).imageApi, 'index.mjs')).href)});
      console.log(JSON.stringify(await handler(${JSON.stringify(event)}, {})));`;
    expect(run(script, { [IMAGE_API_VARIABLE]: JSON.stringify(apiConfig) })).toMatchObject({
      statusCode: 400, body: expect.stringContaining('fileName must be a name of 1 to 255 characters'),
    });
  });
});
