import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BuildError } from './build-error';
import { Bundle } from './bundle';
import { packageRoot } from './layout';
import { LockedPackage } from './recipe';

/** A third-party package whose code is in the payload. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  readonly integrity: string;
  /** Where its licence texts are. */
  readonly folder: string;
}

/**
 * The packages of the bundles and of every `node_modules`, each once, by name.
 *
 * @throws BuildError when one is there in two versions, has no licence or is not in the lock file
 */
export function shippedPackages(bundles: Bundle[], native: { installed: string; packages: LockedPackage[] }[]): ShippedPackage[] {
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')).packages;
  const bundled = bundles.flatMap(({ packageFolders }) => packageFolders).map((folder) =>
    describe(folder, lock[relative(packageRoot, folder).split('\\').join('/')]?.integrity));
  const copied = native.flatMap(({ installed, packages }) =>
    packages.map(({ location, integrity }) => describe(join(installed, location), integrity)));

  const unique = new Map([...bundled, ...copied].map((entry) => [`${entry.name}@${entry.version}`, entry]));
  const packages = [...unique.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, entry]) => entry);
  requireOneVersion(packages);
  return packages;
}

/** Two versions cost their bytes and their load twice, and the audit's lock file holds one package of each name. */
function requireOneVersion(packages: readonly ShippedPackage[]): void {
  for (const { name } of packages) {
    const versions = packages.filter((other) => other.name === name).map(({ version }) => version);
    if (versions.length > 1) throw new BuildError(`package ${name}`, 'must be shipped in one version (run npm dedupe)', versions);
  }
}

/** Of a package that says it in its texts alone. */
const LICENCES: Readonly<Record<string, string>> = { 'dejavu-fonts-ttf': 'Bitstream-Vera' };

function describe(folder: string, integrity: string | undefined): ShippedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = LICENCES[name] ?? license;
  if (typeof licence !== 'string' || licence.startsWith('SEE ')) throw new BuildError(`license of ${name}@${version}`, 'must be an SPDX expression in its package.json', licence);
  if (!integrity) throw new BuildError(`integrity of ${name}@${version}`, 'must be in the lock file', integrity);
  return { name, version, licence, integrity, folder };
}
