import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

/**
 * Compiles a hook in an app that has the package.
 *
 * @param options of the compiler, beside those that are strict
 * @returns what the compiler says; nothing when all is well
 */
export function compileHook(app: string, file: string, code: string, options: readonly string[]): string {
  const folder = join(app, 'hooks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), code);
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--noEmit', '--strict', '--allowJs', '--checkJs', '--target', 'es2022', '--lib', 'es2022', '--types', 'node', '--typeRoots', join(packageRoot, 'node_modules', '@types')];
  try {
    return execFileSync(process.execPath, [compiler, ...strict, ...options, file], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
