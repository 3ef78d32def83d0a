import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuildError } from './build-error';

export interface Audit {
  /** Of packages. */
  readonly count: number;
  /** By the package that they concern. Absent when the request to the registry failed. */
  readonly advisories?: Record<string, unknown>;
  /** Why that request failed. */
  readonly error?: string;
}

/**
 * Asks for advisories against exactly the packages of an SBOM: what is shipped, and nothing else.
 *
 * @param env of npm; `npm_config_registry` in it names another registry
 * @throws BuildError when npm itself fails, which says nothing about the registry
 */
export async function audit(sbom: string, env = process.env): Promise<Audit> {
  const { components } = JSON.parse(readFileSync(sbom, 'utf8')) as { components: Component[] };
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(ROOT));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(renderLock(components)));
    const { vulnerabilities, message } = await npmAudit(folder, env);
    return { count: components.length, advisories: vulnerabilities, ...(!vulnerabilities && { error: message }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
}

interface Report {
  readonly vulnerabilities?: Record<string, unknown>;
  /** Of a request that failed. */
  readonly message?: string;
  /** Of npm itself. */
  readonly error?: { readonly summary?: string };
}

/** How a process ended: with the message of an error when it could not be started, or exited with one. */
interface Ended {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly message?: string;
}

const ROOT = { name: 'payload', version: '0.0.0', private: true };

function renderLock(components: readonly Component[]): object {
  const dependencies = Object.fromEntries(components.map((component) => [nameOf(component), component.version]));
  const installed = components.map((component) => [`node_modules/${nameOf(component)}`, { version: component.version }]);
  return { ...ROOT, lockfileVersion: 3, requires: true, packages: { '': { ...ROOT, dependencies }, ...Object.fromEntries(installed) } };
}

function nameOf({ group, name }: Component): string {
  return group ? `${group}/${name}` : name;
}

/** @returns what it prints, also when it finds something and exits with an error */
async function npmAudit(cwd: string, env: NodeJS.ProcessEnv): Promise<Report> {
  const run = promisify(execFile)('npm', ['audit', '--json', '--package-lock-only', '--offline=false'], { cwd, env, shell: process.platform === 'win32' });
  const { stdout, stderr, message }: Ended = await run.catch((error: Ended) => error);
  const report = JSON.parse(stdout || '{}') as Report;
  if (!report.vulnerabilities && !report.message) {
    throw new BuildError('npm audit', 'must succeed', report.error?.summary || stderr?.trim() || message);
  }
  return report;
}
