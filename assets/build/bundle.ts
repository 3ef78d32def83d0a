import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, BuildOptions } from 'esbuild';
import { BuildError } from './build-error';
import { entryPoints, packageRoot } from './layout';

/** CommonJS dependencies call `require`, which an ES module does not have. */
const banner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** One ES module for Node 20 and later, the same on every machine. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: packageRoot,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // ES modules first: only they can be tree-shaken.
  mainFields: ['module', 'main'],
  banner: { js: banner },
  // Files beside the bundle are found as those beside the source are.
  define: { __dirname: 'import.meta.dirname' },
  logLevel: 'silent',
} as const satisfies BuildOptions;

export interface Bundle {
  readonly code: string;
  /** Comments that minifying took out and that must travel with the code. */
  readonly legalComments: string;
  /** Everything that is imported at run time. */
  readonly imports: string[];
  /** Absolute folders of the packages whose code is in the bundle. */
  readonly packageFolders: string[];
}

/** What decodes HEIC, in a thread of the function that resizes; libheif stays beside the bundle. */
export function bundleHeicDecoder(): Promise<Bundle> {
  return bundle(entryPoints.heicDecoder, ['libheif-js/libheif-wasm/libheif.js']);
}

/** The function that resizes; sharp stays beside the bundle. */
export function bundleHandler(): Promise<Bundle> {
  return bundle(entryPoints.handler, ['sharp']);
}

/** The function of the upload API. */
export function bundleImageApi(): Promise<Bundle> {
  return bundle(entryPoints.imageApi, []);
}

/** The function of backfills. */
export function bundleImageBackfill(): Promise<Bundle> {
  return bundle(entryPoints.imageBackfill, []);
}

async function bundle(entryPoint: string, external: string[]): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [entryPoint],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
    external,
    legalComments: 'external',
    charset: 'utf8',
  });
  const output = metafile.outputs['index.mjs'];
  const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  const built: Bundle = {
    code: text('index.mjs'),
    legalComments: text('.LEGAL.txt'),
    imports: [...new Set(output.imports.filter((entry) => entry.external).map((entry) => entry.path))].sort(),
    packageFolders: packageFolders(Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input)),
  };
  verifyBundle(entryPoint, built, external);
  return built;
}

function packageFolders(inputs: string[]): string[] {
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort().map((folder) => join(packageRoot, folder));
}

function verifyBundle(entryPoint: string, { code, imports }: Bundle, external: string[]) {
  const foreign = imports.filter((name) => !external.includes(name) && !builtinModules.includes(name.replace(/^node:/, '')));
  if (foreign.length) throw new BuildError(`imports of the bundle of ${entryPoint}`, `must be ${[...external, 'modules of Node'].join(' and ')} only`, foreign);
  if (code.includes(packageRoot)) throw new BuildError(`bundle of ${entryPoint}`, 'must hold no path of the build machine', packageRoot);
}
