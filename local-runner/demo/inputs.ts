import { Dirent } from 'fs';
import { readdir, stat } from 'fs/promises';
import { basename, dirname, join, relative, sep } from 'path';
import { UsageError } from './arguments';

/** A file that is uploaded. */
export interface Input {
  readonly path: string;
  readonly key: string;
  readonly bytes: number;
}

/** Files that the demo itself writes beside the renditions. */
export const OWN_FILES = { sheet: 'index.html', records: 'records.json', log: 'function.log' } as const;

/**
 * All files of the given files and folders. Their keys are the paths below the deepest folder that holds everything
 * that was given, so that files of one name in several folders stay apart.
 *
 * @param paths absolute
 * @param out folder whose content is no input
 * @throws UsageError
 */
export async function findInputs(paths: readonly string[], out: string): Promise<Input[]> {
  const root = commonFolder(paths);
  const files = new Set<string>();
  for (const path of paths) {
    for await (const file of walk(path, out)) files.add(file);
  }
  if (files.size === 0) throw new UsageError(`no files in ${paths.join(', ')}`);

  const inputs: Input[] = [];
  for (const path of files) {
    const key = relative(root, path).split(sep).join('/');
    const [first] = key.split('/');
    if (Object.values<string>(OWN_FILES).includes(first)) throw new UsageError(`${path} would take the place of ${first} in ${out}: rename it`);
    inputs.push({ path, key, bytes: (await stat(path)).size });
  }
  return inputs;
}

/** The deepest folder in which all paths are. */
export function commonFolder(paths: readonly string[]): string {
  const holds = (folder: string, path: string) => folder === path || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  let folder = dirname(paths[0]);
  while (!paths.every((path) => holds(folder, dirname(path)))) folder = dirname(folder);
  return folder;
}

async function* walk(path: string, out: string): AsyncGenerator<string> {
  const facts = await stat(path);
  if (facts.isFile()) {
    yield path;
    return;
  }
  if (!facts.isDirectory()) throw new UsageError(`${path} must be a file or a folder`);
  yield* walkFolder(path, out);
}

async function* walkFolder(folder: string, out: string): AsyncGenerator<string> {
  if (folder === out) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (basename(path).startsWith('.')) continue;
    if (entry.isDirectory()) yield* walkFolder(path, out);
    else if (await isFile(entry, path)) yield path;
  }
}

/** Links to files count as files. Links to folders are not followed: they can lead in a circle. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then((target) => target.isFile(), () => false);
}
