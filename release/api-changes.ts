import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { namesBreakingChanges } from './changelog';
import { packageRoot } from '../assets/build/layout';

/**
 * What in the public API of `updated` breaks apps that use `original`: folders with a package each. The whole API counts, whatever
 * its stability: apps break all the same.
 */
export function breakingChanges(original: string, updated: string): string[] {
  const jsiiDiff = join(packageRoot, 'node_modules', 'jsii-diff', 'bin', 'jsii-diff');
  const { status, stderr } = spawnSync(process.execPath, [jsiiDiff, '--error-on', 'all', original, updated], {
    encoding: 'utf8',
    // CDK, on which both build, is that of this checkout.
    env: { ...process.env, NODE_PATH: join(packageRoot, 'node_modules'), JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: 'true' },
  });
  const changes = stderr.split('\n').filter((line) => line.startsWith('err '));
  if (status !== 0 && changes.length === 0) throw new Error(`jsii-diff failed: ${stderr.trim()}`);
  return changes;
}

/** Undefined where the changelog warns of what breaks. */
export function complaint(breaking: readonly string[], changes: string): string | undefined {
  if (breaking.length === 0 || namesBreakingChanges(changes)) return undefined;
  return ['the public API breaks apps that use the last release:', ...breaking,
    'Deprecate in place of removing; or say "- **Breaking:** ..." in CHANGELOG.md, and in docs/upgrading.md what to do.'].join('\n');
}
