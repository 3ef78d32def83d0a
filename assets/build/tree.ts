import { chmodSync, lstatSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error';

export interface TreeFile {
  readonly path: string;
  /** Relative to the listed folder. */
  readonly name: string;
  readonly size: number;
}

/** The date that npm itself gives to every packed file. */
const packedAt = new Date('1985-10-26T08:15:00.000Z');

/** Every file below a folder, in a fixed order. Links are refused: neither npm nor Lambda keeps them. */
export function listFiles(root: string, skipFolder?: string): TreeFile[] {
  const walk = (folder: string): TreeFile[] => readdirSync(join(root, folder)).sort().flatMap((entry) => {
    const name = folder ? `${folder}/${entry}` : entry;
    const path = join(root, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) return entry === skipFolder ? [] : walk(name);
    if (!stat.isFile()) throw new BuildError(name, 'must be a plain file or a folder', stat.isSymbolicLink() ? 'symbolic link' : 'special file');
    return [{ path, name, size: stat.size }];
  });
  return walk('');
}

/** Gives a whole tree the same modes and dates on every machine. */
export function normaliseTree(path: string) {
  const isFolder = lstatSync(path).isDirectory();
  if (isFolder) readdirSync(path).forEach((entry) => normaliseTree(join(path, entry)));
  chmodSync(path, isFolder ? 0o755 : 0o644);
  utimesSync(path, packedAt, packedAt);
}
