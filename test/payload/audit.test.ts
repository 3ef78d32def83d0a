import { writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tempFolder } from './temp-folder';
import { audit } from '../../assets/build/audit';

const folder = tempFolder();
const sbom = join(folder, 'sbom.cdx.json');
const ADVISORY = { id: 1, url: 'https://example.com/1', title: 'reads too far', severity: 'high', vulnerable_versions: '<2.0.0', cwe: [], cvss: { score: 8 } };

let registry: Server;
let url: string;
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
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  writeFileSync(sbom, JSON.stringify({ components: [{ group: '@img', name: 'codec', version: '1.2.3' }, { name: 'reader', version: '2.0.0' }] }));
});
afterAll(() => { registry.close(); });
beforeEach(() => {
  status = 200;
  advisories = {};
});

test('asks for every package of the SBOM, in its version', async () => {
  expect(await audit(sbom, url)).toEqual({ count: 2, advisories: {} });
  expect(asked).toEqual({ '@img/codec': ['1.2.3'], 'reader': ['2.0.0'] });
});

test('tells of the packages that an advisory concerns', async () => {
  advisories = { '@img/codec': [ADVISORY], 'reader': [ADVISORY] };

  expect(await audit(sbom, url)).toEqual({ count: 2, advisories: { '@img/codec': expect.objectContaining({ severity: 'high' }) } });
});

test('does not take a registry without advisories for a clean bill', async () => {
  status = 405;

  expect(await audit(sbom, url)).toEqual({ count: 2, advisories: undefined, error: expect.stringContaining('405') });
});
