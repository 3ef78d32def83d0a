import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breakingChanges, complaint } from './api-changes';
import { changesOf, versionsOf } from './changelog';
import { packageRoot } from '../assets/build/layout';

/**
 * `npm run check:api`: compares the public API with that of the last release. Exits with 1 when it breaks apps and the changelog
 * does not say so, and with 2 when the registry cannot be asked.
 */
function main(): void {
  const work = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const released = lastRelease(work);
    if (released === undefined) {
      console.log('check:api: skipped: nothing has been released with which the API could be compared');
      return;
    }
    const changelog = readFileSync(join(packageRoot, 'CHANGELOG.md'), 'utf8');
    const breaking = breakingChanges(released, packageRoot);
    const problem = complaint(breaking, changesOf(changelog, versionsOf(changelog)[0]));
    if (problem) throw new Error(problem);
    console.log(`check:api: ${breaking.length === 0 ? 'apps that use the last release need no change' : `${breaking.length} breaking changes, of which the changelog warns`}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns the folder of the package as it was last released; undefined where none was */
function lastRelease(work: string): string | undefined {
  const { name } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  try {
    const output = execFileSync('npm', ['pack', `${name}@latest`, '--json', `--pack-destination=${work}`], { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const [{ filename }] = Object.values<{ filename: string }>(JSON.parse(output));
    execFileSync('tar', ['-xzf', join(work, filename), '-C', work]);
    return join(work, 'package');
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    const told = `${stdout}${stderr}`.trim();
    if (/\bE404\b/.test(told)) return undefined;
    throw new Unreachable(told || message);
  }
}

class Unreachable extends Error {}

try {
  main();
} catch (error) {
  console.error(`check:api: ${error instanceof Unreachable ? 'the last release cannot be had: ' : ''}${(error as Error).message}`);
  process.exitCode = error instanceof Unreachable ? 2 : 1;
}
