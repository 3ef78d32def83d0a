import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { build, BuildOptions, Plugin, transform } from 'esbuild';

export const WEB = join(__dirname, '..', 'web');
const ROOT = join(__dirname, '..', '..');

/** Files that are made, by their paths below the page's folder. */
export type WebFiles = ReadonlyMap<string, Buffer>;

/** Packages whose code the page carries along, as modules that browsers load as they are. */
const VENDORED: Readonly<Record<string, string>> = {
  'vendor/uppy.js': "export { TaskQueue, fetcher, getDroppedFiles } from '@uppy/core/utils';",
  'vendor/thumbhash.js': "export { thumbHashToRGBA } from 'thumbhash';",
  'vendor/photoswipe.js': "export { default as PhotoSwipe } from 'photoswipe';",
};

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  write: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
} satisfies BuildOptions;

/** Of its description, a package's code uses the version. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path }) => ({ contents: JSON.stringify({ version: (readJson(path)).version }), loader: 'json' }));
  },
};

/** What the page carries along of other packages, and their licences. */
export async function vendorFiles(): Promise<WebFiles> {
  const files = new Map<string, Buffer>();
  const packages = new Map<string, string>();
  for (const [path, contents] of Object.entries(VENDORED)) {
    const { outputFiles: [{ contents: code }], metafile } = await build({
      ...SHARED, stdin: { contents, resolveDir: ROOT }, metafile: true, plugins: [versionsOnly],
    });
    const folders = usedPackages(Object.values(metafile.outputs)[0].inputs);
    for (const folder of folders) packages.set(nameOf(folder), folder);
    const names = folders.map(nameOf).sort();
    // The first line says whose code it is; the rest is as it comes.
    files.set(path, Buffer.concat([Buffer.from(`/*! ${names.join(', ')}: see licences.txt */\n`), code]));
  }
  const styles = await transform(readFileSync(require.resolve('photoswipe/photoswipe.css'), 'utf8'), { loader: 'css', minify: true, target: SHARED.target, legalComments: 'none' });
  files.set('vendor/photoswipe.css', Buffer.from(styles.code));
  files.set('vendor/licences.txt', Buffer.from([...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(licence).join('\n')));
  return files;
}

/** The page's own modules and styles, each as one file: a page of forty files takes forty round trips. */
export async function pageFiles(): Promise<WebFiles> {
  const { outputFiles } = await build({
    ...SHARED,
    absWorkingDir: WEB,
    entryPoints: { page: 'modules/main.js', theme: 'modules/theme.js', style: 'styles/main.css' },
    outdir: WEB,
    plugins: [viewerApart],
  });
  return new Map(outputFiles.map(({ path, contents }) => [relative(WEB, path).replace(/\\/g, '/'), Buffer.from(contents)]));
}

/** The viewer is loaded with the first image that is opened. The bundle lies one folder higher than the modules. */
const viewerApart: Plugin = {
  name: 'viewer-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/vendor\/photoswipe\.js$/ }, ({ path }) => ({ path: path.slice(1), external: true }));
  },
};

function usedPackages(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): string[] {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return [...new Set(used.map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []).flat())];
}

function nameOf(folder: string): string {
  const { name, version } = readJson(join(ROOT, folder, 'package.json'));
  return `${name} ${version}`;
}

function licence([name, folder]: [string, string]): string {
  const { license, author } = readJson(join(ROOT, folder, 'package.json'));
  return `${name} (${license})\n\n${licenceText(folder) ?? `By ${author}. The package brings no text of its licence.`}\n`;
}

function licenceText(folder: string): string | undefined {
  for (const file of ['LICENSE', 'LICENSE.md', 'license', 'LICENCE', 'License']) {
    try {
      return readFileSync(join(ROOT, folder, file), 'utf8').replace(/\r/g, '').trim();
    } catch {
      continue;
    }
  }
  return undefined;
}

function readJson(path: string): Record<string, string> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
}

async function main(): Promise<void> {
  // The page's bundle has parts of what is vendored, so that comes first.
  for (const make of [vendorFiles, pageFiles]) {
    for (const [path, contents] of await make()) {
      mkdirSync(dirname(join(WEB, path)), { recursive: true });
      writeFileSync(join(WEB, path), contents);
    }
  }
}

if (require.main === module) void main();
