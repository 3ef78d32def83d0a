import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildError } from './build-error';
import { Architecture, packageRoot } from './layout';
import { Recipe } from './recipe';

/** Git ignores it, npm never packs it, and `npm ci` in the root throws it away. */
export const defaultCache = join(packageRoot, 'node_modules', '.cache', 'resize-handler');

/** Runs `npm ci` for a foreign architecture, or finds its result in the cache. Returns the folder that holds `node_modules`. */
export function installNative(recipe: Recipe, architecture: Architecture, cache = defaultCache): string {
  const cached = join(cache, `${recipe.digest}-linux-${architecture}`);
  if (existsSync(cached)) return cached;

  // Outside the checkout, so that npm finds no other project above it.
  const work = mkdtempSync(join(tmpdir(), 'resize-handler-'));
  mkdirSync(cache, { recursive: true });
  const arriving = mkdtempSync(join(cache, 'arriving-'));
  try {
    for (const file of recipe.files) copyFileSync(join(recipe.folder, file), join(work, file));
    npmCi(work, architecture);
    cpSync(join(work, 'node_modules'), join(arriving, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    publish(arriving, cached);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(arriving, { recursive: true, force: true });
  }
  return cached;
}

function npmCi(cwd: string, architecture: Architecture) {
  const args = [
    'ci', '--os=linux', `--cpu=${architecture}`, '--libc=glibc',
    '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--include=optional',
  ];
  const result = spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    throw new BuildError(`npm ${args.join(' ')}`, 'must succeed', (result.stderr || '').trim() || result.status, { cause: result.error });
  }
}

/** A build that ran at the same time may have been first; its result is as good. */
function publish(arriving: string, cached: string) {
  try {
    renameSync(arriving, cached);
  } catch (error) {
    if (!existsSync(cached)) throw error;
  }
}
