import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

/** How an app of a language gets the package, and is run; with that language's own tools. */
export interface Language {
  /** As jsii, and the folder of the example, have it. */
  readonly name: string;
  /** Programs without which the language is skipped, with what makes them say that they are there. */
  readonly tools: readonly (readonly [what: string, program: string, ...args: string[]])[];
  /** The programs of the app whose stacks are compared: that of its `cdk.json`, and others. */
  readonly programs: readonly Program[];
  /** A command that fetches a small released package with the language's own tools: fails where its registry cannot be reached. */
  fetch(constructs: string): readonly [program: string, ...args: string[]];
  /** Installs the built package, and CDK's lowest supported version, into an app. */
  install(place: Place): void;
  /** The built package, with the npm package in it. */
  artifact(dist: string): Artifact;
  /** The shell command that prints documentation of the built package, and a line of its examples as the language has it. */
  translated(dist: string): { readonly command: string; readonly line: string };
}

/** An npm package, or an archive that has it among its entries. */
export type Artifact = { readonly archive: string; readonly within: string } | { readonly file: string };

export interface Program {
  readonly stacks: readonly string[];
  /** A shell command; by default that of `cdk.json`. */
  readonly command?: string;
}

export interface Place {
  /** A copy of the example. */
  readonly app: string;
  /** What `jsii-pacmak` wrote for the language. */
  readonly dist: string;
  /** Stays from one run to the next. */
  readonly cache: string;
  readonly cdk: string;
  readonly constructs: string;
}

export class CommandError extends Error {}

export function run(cwd: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  try {
    return execFileSync(program, args, {
      // What jsii says of the version of Node.js would be most of what is shown of a failure.
      cwd, env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw new CommandError(`${[program, ...args].join(' ')} in ${cwd}:\n${`${stdout}${stderr}`.trim().slice(-4000) || message}`);
  }
}

export function shell(cwd: string, command: string, env: NodeJS.ProcessEnv = {}): string {
  return run(cwd, 'sh', ['-c', command], env);
}

/** What jsii and the checks use, whatever the language. */
const COMMON_TOOLS: Language['tools'] = [['no unzip', 'unzip', '-v'], ['no tar', 'tar', '--version']];

/** What the machine lacks for a language; undefined where it lacks nothing. */
export function missingTool({ tools }: Language): string | undefined {
  return [...COMMON_TOOLS, ...tools].find(([, program, ...args]) => {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  })?.[0];
}

export function fileIn(folder: string, ending: string): string {
  const found = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(ending)).sort();
  if (found.length === 0) throw new Error(`${folder} must have a file that ends with ${ending}`);
  return join(folder, found[0]);
}

export const helpers = join(packageRoot, 'test', 'languages');
