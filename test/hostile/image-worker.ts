import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ImageAnswer, ImageJob } from './child/protocol';

/** What became of a job, or of the process that did it. */
export type Verdict = ImageAnswer
  /** The process ended: the native library crashed, or memory ran out. */
  | { readonly crash: string }
  /** The process gave no answer within the limit, and was killed. */
  | { readonly hang: string };

/** glibc's memory as the construct sets it for the function. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** A guard against what never ends, not a measure of speed: machines under test are slow and busy. */
const WALL_LIMIT_MS = 60_000;

/** Runs the handler's image path in a child process, which is replaced when it dies. */
export class ImageWorker {
  private child?: ChildProcess;
  private errors = '';

  constructor(private readonly wallLimitMs = WALL_LIMIT_MS) {}

  async run(job: ImageJob): Promise<Verdict> {
    const child = this.child ?? await this.start();
    return new Promise<Verdict>((resolve) => {
      const finish = (verdict: Verdict) => {
        clearTimeout(guard);
        child.off('message', onAnswer).off('exit', onExit);
        resolve(verdict);
      };
      const onAnswer = (answer: unknown) => finish(answer as ImageAnswer);
      const onExit = (status: number | null, signal: string | null) => {
        this.child = undefined;
        finish({ crash: `the process ended with ${signal ?? `status ${status}`}\n${this.errors}`.trim() });
      };
      const guard = setTimeout(() => {
        void this.stop('SIGKILL').then(() => finish({ hang: `no answer within ${this.wallLimitMs / 1000} seconds` }));
      }, this.wallLimitMs);
      child.once('message', onAnswer).once('exit', onExit);
      child.send(job);
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    child.removeAllListeners('exit').kill(signal);
    await once(child, 'exit');
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(join(__dirname, 'child', 'image-worker.ts'), [], {
      env: { ...process.env, ...ENVIRONMENT },
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.errors = '';
    child.stderr!.on('data', (chunk) => { this.errors = `${this.errors}${chunk}`.slice(-4000); });
    const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (first !== 'ready') throw new Error(`the worker ended before it began\n${this.errors}`);
    this.child = child;
    return child;
  }
}
