import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import createLibheif from 'libheif-js/libheif-wasm/libheif.js';
import { tempFolder } from './temp-folder';
import { BuiltPayload, buildPayload } from '../../assets/build/build-payload';
import { bundleHandler, bundleHeicDecoder, bundleImageApi, bundleImageBackfill } from '../../assets/build/bundle';
import { architectures, payloadLayout } from '../../assets/build/layout';
import { listFiles } from '../../assets/build/tree';

const root = tempFolder();
const layout = payloadLayout(root);
let built: BuiltPayload;
/** Every package whose code is in the payload, found without the code that lists them. */
let expected: string[];

beforeAll(async () => {
  built = await buildPayload({ into: root });
  const copied = architectures.flatMap((architecture) => listFiles(layout.folder(architecture)).map(({ path }) => path));
  const manifests = [
    ...copied.filter((path) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path)),
    ...(await Promise.all([bundleHandler(), bundleHeicDecoder(), bundleImageApi(), bundleImageBackfill()])).flatMap(({ packageFolders }) => packageFolders).map((folder) => join(folder, 'package.json')),
  ];
  const ids = manifests.map((path) => JSON.parse(readFileSync(path, 'utf8'))).map(({ name, version }) => `${name}@${version}`);
  expected = [...new Set(ids)].sort();
}, 120_000);

describe('THIRD-PARTY-LICENSES.md', () => {
  const licences = () => readFileSync(built.licences, 'utf8');

  test('lists every package with its version and licence', () => {
    const rows = [...licences().matchAll(/^\| (\S+) \| (\d\S+) \| ([^|]+) \| (below|the package ships none) \|$/gm)];
    expect(rows.map(([, name, version]) => `${name}@${version}`).sort()).toEqual(expected);
  });

  test('holds the texts of the packages that have one', () => {
    for (const title of ['zod 4', 'sharp 0', 'detect-libc 2', 'semver 7', '@img/colour 1', '@img/sharp-libvips-linux-arm64 1', '@img/sharp-libvips-linux-x64 1']) {
      expect(licences()).toMatch(new RegExp(`^### .*${title}`, 'm'));
    }
    const below = [...licences().matchAll(/^\| (\S+) \| (\S+) \| [^|]+ \| below \|$/gm)];
    const titles = [...licences().matchAll(/^### (.*)$/gm)].flatMap(([, list]) => list.split(', '));
    expect(below.map(([, name, version]) => `${name} ${version}`).filter((title) => !titles.includes(title))).toEqual([]);
  });

  test('holds what the LGPL asks for', () => {
    expect(licences()).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(licences()).toMatch(/^ +GNU GENERAL PUBLIC LICENSE$/m);
    expect(licences()).toContain('https://github.com/lovell/sharp-libvips');
    expect(licences()).toContain('https://github.com/strukturag/libheif');
    expect(licences()).toContain('https://github.com/strukturag/libde265');
    expect(licences()).toContain('you may replace them');
    // Two of the libraries inside libvips, from the table that its package ships.
    expect(licences()).toMatch(/^\| librsvg +\| LGPLv3/m);
    expect(licences()).toMatch(/^\| mozjpeg +\| \[zlib License, IJG License, BSD 3-Clause\]/m);
  });
});

describe('the SBOM', () => {
  const sbom = () => JSON.parse(readFileSync(built.sbom, 'utf8'));
  interface Component { 'group'?: string; 'name': string; 'version': string; 'purl': string; 'bom-ref': string; 'components'?: Component[] }

  test('is CycloneDX without a date or a serial number', () => {
    expect(sbom()).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(sbom()).not.toHaveProperty('serialNumber');
    expect(sbom().metadata).not.toHaveProperty('timestamp');
  });

  test('lists every package with version and purl', () => {
    const components: Component[] = sbom().components;
    expect(components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`).sort()).toEqual(expected);
    expect(components.map(({ purl }) => decodeURIComponent(purl.replace('pkg:npm/', ''))).sort()).toEqual(expected);
  });

  test('lists the libraries inside libvips', () => {
    const libvips: Component = sbom().components.find(({ name }: Component) => name === 'sharp-libvips-linux-arm64');
    expect(libvips.components).toContainEqual(expect.objectContaining({ name: 'vips', version: expect.stringMatching(/^8\./) }));
  });

  test('lists the libraries inside the WebAssembly of libheif, in the versions that it names', () => {
    const lib = createLibheif();
    const text = (at: number) => Buffer.from(lib.HEAPU8.subarray(at, lib.HEAPU8.indexOf(0, at))).toString();
    const libheif: Component = sbom().components.find(({ name }: Component) => name === 'libheif-js');
    expect(libheif.components!.map(({ name, version }) => [name, version])).toEqual([['libde265', text(lib._de265_get_version())], ['libheif', text(lib._heif_get_version())]]);
  });

  test('refers to each component once', () => {
    const refs = sbom().components.flatMap((entry: Component) => [entry, ...entry.components ?? []]).map((entry: Component) => entry['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
  });

  test('has a licence and the published hash of each package', () => {
    for (const component of sbom().components) {
      expect(component.licenses).toHaveLength(1);
      expect(component.hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    }
  });
});
