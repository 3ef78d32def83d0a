import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Original, USUAL } from './originals';
import { sniff } from '../../src/lambda/resize/image/sniff';

/** All files of a folder and the folders in it, by name. */
export async function originalsIn(folder: string): Promise<Original[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Promise.all(files.map(async (file): Promise<Original> => {
    const found = sniff(await readFile(file));
    const format = found && 'format' in found ? found.format : 'other';
    return { ...USUAL, name: relative(folder, file), format, choice: {}, make: () => readFile(file), ask: () => readFile(file) };
  }));
}
