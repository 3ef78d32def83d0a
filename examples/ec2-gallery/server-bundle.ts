import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

/** CommonJS packages call `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Writes all that runs on the instance: `server.mjs` with its packages, and the front end in `web`.
 * The same sources make the same files.
 */
export function bundleServer(web: string, folder: string): void {
  if (!existsSync(join(web, 'index.html'))) throw new Error(`the front end must have a page index.html, received ${JSON.stringify(web)}`);
  buildSync({
    absWorkingDir: __dirname,
    entryPoints: ['server/main.ts'],
    outfile: join(folder, 'server.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // ES modules first: only they can be tree-shaken.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    legalComments: 'eof',
    logLevel: 'silent',
  });
  // The settings of its type check are of no use to browsers.
  cpSync(web, join(folder, 'web'), { recursive: true, filter: (path) => basename(path) !== 'jsconfig.json' });
}
