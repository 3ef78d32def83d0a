import { readdirSync, readFileSync, realpathSync, Stats, statSync } from 'fs';
import { isAbsolute, join } from 'path';
import { invalid, requireKnown } from './checks';

/** What the system says of a path, for people. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read by who synthesises',
  EPERM: 'it may not be read by who synthesises',
  ELOOP: 'its links lead in a circle',
  ENOTDIR: 'a part of it is no folder',
  ENAMETOOLONG: 'it is too long',
};

/** @throws CheckError when there is nothing to be seen under a path that a user gave */
export function lookAt(prop: string, rule: string, path: string): Stats {
  requireKnown(prop, path);
  if (typeof path !== 'string' || path === '' || path.includes('\0')) throw invalid(prop, rule, path);
  return named(prop, rule, path, () => statSync(path));
}

/** @throws CheckError when a file that a user gave cannot be read as a whole */
export function readGiven(prop: string, rule: string, path: string): Buffer {
  if (!lookAt(prop, rule, path).isFile()) throw invalid(prop, rule, path);
  return named(prop, rule, path, () => readFileSync(path));
}

/**
 * The bytes of all files of a folder that a user gave, links followed.
 *
 * @throws CheckError for what cannot be copied
 */
export function bytesOfFolder(prop: string, folder: string, above: readonly string[] = []): number {
  const rule = 'a folder of files that can be read';
  const real = named(prop, rule, folder, () => realpathSync(folder));
  if (above.includes(real)) throw invalid(prop, rule, folder, REASONS.ELOOP);
  return named(prop, rule, folder, () => readdirSync(folder)).reduce((bytes, name) => {
    const path = join(folder, name);
    const found = lookAt(prop, rule, path);
    if (found.isDirectory()) return bytes + bytesOfFolder(prop, path, [...above, real]);
    if (!found.isFile()) throw invalid(prop, rule, path, 'it is neither a file nor a folder');
    return bytes + found.size;
  }, 0);
}

function named<T>(prop: string, rule: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const missing = isAbsolute(path) ? undefined : `relative paths begin at ${process.cwd()}`;
    throw invalid(prop, rule, path, code === 'ENOENT' ? missing : REASONS[code] ?? message);
  }
}
