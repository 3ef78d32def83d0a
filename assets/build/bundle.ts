import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BuildError } from './build-error';
import { packageRoot } from './layout';

/** CommonJS dependencies call `require`, which an ES module does not have. */
const banner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export interface Bundle {
  readonly code: string;
  /** Comments that minifying took out and that must travel with the code. */
  readonly legalComments: string;
  /** Everything that is imported at run time. */
  readonly imports: string[];
  /** Absolute folders of the packages whose code is in the bundle. */
  readonly packageFolders: string[];
}

/** Bundles `src/handler` into one ES module for Node 20 and later, the same on every machine. */
export async function bundleHandler(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: ['src/handler/index.ts'],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // ES modules first: only they can be tree-shaken.
    mainFields: ['module', 'main'],
    external: ['sharp'],
    banner: { js: banner },
    legalComments: 'external',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const output = metafile.outputs['index.mjs'];
  const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  const bundle: Bundle = {
    code: text('index.mjs'),
    legalComments: text('.LEGAL.txt'),
    imports: [...new Set(output.imports.filter((entry) => entry.external).map((entry) => entry.path))].sort(),
    packageFolders: packageFolders(Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input)),
  };
  verifyBundle(bundle);
  return bundle;
}

function packageFolders(inputs: string[]): string[] {
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort().map((folder) => join(packageRoot, folder));
}

function verifyBundle({ code, imports }: Bundle) {
  const foreign = imports.filter((name) => name !== 'sharp' && !builtinModules.includes(name.replace(/^node:/, '')));
  if (foreign.length) throw new BuildError('imports of index.mjs', 'must be sharp and modules of Node only', foreign);
  if (code.includes(packageRoot)) throw new BuildError('index.mjs', 'must hold no path of the build machine', packageRoot);
}
