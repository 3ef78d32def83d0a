import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './layout';
import { ShippedPackage } from './shipped-packages';

/** CycloneDX 1.6, without the serial number and date that would differ from build to build. */
export function renderSbom(packages: ShippedPackage[]): string {
  const { name, version, license } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const sbom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { 'type': 'library', 'bom-ref': purl(name, version), name, version, ...licences(license), 'purl': purl(name, version) } },
    components: packages.map(component),
  };
  return `${JSON.stringify(sbom, undefined, 2)}\n`;
}

function component({ name, version, licence, integrity, folder }: ShippedPackage) {
  const [, group, shortName] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)!;
  const libraries = linkedLibraries(name, version, folder);
  return {
    'type': 'library',
    'bom-ref': purl(name, version),
    ...(group && { group }),
    'name': shortName,
    version,
    'hashes': [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    ...licences(licence),
    'purl': purl(name, version),
    ...(libraries.length && { components: libraries }),
  };
}

/** What the package of libheif holds and does not list; a test asks its WebAssembly. */
const LIBHEIF = { libde265: '1.0.15', libheif: '1.23.2' };

/** The C libraries inside libvips and libheif, which scanners would not find otherwise. */
function linkedLibraries(name: string, version: string, folder: string) {
  const versions = join(folder, 'versions.json');
  const linked: Record<string, string> = name === 'libheif-js' ? LIBHEIF : existsSync(versions) ? JSON.parse(readFileSync(versions, 'utf8')) : {};
  return Object.entries(linked).sort().map(([library, libraryVersion]) => ({
    'type': 'library',
    'bom-ref': `${purl(name, version)}#${library}`,
    'name': library,
    'version': libraryVersion,
    'purl': `pkg:generic/${library}@${libraryVersion}`,
  }));
}

function licences(expression: string) {
  return { licenses: [/[ ()]/.test(expression) ? { expression } : { license: { id: expression } }] };
}

function purl(name: string, version: string) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
