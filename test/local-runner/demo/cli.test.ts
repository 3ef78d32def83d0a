import { execFileSync, spawn } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { IncomingMessage, request } from 'http';
import { AddressInfo, createServer } from 'net';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import sharp from 'sharp';
import { Visitor } from '../../../local-runner/demo/visitor';
import { picture } from '../../helpers/running-app';

jest.setTimeout(120_000);

const REPOSITORY = join(__dirname, '..', '..', '..');

let root: string;
let out: string;
/** The system's directory for temporary files, as the demo sees it. */
let temporary: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'demo-test-'));
  out = join(root, 'out');
  temporary = join(root, 'tmp');
  mkdirSync(temporary);
});
afterEach(() => rmSync(root, { recursive: true }));

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onOutput called with all output so far; it may end the demo by a signal, of which only the first is sent: a second one would end it at once */
async function demo(args: string[], onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void): Promise<Result> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(REPOSITORY, 'local-runner', 'demo', 'cli.ts'), ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, TMPDIR: temporary },
  });
  let [stdout, stderr, interrupted] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput?.(stdout, (signal) => {
      interrupted ||= child.kill(signal);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr };
}

function write(name: string, content: Buffer | string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** In a process of its own: where the handler was loaded before, sharp reads no SVG any more, of which the samples are made. */
function writeSamples(folder: string): void {
  const code = `void require(${JSON.stringify(join(REPOSITORY, 'local-runner/demo/samples'))}).writeSamples(process.argv[1])`;
  execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', code, folder], { cwd: REPOSITORY });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a server answers to a browser that looks for it under a name. */
async function statusFor(host: string, port: number, name: string): Promise<number | undefined> {
  const { statusCode } = await new Promise<IncomingMessage>((resolve, reject) => request({ host, port, headers: { host: name } }, resolve).on('error', reject).end());
  return statusCode;
}

/** What the demo left in the system's directory for temporary files, beside the cache of its loader. */
const remains = () => readdirSync(temporary).filter((name) => !name.startsWith('tsx-'));

const records = () => JSON.parse(readFileSync(join(out, 'records.json'), 'utf8')) as { sourceKey: string; status: string; outputs?: string[]; failure?: { code: string } }[];

test('a mixed folder becomes renditions, records and a contact sheet', async () => {
  const folder = join(root, 'photos');
  mkdirSync(folder);
  writeSamples(folder);
  const { status, stdout, stderr } = await demo(['--once', '--out', out, folder]);

  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/FAILED CORRUPT_IMAGE {2}photos\/broken\.jpg: /);
  expect(stdout).toMatch(/FAILED UNSUPPORTED_FORMAT {2}photos\/notes\.txt: /);
  expect(stdout).toContain('IGNORED  photos/empty.jpg: empty file');
  expect(stdout).toContain(`Contact sheet: file://${out}/index.html`);
  expect(stdout).toMatch(/FAILED UNSUPPORTED_FORMAT {2}photos\/photo from an iPhone\.heic: /);
  expect(stdout).toContain('16 files in');
  expect(stdout).toContain('12 completed, 3 failed, 1 ignored. 36 renditions');

  // One of them marks the file without content, which is no image.
  expect(records().map((record) => record.status).sort()).toEqual([...Array(12).fill('COMPLETED'), 'DELETED', 'FAILED', 'FAILED', 'FAILED']);
  const sunset = records().find(({ sourceKey }) => sourceKey === 'photos/2023/sunset.jpg')!;
  expect(sunset).toMatchObject({ status: 'COMPLETED', uploadedAt: expect.any(String), outputs: expect.any(Array) });
  expect(sunset.outputs!.map((place) => place.slice(place.indexOf('/') + 1)).sort())
    .toEqual(['large', 'medium', 'thumbnail'].map((profile) => `photos/2023/sunset.jpg/${profile}.jpg`));
  const portrait = await sharp(readFileSync(join(out, 'photos', 'portrait from a phone.jpg', 'medium.jpg'))).metadata();
  expect(portrait).toMatchObject({ format: 'jpeg', width: 600, height: 800 });
  expect(portrait.orientation).toBeUndefined();
  expect(existsSync(join(out, 'photos', 'Übersicht', 'Größe & Gewicht +50 %.png', 'large.jpg'))).toBe(true);

  const html = readFileSync(join(out, 'index.html'), 'utf8');
  const links = [...html.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, link]) => decodeURIComponent(link));
  expect(links.length).toBeGreaterThan(36);
  expect(links.filter((link) => !statSync(join(out, link)).isFile())).toEqual([]);
  expect(readFileSync(join(out, 'function.log'), 'utf8')).toContain('image completed');
  expect(remains()).toEqual([]);
});

