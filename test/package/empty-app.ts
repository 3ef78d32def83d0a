import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

export interface Tarball {
  readonly path: string;
  readonly size: number;
  readonly files: string[];
}

/** What is to be published, in the folder that PACKAGES names; else `npm pack` of this checkout. */
export function packPackage(destination: string): Tarball {
  return process.env.PACKAGES ? releasedPackage(resolve(packageRoot, process.env.PACKAGES, 'js')) : packCheckout(destination);
}

function releasedPackage(folder: string): Tarball {
  const path = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  const listed = execFileSync('tar', ['-tzf', path], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim().split('\n');
  return { path, size: statSync(path).size, files: listed.map((file) => file.replace(/^package\//, '')).sort() };
}

function packCheckout(destination: string): Tarball {
  for (const [file, task] of [['lib/index.js', 'compile'], ['.jsii', 'compile'], ['assets/resize-handler/linux-x64/index.mjs', 'build:handler']]) {
    if (!existsSync(join(packageRoot, file))) throw new Error(`${file} must exist before the package is packed: run \`npm run ${task}\``);
  }
  const output = npm(packageRoot, 'pack', '--json', '--ignore-scripts', `--pack-destination=${destination}`);
  // npm prints a list up to version 11, and an object by package name after it.
  const [packed] = Object.values<{ filename: string; size: number; files: { path: string }[] }>(JSON.parse(output));
  return { path: join(destination, packed.filename), size: packed.size, files: packed.files.map(({ path }) => path).sort() };
}

/** An app that has the package from its tarball, and CDK from `modules`, by default those of this checkout. Returns the installed package. */
export function installIntoEmptyApp(app: string, tarball: Tarball, modules = join(packageRoot, 'node_modules')): string {
  const { name } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'empty-app', version: '0.0.0', private: true }));
  npm(app, 'install', tarball.path, '--offline', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-package-lock');
  for (const peer of ['aws-cdk-lib', 'constructs']) symlinkSync(join(modules, peer), join(app, 'node_modules', peer), 'dir');
  return join(app, 'node_modules', name);
}

/**
 * Runs the CDK app of an example that was copied beside the installed package. What else it needs comes from this checkout.
 * Returns its cloud assembly.
 */
export function synthesiseExample(app: string, example: string): string {
  const cwd = copyExample(app, example);
  const outdir = join(app, `${example}.out`);
  const { app: command } = JSON.parse(readFileSync(join(cwd, 'cdk.json'), 'utf8'));
  execFileSync(command, { cwd, env: { ...exampleEnvironment(app), CDK_OUTDIR: outdir }, shell: true, stdio: 'pipe' });
  return outdir;
}

/** The folder of an example that was copied beside the installed package. What else it needs comes from this checkout. */
export function copyExample(app: string, example: string): string {
  for (const shared of ['web', example]) cpSync(join(packageRoot, 'examples', shared), join(app, 'examples', shared), { recursive: true });
  const modules = join(app, 'node_modules');
  for (const other of readdirSync(join(packageRoot, 'node_modules'))) {
    if (!existsSync(join(modules, other))) symlinkSync(join(packageRoot, 'node_modules', other), join(modules, other), 'dir');
  }
  return join(app, 'examples', example);
}

export function exampleEnvironment(app: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [join(app, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
}

/** Loaded before the app: every way out of the process throws. */
const sealed = `
const refuse = (what) => () => { throw new Error(what + ' must not be used by the synthesis'); };
const childProcess = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) childProcess[name] = refuse(name);
require('node:net').Socket.prototype.connect = refuse('the network');
require('node:dns').lookup = refuse('dns');
`;

/** Runs a CDK app without network, Docker, bundler or any other program. Returns its cloud assembly. */
export function synthesise(app: string, program: string): string {
  writeFileSync(join(app, 'sealed.cjs'), sealed);
  writeFileSync(join(app, 'app.cjs'), program);
  execFileSync(process.execPath, ['--require', './sealed.cjs', 'app.cjs'], { cwd: app, env: { PATH: '' }, stdio: 'pipe' });
  return join(app, 'cdk.out');
}

export function npm(cwd: string, ...args: string[]) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'] });
}
