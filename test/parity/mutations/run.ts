import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build, Plugin } from 'esbuild';
import { Mutation, MUTATIONS } from './list';
import type { SpaceName } from '../originals';

const ROOT = join(__dirname, '..', '..', '..');
const IMAGE_PATH = join(ROOT, 'src', 'lambda', 'resize', 'image');

/**
 * Takes one mending of the image path back after the other, and compares the originals of a format until one tells.
 *
 * @param only part of the names of those that are tried
 * @returns how many were not noticed
 */
export async function checkMutations(only: string, print: (line: string) => void): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'image-mutations-'));
  let missed = 0;
  try {
    for (const mutation of MUTATIONS.filter(({ name }) => name.includes(only))) {
      const told = await firstProblem(join(folder, 'worker.cjs'), mutation.format, mutation);
      if (!told) missed += 1;
      print(`${told ? 'noticed' : 'MISSED '}  ${mutation.file}: ${mutation.name}${told ? `: ${told}` : ''}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return missed;
}

async function firstProblem(bundle: string, format: SpaceName, mutation: Mutation): Promise<string> {
  await build({
    entryPoints: [join(__dirname, 'worker.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['sharp', 'playwright-core'],
    plugins: [mutating(mutation)],
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, format], { env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') }, timeout: 600_000 });
  return stdout.trim();
}

function mutating(mutation: Mutation): Plugin {
  const path = join(IMAGE_PATH, mutation.file);
  const mutated = mutate(readFileSync(path, 'utf8'), mutation);
  return {
    name: 'mutation',
    setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, (file) => {
      if (dirname(file.path) !== IMAGE_PATH) return undefined;
      const contents = file.path === path ? mutated : readFileSync(file.path, 'utf8');
      // What lies beside the source, such as what tells of fonts, does not lie beside the bundle.
      return { contents: contents.replaceAll('__dirname', JSON.stringify(IMAGE_PATH)), loader: 'ts' };
    }),
  };
}

/** @throws Error when the image path has changed so that the mutation says nothing any more */
export function mutate(source: string, { name, file, find, replace }: Mutation): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`mutation ${JSON.stringify(name)} must find its text once in ${file}, received ${count} places: ${JSON.stringify(find)}`);
  return source.replace(find, () => replace);
}