test('with --strict, a file that is no image makes the status 1', async () => {
  const { status, stderr } = await demo(['--once', '--strict', '--example', 'minimal', '--out', out, write('fine.jpg', await picture()), write('notes.txt', 'no image')]);

  expect(status).toBe(1);
  expect(stderr).toContain('--strict');
});

test('files from several folders keep their paths, and hostile names do no harm', async () => {
  const image = await picture();
  const files = ['a/x.jpg', 'b/x.jpg', 'b/<img src=x onerror=alert(1)>.jpg', "b/it's \u001b[31mred.jpg"].map((name) => write(name, image));
  const { status, stdout } = await demo(['--out', out, '--once', ...files]);

  expect(status).toBe(0);
  expect(readdirSync(join(out, 'b')).sort()).toEqual(['<img src=x onerror=alert(1)>.jpg', "it's \u001b[31mred.jpg", 'x.jpg']);
  expect(existsSync(join(out, 'a', 'x.jpg', 'thumbnail.jpg'))).toBe(true);
  expect(stdout).not.toContain('\u001b[31mred');
  expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toContain('<img src=x');
});

test('the minimal example can be run as well', async () => {
  const { status } = await demo(['--once', '--example', 'minimal', '--out', out, write('harbour.jpg', await picture(400, 300))]);

  expect(status).toBe(0);
  expect(await sharp(readFileSync(join(out, 'processed', 'thumb_harbour.jpg'))).metadata()).toMatchObject({ width: 200, height: 150 });
  expect(records()).toMatchObject([{ image_name: 'harbour.jpg', status: 'COMPLETED' }]);
});

test.each<[string, string, RegExp]>([
  ['api-put-upload', 'resized-harbour.jpg', /^1 file in .* 1 completed\. 1 rendition /m],
  ['presigned-fan-out', 'harbour.jpg/400x400.jpg', /^1 file in .* 1 completed\. 3 renditions /m],
  ['presigned-site', 'uploads/harbour.jpg/thumbnail.avif', /^1 file in .* 1 completed\. 9 renditions /m],
])('the example %s can be run without its page', async (example, rendition, summary) => {
  const { status, stdout } = await demo(['--once', '--example', example, '--out', out, write('harbour.jpg', await picture(400, 300))]);

  expect(status).toBe(0);
  expect(stdout).toMatch(summary);
  expect(existsSync(join(out, ...rendition.split('/')))).toBe(true);
});

test('an example without a page is run in the terminal', async () => {
  const { status, stdout } = await demo(['--example', 'minimal', '--out', out, write('harbour.jpg', await picture(400, 300))]);

  expect(status).toBe(0);
  expect(stdout).toContain('Contact sheet: ');
});

