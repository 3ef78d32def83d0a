import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { Init, Instance, InstanceOptions } from '../../../../local-runner/services/ec2/instance';
import { parseUnit } from '../../../../local-runner/services/ec2/unit';

const BUCKET = 'https://s3.us-east-1.amazonaws.com/cdk-assets';

/** Says what it runs with; `/crash` ends it. */
const SERVER = `
import { createServer } from 'http';
import { readFileSync } from 'fs';
console.log('started');
createServer((request, response) => {
  if (request.url === '/crash') process.exit(1);
  if (request.url === '/file') return response.end(readFileSync(process.env.DATA_FILE));
  response.end(JSON.stringify({ pid: process.pid, cwd: process.cwd(), args: process.argv.slice(2), env: process.env }));
}).listen(Number(process.env.PORT), '127.0.0.1');`;

let temporary: string;
const lines: string[] = [];
const open: Instance[] = [];

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'instance-test-'));
  mkdirSync(join(temporary, 'asset.server', 'web'), { recursive: true });
  writeFileSync(join(temporary, 'asset.server', 'server.mjs'), SERVER);
  writeFileSync(join(temporary, 'asset.server', 'web', 'index.html'), 'page');
  writeFileSync(join(temporary, 'asset.data.txt'), 'data');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
  expect(readdirSync(temporary).filter((name) => name.startsWith('instance-'))).toEqual([]);
  rmSync(temporary, { recursive: true });
  lines.length = 0;
});

const unit = (more: string, exec = '/usr/bin/node /opt/gallery/server.mjs') => ({ content: `[Unit]\nAfter=network.target\n[Service]\nExecStart=${exec}\nUser=gallery\n${more}\n[Install]\nWantedBy=multi-user.target\n` });
const sources = { '/opt/gallery': `${BUCKET}/server.zip` };
const on = (...names: string[]) => ({ systemd: Object.fromEntries(names.map((name) => [name, { enabled: true, ensureRunning: true }])) });
const config = (text: string, more: object = {}) => ({ sources, files: { '/etc/systemd/system/gallery.service': unit(text) }, services: on('gallery'), ...more });

