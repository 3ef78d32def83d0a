/** Programs of this machine that do the same work. */
import { execFile, execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job, Measurement } from './child/job';

export interface Other {
  readonly name: string;
  /** With its version; absent when it is not installed. */
  readonly version?: string;
  measure(job: Job, folder: string): Promise<Measurement>;
}

const tool = (name: string) => join(__dirname, 'tools', name);
const run = promisify(execFile);

/** Each with its version, or without one where it is missing. */
export function findOthers(): Other[] {
  const withPillow = ['python3', '/usr/bin/python3'].find((python) => answer(python, ['-c', 'import PIL']) !== undefined);
  const python = withPillow ?? (answer('python3', ['-c', '']) === undefined ? undefined : 'python3');
  return [
    {
      name: 'Pillow, open and save per size',
      version: withPillow && answer(withPillow, ['-c', 'import PIL; print("Pillow", PIL.__version__)']),
      async measure({ file, sizes, format, repeats }, folder) {
        const { stdout } = await run(withPillow!, [tool('pillow.py'), file, JSON.stringify(sizes), format, String(repeats), folder]);
        return JSON.parse(stdout) as Measurement;
      },
    },
    command(python, 'vipsthumbnail per size', answer('vipsthumbnail', ['--vips-version']), ({ file, format }, size, target) => [
      'vipsthumbnail', file, '--size', `${size}x${size}>`, '--output', `${target}.${extensionOf(format)}[Q=80]`,
    ]),
    command(python, 'ImageMagick per size', answer('convert', ['--version'])?.replace(/^Version: /, '').split(' ').slice(0, 2).join(' '), ({ file, format }, size, target) => [
      'convert', `${file}[0]`, '-resize', `${size}x${size}>`, '-quality', '80', `${target}.${extensionOf(format)}`,
    ]),
  ];
}

type CommandOf = (job: Job, size: number, target: string) => string[];

/** A program that is started once per size. Python reads what a child process used, which Node does not. */
function command(python: string | undefined, name: string, version: string | undefined, commandOf: CommandOf): Other {
  return {
    name,
    version: python && version,
    async measure(job, folder) {
      const targets = job.sizes.map((size) => join(folder, `other-${size}`));
      const commands = job.sizes.map((size, at) => commandOf(job, size, targets[at]));
      const { stdout } = await run(python!, [tool('measure.py'), JSON.stringify(commands), String(job.repeats)]);
      const bytes = targets.reduce((sum, target) => sum + statSync(`${target}.${extensionOf(job.format)}`).size, 0);
      return { ...JSON.parse(stdout) as Omit<Measurement, 'bytes'>, bytes };
    },
  };
}

function extensionOf(format: Job['format']): string {
  return format === 'jpeg' ? 'jpg' : format;
}

/** The first line that a program prints; undefined when it is missing or fails. */
function answer(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0].trim();
  } catch {
    return undefined;
  }
}