describe('the gallery', () => {
  const address = (stdout: string) => /Gallery: (http:\S+)/.exec(stdout)?.[1];

  test('is there before the uploads, which become images one after another, and ends with Ctrl-C', async () => {
    const names = ['harbour.jpg', 'meadow.jpg', 'notes.txt'];
    const files = await Promise.all(names.map(async (name) => write(name, name.endsWith('.txt') ? 'no image' : await picture(400, 300))));
    let seen: Promise<[page: string, images: { fileName: string; status: string; renditions: object[] }[]]> | undefined;
    const port = await freePort();
    const { status, stdout, stderr } = await demo(['--port', String(port), '--out', out, ...files], (printed, kill) => {
      if (seen || !printed.includes('Ctrl-C ends it')) return;
      seen = look(address(printed)!).finally(() => kill('SIGINT'));
    });
    const [page, images] = await seen!;

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(address(stdout)).toBe(`http://127.0.0.1:${port}/`);
    expect(stdout.indexOf('Gallery: ')).toBeLessThan(stdout.indexOf('harbour.jpg, '));
    expect(stdout).toMatch(/harbour\.jpg, .* COMPLETED, 9 renditions\n.*meadow\.jpg, .* COMPLETED, 9 renditions\n.*notes\.txt, 8 B: refused: contentType must be one of/);
    expect(page).toContain('<!doctype html>');
    expect(images.map(({ fileName, status: state, renditions }) => [fileName, state, renditions.length]).sort()).toEqual([['harbour.jpg', 'COMPLETED', 6], ['meadow.jpg', 'COMPLETED', 6]]);
    expect(remains()).toEqual([]);
  });

  // Other systems have one address of their own, which nobody else can reach.
  (process.platform === 'linux' ? test : test.skip)('is where --host says, with all that a phone needs of it, and nowhere else', async () => {
    const port = await freePort();
    const [first, second] = [write('first.jpg', await picture(400, 300)), write('second.jpg', await picture(300, 200))];
    let seen: Promise<unknown[]> | undefined;
    const { status, stdout } = await demo(['--host', '127.0.0.2', '--port', String(port), '--qr', '--out', out, first], (printed, kill) => {
      if (seen || !printed.includes('Ctrl-C ends it')) return;
      seen = visit(address(printed)!, second).finally(() => kill('SIGINT'));
    });
    const [hosts, pictures, others] = await seen!;

    expect(status).toBe(0);
    expect(address(stdout)).toBe(`http://127.0.0.2:${port}/`);
    expect(stdout).toMatch(/[\u2580-\u2588]{9}/);
    expect(hosts).toEqual(['127.0.0.2']);
    expect(pictures).toBe(true);
    expect(others).toEqual([421, 'ECONNREFUSED']);

    async function visit(url: string, path: string): Promise<unknown[]> {
      const visitor = await Visitor.of(url);
      await visitor.upload(path);
      const { api } = await (await fetch(new URL('config.json', url))).json() as { api: string };
      const { images } = await (await fetch(`${api}/images`)).json() as { images: { renditions: { url: string }[] }[] };
      const links = images.flatMap(({ renditions }) => renditions.map((rendition) => rendition.url));
      const loaded = await Promise.all(links.map(async (link) => (await fetch(link)).ok));
      const rebound = await statusFor('127.0.0.2', port, 'gallery.example.com');
      const elsewhere = await fetch(`http://127.0.0.1:${port}/`).then(() => 'answers', (error: { cause: { code: string } }) => error.cause.code);
      return [[...new Set([api, ...links].map((link) => new URL(link).hostname))], loaded.length > 0 && loaded.every(Boolean), [rebound, elsewhere]];
    }
  });

  async function look(url: string): Promise<[page: string, images: never[]]> {
    const page = await (await fetch(url)).text();
    const { api } = await (await fetch(new URL('config.json', url))).json() as { api: string };
    return [page, (await (await fetch(`${api}/images`)).json() as { images: never[] }).images];
  }

  test('tells of an image that cannot be read, and goes on', async () => {
    const broken = write('a broken.jpg', (await picture(800, 600)).subarray(0, 300));
    const { status, stdout } = await demo(['--out', out, broken, write('b fine.jpg', await picture())], (printed, kill) => {
      if (printed.includes('Ctrl-C ends it')) kill('SIGTERM');
    });

    expect(status).toBe(0);
    expect(stdout).toMatch(/a broken\.jpg, 300 B: FAILED CORRUPT_IMAGE: .+\n.*b fine\.jpg, .* COMPLETED/);
  });

  test('is left alone in the middle of its uploads by Ctrl-C', async () => {
    const files = await Promise.all(Array.from({ length: 20 }, async (_, index) => write(`${index}.jpg`, await picture())));
    const { status, stdout } = await demo(['--out', out, ...files], (printed, kill) => {
      if (printed.includes('COMPLETED')) kill('SIGINT');
    });

    expect(status).toBe(0);
    expect(stdout).not.toContain('That was all');
    expect(stdout).toMatch(/The gallery has ended, and its images are gone\.\n$/);
    expect(remains()).toEqual([]);
  });
});

