import { fork } from 'node:child_process';
import type { Measurement } from './child/job';

/** glibc's memory as the construct sets it for the function. */
const ENVIRONMENT = { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2' };

export interface RunOptions {
  readonly environment?: Record<string, string>;
  /** Is told the process before it has done anything to speak of. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a program in a process of its own. @throws Error when it ends without a measurement */
export async function runChild<T = Measurement>(program: string, argument: string, { environment, onStart }: RunOptions = {}): Promise<T> {
  const child = fork(program, [argument], { env: { ...ENVIRONMENT, ...environment }, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  onStart?.(child.pid!);
  let errors = '';
  child.stderr!.on('data', (chunk) => { errors += chunk; });
  let measurement: T | undefined;
  child.on('message', (message) => { measurement = message as T; });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (!measurement || code !== 0) throw new Error(`${program} ended with status ${code}\n${errors}`);
  return measurement;
}
