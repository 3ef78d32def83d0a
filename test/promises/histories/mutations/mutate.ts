import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, BuildOptions, Plugin } from 'esbuild';
import { Mutation } from './list';

/** What a bundled checker prints. */
export interface Verdict {
  readonly failed: boolean;
  readonly numRuns: number;
  readonly violation?: string;
  /** Where the history is that broke a promise, or the name of the scene. */
  readonly path?: string;
}

export const HANDLER = join(__dirname, '..', '..', '..', '..', 'src', 'lambda', 'resize');

export const BUNDLED = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Nothing of the image path runs.
  external: ['sharp'],
  logLevel: 'error',
} satisfies BuildOptions;

/** Bundles the checker of histories with the handler, changed where the mutation is one of its text. */
export async function bundleChecker(outfile: string, mutation?: Mutation): Promise<void> {
  await build({ ...BUNDLED, entryPoints: [join(__dirname, 'worker.ts')], outfile, plugins: mutating(mutation) });
}

type TextMutation = Extract<Mutation, { readonly file: string }>;

/** Changes the text of the handler in a bundle. */
export function mutating(mutation?: Mutation): Plugin[] {
  if (!mutation || !('file' in mutation)) return [];
  const path = join(HANDLER, mutation.file);
  const contents = mutate(readFileSync(path, 'utf8'), mutation);
  return [{
    name: 'mutation',
    setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, (file) => (file.path === path ? { contents, loader: 'ts' } : undefined)),
  }];
}

/** @throws Error when the handler has changed so that the mutation says nothing any more */
export function mutate(source: string, { name, file, find, replace }: TextMutation): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`mutation ${JSON.stringify(name)} must find its text once in ${file}, received ${count} places: ${JSON.stringify(find)}`);
  return source.replace(find, () => replace);
}
