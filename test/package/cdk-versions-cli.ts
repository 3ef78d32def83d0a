import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyExample, exampleEnvironment, installIntoEmptyApp, npm, packPackage, Tarball } from './empty-app';
import { packageRoot } from '../../assets/build/layout';

/**
 * `npm run check:cdk-versions`: synthesises every example with the package as it is published, with the lowest and the newest
 * version of CDK, by the newest `cdk synth --strict`. Exits with 1 when one has a warning, an error, or calls something deprecated.
 */
async function main() {
  const work = mkdtempSync(join(tmpdir(), 'cdk-versions-'));
  try {
    const tarball = packPackage(work);
    const toolkit = installed(join(work, 'toolkit'), { 'aws-cdk': 'latest' });
    const failed = Object.entries(cdkVersions()).flatMap(([name, peers]) => failuresWith(join(work, name), peers, toolkit, tarball));
    if (failed.length > 0) throw new Error(`with warnings, or not synthesised: ${failed.join(', ')}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The floor is what package.json promises; the newest is whatever the registry has. */
function cdkVersions(): Record<string, Record<string, string>> {
  const { peerDependencies }: { peerDependencies: Record<string, string> } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const floor = Object.entries(peerDependencies).map(([peer, range]) => [peer, range.replace('^', '')]);
  return { floor: Object.fromEntries(floor), newest: { ...peerDependencies, 'aws-cdk-lib': 'latest' } };
}

/** @returns the examples that failed */
function failuresWith(folder: string, peers: Record<string, string>, toolkit: string, tarball: Tarball): string[] {
  const modules = installed(join(folder, 'cdk'), peers);
  const { version } = JSON.parse(readFileSync(join(modules, 'aws-cdk-lib', 'package.json'), 'utf8'));
  const app = join(folder, 'app');
  installIntoEmptyApp(app, tarball, modules);
  return examples().filter((example) => {
    const complaint = complaintOf(copyExample(app, example), toolkit, exampleEnvironment(app));
    console.log(`aws-cdk-lib ${version}, ${example}: ${complaint ?? 'no warning'}`);
    return complaint !== undefined;
  }).map((example) => `${example} with aws-cdk-lib ${version}`);
}

function examples(): string[] {
  const folder = join(packageRoot, 'examples');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'app.ts'))).sort();
}

/** What `cdk synth --strict` says; undefined where it is content. */
function complaintOf(cwd: string, toolkit: string, environment: NodeJS.ProcessEnv): string | undefined {
  const cdk = join(toolkit, 'aws-cdk', 'bin', 'cdk');
  const env = { ...environment, JSII_DEPRECATED: 'fail', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  try {
    execFileSync(process.execPath, [cdk, 'synth', '--strict', '--quiet', '--no-notices', '--no-version-reporting'], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return undefined;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`.trim();
  }
}

/** @returns the folder of the modules */
function installed(folder: string, dependencies: Record<string, string>): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  npm(folder, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock');
  return join(folder, 'node_modules');
}

main().catch((error: Error) => {
  console.error(`check:cdk-versions: ${error.message}`);
  process.exitCode = 1;
});
