import { fork } from 'node:child_process';
import type { Measurement } from './child/job';

/** glibc's memory as the construct sets it for the function. */
const ENVIRONMENT = { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2' };

/** Runs a program in a process of its own. @throws Error when it ends without a measurement */
export async function runChild(program: string, argument: string, environment: Record<string, string> = {}): Promise<Measurement> {
  const child = fork(program, [argument], { env: { ...ENVIRONMENT, ...environment }, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr!.on('data', (chunk) => { errors += chunk; });
  let measurement: Measurement | undefined;
  child.on('message', (message) => { measurement = message as Measurement; });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (!measurement || code !== 0) throw new Error(`${program} ended with status ${code}\n${errors}`);
  return measurement;
}
