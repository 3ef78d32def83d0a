import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error';
import { elfArchitecture } from './elf';
import { Architecture } from './layout';
import { LockedPackage } from './recipe';
import { listFiles } from './tree';

/** Throws unless a finished folder is what Lambda of that architecture can run. */
export function verifyPayload(folder: string, architecture: Architecture, locked: LockedPackage[]) {
  const native = locked.map(({ name }) => name).filter((name) => /^@img\/sharp-/.test(name)).sort();
  const expected = [`@img/sharp-libvips-linux-${architecture}`, `@img/sharp-linux-${architecture}`];
  if (native.join() !== expected.join()) {
    throw new BuildError(`native packages of linux-${architecture}`, `must be exactly ${expected.join(' and ')}`, native);
  }
  locked.forEach((entry) => verifyPackage(folder, entry));

  const libraries = listFiles(folder).filter((file) => verifyMachine(file.name, file.path, architecture));
  for (const name of expected) {
    if (!libraries.some((file) => file.name.startsWith(`node_modules/${name}/`))) {
      throw new BuildError(`${name} of linux-${architecture}`, 'must hold a native library', libraries.map((file) => file.name));
    }
  }
}

function verifyPackage(folder: string, { name, version, location }: LockedPackage) {
  const manifest = JSON.parse(readFileSync(join(folder, location, 'package.json'), 'utf8'));
  if (manifest.version !== version) throw new BuildError(`version of ${name}`, `must be the locked ${version}`, manifest.version);
  const script = ['preinstall', 'install', 'postinstall'].find((hook) => manifest.scripts?.[hook]);
  // npm ran with --ignore-scripts: a package that relies on one would be half installed.
  if (script) throw new BuildError(`${name}@${version}`, 'must not need an install script', { [script]: manifest.scripts[script] });
}

/** True for a native library. */
function verifyMachine(name: string, path: string, architecture: Architecture): boolean {
  const machine = elfArchitecture(path);
  const mustBeNative = /\.(node|so(\.\d+)*)$/.test(name);
  if ((mustBeNative || machine) && machine !== architecture) {
    throw new BuildError(`machine type of ${name}`, `must be ${architecture}`, machine ?? 'no 64-bit ELF file');
  }
  return mustBeNative;
}