async function start(init: Init | undefined, options: Partial<InstanceOptions> = {}): Promise<Instance> {
  const made = await Instance.start({
    name: 'server',
    at: 'Stack.Server',
    init,
    assetOf: (key) => ({ 'server.zip': join(temporary, 'asset.server'), 'data.txt': join(temporary, 'asset.data.txt') })[key],
    environment: { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
    temporary,
    waitFactor: 0.01,
    onLog: ({ text }) => void lines.push(text),
    ...options,
  });
  open.push(made);
  return made;
}

interface Answer {
  readonly pid: number;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const get = async (instance: Instance, path = '/') => (await fetch(instance.origin + path)).text();
const ask = async (instance: Instance) => JSON.parse(await get(instance)) as Answer;
const disk = () => join(temporary, readdirSync(temporary).find((name) => name.startsWith('instance-'))!);

test('the unit runs with its environment, that of its files, and that of the runner', async () => {
  process.env.SECRET_OF_THE_DEVELOPER = 'x';
  const settings = [
    'Environment="PORT=8080" TITLE=\'My gallery\'', 'Environment=MODE=unit AWS_REGION=nowhere',
    'EnvironmentFile=/etc/gallery/environment', 'EnvironmentFile=-/etc/missing', 'WorkingDirectory=/opt/gallery',
  ];
  const files = {
    '/etc/systemd/system/gallery.service': unit(settings.join('\n'), '/usr/bin/node-24 /opt/gallery/server.mjs --web=/opt/gallery/web "a b"'),
    '/etc/gallery/environment': { content: '# own\nMODE=file\nWEB_FOLDER=/opt/gallery/web\nOTHER=/opt/gallery2\nQUOTED="a b"\n' },
  };
  const instance = await start({ configSets: { default: ['config'] }, config: config('', { files }) });
  const { cwd, args, env } = await ask(instance);
  delete process.env.SECRET_OF_THE_DEVELOPER;

  expect(env).toMatchObject({
    TITLE: 'My gallery',
    MODE: 'file',
    QUOTED: 'a b',
    WEB_FOLDER: `${disk()}/opt/gallery/web`,
    OTHER: '/opt/gallery2',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
    PORT: new URL(instance.origin).port,
  });
  expect(env).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
  expect(args).toEqual([`--web=${disk()}/opt/gallery/web`, 'a b']);
  expect(cwd.endsWith('/opt/gallery')).toBe(true);
  expect(lines).toContain('started');
});

test.each([
  ['a text', { content: 'text' }, 'text'],
  ['base64', { content: Buffer.from('data').toString('base64'), encoding: 'base64' }, 'data'],
  ['an object', { content: { a: 1 } }, '{"a":1}'],
  ['an asset', { source: `${BUCKET}/data.txt` }, 'data'],
  ['a link', { content: '/opt/gallery/web/index.html', mode: '120644' }, 'page'],
])('a file can be %s', async (_, file, expected) => {
  const files = { '/etc/systemd/system/gallery.service': unit('Environment=DATA_FILE=/etc/data'), '/etc/data': file as object };

  expect(await get(await start({ config: config('', { files }) }), '/file')).toBe(expected);
});

test('config sets are done in their order', async () => {
  const data = (content: string) => ({ '/etc/data': { content } });
  const instance = await start({
    configSets: { default: ['first', { ConfigSet: 'others' }], others: ['second'] },
    second: { files: data('second') },
    first: config('', { files: { ...data('first'), '/etc/systemd/system/gallery.service': unit('Environment=DATA_FILE=/etc/data') } }),
    unused: { files: data('unused') },
  });

  expect(await get(instance, '/file')).toBe('second');
});

test('what is not Node.js, has no unit or is off is not run', async () => {
  const files = {
    '/etc/systemd/system/gallery.service': unit(''),
    '/etc/systemd/system/agent.service': unit('', '/usr/bin/agent --all'),
    '/etc/systemd/system/off.service': unit('', '/usr/bin/node /missing.mjs'),
  };
  const services = { sysvinit: { ...on('agent', 'nginx', 'gallery').systemd, off: { enabled: false, ensureRunning: false } } };

  expect((await ask(await start({ config: config('', { files, services }) }))).pid).toBeGreaterThan(0);
});

test('a service that crashes is started again', async () => {
  const instance = await start({ config: config('Restart=always\nRestartSec=2') });
  const { pid } = await ask(instance);
  await expect(get(instance, '/crash')).rejects.toThrow();
  let again: Answer | undefined;
  while (!again) again = await ask(instance).catch(async () => sleep(20).then(() => undefined));

  expect(again.pid).not.toBe(pid);
  expect(lines).toContain('gallery.service: ended with exit status 1');
  expect(instance.failed).toBe(false);
});

test('a service that shall not be started again is gone after a crash', async () => {
  const instance = await start({ config: config('') });
  await expect(get(instance, '/crash')).rejects.toThrow();
  while (!instance.failed) await sleep(20);

  expect(lines.filter((line) => line === 'started')).toHaveLength(1);
});

test('nothing runs after it is stopped', async () => {
  const instance = await start({ config: config('Restart=always') });
  const { pid } = await ask(instance);
  await open.pop()!.stop();

  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(get(instance)).rejects.toThrow();
});

describe('units', () => {
  const parse = (text: string) => parseUnit(`[Service]\n${text}`, () => undefined, 'gallery.service')!;

  test.each([
    ['ExecStart=-/usr/bin/env node a.mjs', ['a.mjs']],
    ['ExecStart=/usr/local/bin/node20 \\\n  --enable-source-maps \\\n  a.mjs', ['--enable-source-maps', 'a.mjs']],
    ['ExecStart=/usr/bin/node old.mjs\nExecStart=\nExecStart=/usr/bin/node new.mjs', ['new.mjs']],
  ])('%j runs %j', (text, expected) => {
    expect(parse(text).arguments).toEqual(expected);
  });

  test.each([
    ['no', [false, false]], ['always', [true, true]], ['on-failure', [false, true]], ['on-success', [true, false]],
  ])('restart %s', (rule, expected) => {
    const { restart } = parse(`ExecStart=node a.mjs\nRestart=${rule}`);

    expect([restart(false), restart(true)]).toEqual(expected);
  });

  test.each([['', 100], ['RestartSec=2', 2000], ['RestartSec=500ms', 500], ['RestartSec=1min', 60_000]])('%j is %d ms', (text, expected) => {
    expect(parse(`ExecStart=node a.mjs\n${text}`).restartMs).toBe(expected);
  });

  test.each([
    ['Restart=sometimes', 'gallery.service must be restarted always, on-success, on-failure or no, received "sometimes"'],
    ['RestartSec=soon', 'received "soon"'],
    ['EnvironmentFile=/etc/missing', 'gallery.service must have its environment file "/etc/missing"'],
  ])('fails for %s', (text, message) => {
    expect(() => parse(`ExecStart=node a.mjs\n${text}`)).toThrow(message);
  });
});

describe('fails for', () => {
  test.each<[string, Init | undefined, string]>([
    ['an instance that says nothing of itself', undefined, 'Stack.Server must say in its metadata AWS::CloudFormation::Init what is on it'],
    ['no service', { config: { sources } }, 'Stack.Server must turn on a unit in /etc/systemd/system that runs Node.js, received services []'],
    ['no default', { configSets: { other: [] } }, 'Stack.Server must have a config set "default", received ["other"]'],
    ['a missing config', { configSets: { default: ['a'] } }, 'Stack.Server: config "a" must be there'],
    ['an unknown section', { config: { ...config(''), later: {} } as never }, 'Stack.Server: config "config" has later, which the local runner does not know'],
    ['a foreign source', { config: config('', { sources: { '/opt': 'https://example.com/a.zip' } }) }, 'must take what it installs from assets of the app, received "https://example.com/a.zip"'],
    ['an archive', { config: config('', { sources: { '/opt': `${BUCKET}/data.txt` } }) }, 'must have folders for sources'],
    ['a template', { config: { files: { '/etc/a': { content: '', context: {} } } } }, 'file "/etc/a" is a template'],
    ['a server that ends', { config: config('', { files: { '/etc/systemd/system/gallery.service': unit('', '/usr/bin/node /opt/gallery/missing.mjs') } }) }, 'service gallery must listen on the port of its variable PORT, but has ended'],
  ])('%s', async (_, init, message) => {
    await expect(start(init)).rejects.toThrow(message);
  });

  test('a server that never stays, after as many starts as systemd tries', async () => {
    const files = { '/etc/systemd/system/gallery.service': unit('Restart=always', '/usr/bin/node /opt/gallery/missing.mjs') };

    await expect(start({ config: config('', { files }) })).rejects.toThrow('but has ended');
    expect(lines.filter((line) => line === 'gallery.service: ended with exit status 1')).toHaveLength(5);
    expect(lines.at(-1)).toBe('gallery.service: start request repeated too quickly');
  });
});
