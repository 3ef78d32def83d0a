import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tempFolder } from './temp-folder';
import { audit } from '../../assets/build/audit';
import { packageRoot } from '../../assets/build/layout';

const [folder, bin, empty] = [tempFolder(), tempFolder(), tempFolder()];
const sbom = join(folder, 'sbom.cdx.json');
const ADVISORY = { id: 1, url: 'https://example.com/1', title: 'reads too far', severity: 'high', vulnerable_versions: '<2.0.0', cwe: [], cvss: { score: 8 } };

let registry: Server;
let env: NodeJS.ProcessEnv;
let status: number;
let advisories: Record<string, unknown>;
let asked: unknown;

beforeAll(async () => {
  registry = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      if (request.url !== '/-/npm/v1/security/advisories/bulk') return response.writeHead(404).end('{}');
      asked = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
    });
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  env = { ...process.env, npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/` };
  writeFileSync(sbom, JSON.stringify({ components: [{ group: '@img', name: 'codec', version: '1.2.3' }, { name: 'reader', version: '2.0.0' }] }));
});
afterAll(() => { registry.close(); });
beforeEach(() => {
  status = 200;
  advisories = {};
});

test('asks for every package of the SBOM, in its version', async () => {
  expect(await audit(sbom, env)).toEqual({ count: 2, advisories: {} });
  expect(asked).toEqual({ '@img/codec': ['1.2.3'], 'reader': ['2.0.0'] });
});

test('tells of the packages that an advisory concerns', async () => {
  advisories = { '@img/codec': [ADVISORY], 'reader': [ADVISORY] };

  expect(await audit(sbom, env)).toEqual({ count: 2, advisories: { '@img/codec': expect.objectContaining({ severity: 'high' }) } });
});

test('does not take a registry without advisories for a clean bill', async () => {
  status = 405;

  expect(await audit(sbom, env)).toEqual({ count: 2, advisories: undefined, error: expect.stringContaining('405') });
});

const FAULTY_LOCK = { error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.', detail: '' } };

test('fails with the error that npm reports of itself', async () => {
  await expect(audit(sbom, npmThat(`echo '${JSON.stringify(FAULTY_LOCK)}'; exit 1`)))
    .rejects.toThrow('npm audit must succeed, received "This command requires an existing lockfile."');
});

test('fails with what npm writes to stderr where it reports nothing', async () => {
  await expect(audit(sbom, npmThat('echo "unknown command" >&2; exit 1'))).rejects.toThrow('npm audit must succeed, received "unknown command"');
});

test('fails without npm', async () => {
  await expect(audit(sbom, { PATH: empty })).rejects.toThrow('npm audit must succeed, received "spawn npm ENOENT"');
});

describe('the command exits with', () => {
  test.each([
    [0, 'no advisories', { vulnerabilities: {} }],
    [1, 'an advisory', { vulnerabilities: { codec: ADVISORY } }],
    [2, 'a registry that could not be asked', { message: 'request failed', error: { summary: '', detail: '' } }],
    [1, 'an error of npm itself', FAULTY_LOCK],
  ])('%d for %s', async (expected, _, report) => {
    expect(await run(npmThat(`echo '${JSON.stringify(report)}'`))).toBe(expected);
  });
});

/** An environment in which a shell script stands in for npm. */
function npmThat(script: string): NodeJS.ProcessEnv {
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
}

/** @returns the status of `npm run audit:payload` */
async function run(environment: NodeJS.ProcessEnv): Promise<number | null> {
  const [tsx, command] = [['node_modules', '.bin', 'tsx'], ['assets', 'audit.ts']].map((path) => join(packageRoot, ...path));
  return new Promise((resolve) => execFile(tsx, [command], { env: environment }).on('exit', resolve));
}
