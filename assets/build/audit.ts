import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Audit {
  /** Of packages. */
  readonly count: number;
  /** Absent when the registry answered with no advisories, but with an error. */
  readonly advisories?: Record<string, unknown>;
  /** Why nothing is known. */
  readonly error?: string;
}

/**
 * Asks for advisories against exactly the packages of an SBOM: what is shipped, and nothing else.
 *
 * @param registry default: the one that npm is configured with
 */
export async function audit(sbom: string, registry?: string): Promise<Audit> {
  const { components } = JSON.parse(readFileSync(sbom, 'utf8')) as { components: Component[] };
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(ROOT));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(renderLock(components)));
    const { vulnerabilities, message } = JSON.parse(await npmAudit(folder, registry)) as Report;
    return { count: components.length, advisories: vulnerabilities, ...(!vulnerabilities && { error: message ?? 'npm audit said nothing' }) };
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
async function npmAudit(cwd: string, registry?: string): Promise<string> {
  const args = ['audit', '--json', '--package-lock-only', ...(registry ? [`--registry=${registry}`] : [])];
  const run = promisify(execFile)('npm', args, { cwd, shell: process.platform === 'win32' });
  const { stdout } = await run.catch((error: { stdout?: string }) => ({ stdout: error.stdout }));
  return stdout || '{}';
}
