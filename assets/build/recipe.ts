import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error';
import { Architecture } from './layout';

/** A package that the lock names for one architecture. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** Where npm puts it, such as `node_modules/sharp`. */
  readonly location: string;
}

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly os?: string[];
  readonly cpu?: string[];
  readonly libc?: string[];
}

/** The committed recipe of the native part: `package.json` and `package-lock.json`. */
export class Recipe {
  public readonly files = ['package.json', 'package-lock.json'] as const;
  private readonly entries: Record<string, LockEntry>;

  constructor(public readonly folder: string) {
    this.entries = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
    for (const [location, entry] of Object.entries(this.entries)) {
      if (location === '') continue;
      if (!entry.integrity?.startsWith('sha512-')) throw new BuildError(`lock entry ${location}`, 'must have a sha512 integrity', entry.integrity);
      if (entry.resolved) throw new BuildError(`lock entry ${location}`, 'must not name a registry', entry.resolved);
    }
  }

  /** Changes whenever npm could install something else. */
  public get digest() {
    const hash = createHash('sha256');
    for (const file of this.files) hash.update(readFileSync(join(this.folder, file)));
    return hash.digest('hex').slice(0, 16);
  }

  /**
   * The packages that run on Lambda's Linux (glibc) of one architecture.
   * Taken from the lock and not from what npm installed, because npm 10 adds sharp's WebAssembly fallback.
   */
  public packagesFor(architecture: Architecture): LockedPackage[] {
    const found = new Map<string, LockedPackage>();
    const visit = (from: string) => {
      const { dependencies, optionalDependencies } = this.entries[from];
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
        const location = this.locate(name, from);
        const entry = this.entries[location];
        if (found.has(location) || !runsOn(entry, architecture)) continue;
        if (entry.hasInstallScript) throw new BuildError(`lock entry ${location}`, 'must not need an install script', entry.version);
        found.set(location, { name, version: entry.version!, integrity: entry.integrity!, location });
        visit(location);
      }
    };
    visit('');
    return [...found.values()].sort((a, b) => a.location < b.location ? -1 : 1);
  }

  /** Node's lookup: the nearest `node_modules` on the way up. */
  private locate(name: string, from: string): string {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const location = `${at ? `${at}/` : ''}node_modules/${name}`;
      if (this.entries[location]) return location;
      if (!at) throw new BuildError(`lock of ${from || 'the recipe'}`, `must hold ${name}`, Object.keys(this.entries));
    }
  }
}

function runsOn({ os, cpu, libc }: LockEntry, architecture: Architecture) {
  const allows = (list: string[] | undefined, value: string) => !list || list.includes(value);
  return allows(os, 'linux') && allows(cpu, architecture) && allows(libc, 'glibc');
}