test('a folder of 150 images is done in one go', async () => {
  const image = await picture();
  for (let index = 0; index < 150; index += 1) write(`many/${index % 10}/${index}.jpg`, image);
  const { status, stdout } = await demo(['--once', '--out', out, join(root, 'many')]);

  expect(status).toBe(0);
  expect(stdout).toContain('processed 150 of 150');
  expect(records()).toHaveLength(150);
});

test.each<[string, string[], RegExp]>([
  ['a path that does not exist', ['--once', '/no/such/file.jpg'], /no such file or folder: \/no\/such\/file\.jpg/],
  ['an unknown option', ['--twice'], /'--twice'/],
  ['an unknown example', ['--example', 'other'], /--example must be one of quick-start, minimal, .*, received "other"/],
  ['an option without its value', ['--out'], /--out/],
  ['a host that is no address', ['--host', 'localhost'], /--host must be an IPv4 address of this machine, which are .*127\.0\.0\.1, received "localhost"/],
  ['the address of another machine', ['--host', '192.0.2.1'], /--host must be an IPv4 address of this machine/],
  ['a QR code of what no phone can reach', ['--qr'], /--qr must come with --host/],
  ['a port that is none', ['--port', '70000'], /--port must be a number from 1 to 65535, received "70000"/],
])('%s ends with status 2 before anything starts', async (_, args, message) => {
  const { status, stdout, stderr } = await demo(args);

  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
});

test('a folder without files and a file as --out end with status 2', async () => {
  mkdirSync(join(root, 'empty'));
  const file = write('file.jpg', await picture());

  expect(await demo(['--once', '--out', out, join(root, 'empty')])).toMatchObject({ status: 2, stderr: expect.stringContaining('no files in') });
  expect(await demo(['--once', '--out', file, file])).toMatchObject({ status: 2, stderr: expect.stringContaining('--out must be a folder') });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it, and nothing is left behind', async (signal) => {
  const image = await picture();
  for (let index = 0; index < 100; index += 1) write(`many/${index}.jpg`, image);
  const { status, stdout: printed } = await demo(['--once', '--out', out, join(root, 'many')], (stdout, kill) => {
    if (stdout.includes('processed')) kill(signal);
  });

  expect(status).toBe(130);
  expect(printed).toMatch(/Interrupted after .*: nothing was written but the log, .*function\.log\n$/);
  expect(remains()).toEqual([]);
});

test('--help tells how to use it', async () => {
  expect(await demo(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run demo -- --once --out DIR FILE_OR_FOLDER...') });
});

test('a file that cannot be uploaded is named, the rest goes on, and the status is 1', async () => {
  const deep = write(`${`${'x'.repeat(200)}/`.repeat(6)}longer than S3 allows.jpg`, await picture());
  const { status, stdout, stderr } = await demo(['--once', '--out', out, write('fine.jpg', await picture()), deep]);

  expect(stdout).toMatch(/ERROR NOT_UPLOADED {2}xx.*longer than S3 allows\.jpg: Your key is too long/);
  expect(stdout).toContain('1 completed');
  expect(stderr).toContain('the pipeline failed');
  expect(status).toBe(1);
});
