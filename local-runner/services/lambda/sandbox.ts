import { ChildProcess, fork } from 'child_process';
import { join } from 'path';
import { createInterface } from 'readline';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What an invocation came to: a payload, or an error. */
export interface InvocationResult {
  readonly payload?: unknown;
  readonly error?: FunctionError;
}

export interface Invocation {
  readonly event: unknown;
  readonly requestId: string;
  readonly functionArn: string;
}

export interface SandboxOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly onLine: (line: string) => void;
}

type Answer = { readonly type: 'ready' } | { readonly type: 'result'; readonly payload?: unknown } | { readonly type: 'error'; readonly error: FunctionError };

/** One process of a function. It handles one event at a time, and is killed when it takes too long. */
export class Sandbox {
  /** Resolves when the process is gone and all of its output was read. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly ready: Promise<InvocationResult>;
  private settle?: (result: InvocationResult) => void;
  private isAlive = true;

  constructor(private readonly options: SandboxOptions) {
    this.child = fork(join(__dirname, 'bootstrap.mjs'), [], {
      cwd: options.folder,
      env: { ...options.environment },
      // None of the loaders of this process.
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) createInterface({ input: stream }).on('line', options.onLine);
    this.child.on('message', (answer: Answer) => this.settle?.(resultOf(answer)));
    this.child.on('error', (error) => this.settle?.({ error: { errorType: 'Runtime.Unknown', errorMessage: error.message } }));
    this.child.on('exit', (code, signal) => {
      this.isAlive = false;
      this.settle?.({ error: { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with ${signal ? `signal ${signal}` : `exit status ${code}`}` } });
    });
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
    this.ready = this.answer();
  }

  get alive(): boolean {
    return this.isAlive;
  }

  async invoke({ event, requestId, functionArn }: Invocation): Promise<InvocationResult> {
    const loaded = await this.ready;
    if (loaded.error) {
      await this.stop();
      return loaded;
    }
    const answer = this.answer();
    const deadline = Date.now() + this.options.timeoutSeconds * 1000;
    this.child.send({ event, requestId, functionArn, deadline }, () => { /* a process that is gone is seen by its exit */ });
    return answer;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** The next answer; loading the handler and each invocation may take the function's timeout. */
  private async answer(): Promise<InvocationResult> {
    const { timeoutSeconds, onLine } = this.options;
    const timer = setTimeout(() => {
      const error = { errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${timeoutSeconds.toFixed(2)} seconds` };
      onLine(error.errorMessage);
      this.isAlive = false;
      this.child.kill('SIGKILL');
      this.settle?.({ error });
    }, timeoutSeconds * 1000);
    try {
      return await new Promise((resolve) => { this.settle = resolve; });
    } finally {
      clearTimeout(timer);
      this.settle = undefined;
    }
  }
}

function resultOf(answer: Answer): InvocationResult {
  switch (answer.type) {
    case 'ready': return {};
    case 'result': return { payload: answer.payload };
    case 'error': return { error: answer.error };
  }
}
