import { randomUUID } from 'crypto';
import { delimiter } from 'path';
import pLimit from 'p-limit';
import { InvocationResult, Sandbox } from './sandbox';

export type { FunctionError, InvocationResult } from './sandbox';

export interface LocalFunctionOptions {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Folder with the code. */
  readonly folder: () => string;
  /** Folders of its layers with modules of Node.js. */
  readonly moduleFolders?: () => readonly string[];
  readonly handler: string;
  readonly runtime: string;
  readonly memorySize: number;
  readonly timeoutSeconds: number;
  /** Of the template, and of the machine that the function runs on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Most processes at a time. */
  readonly concurrency: number;
  readonly onLog: (line: LogLine) => void;
}

/** A line that a function wrote, or a service of an instance. */
export interface LogLine {
  /** Of the function or instance. */
  readonly functionName: string;
  readonly text: string;
  /** Whether the line is a metric in CloudWatch's embedded metric format. */
  readonly isMetric: boolean;
}

/** A Lambda function: a pool of processes, each of which handles one event at a time. */
export class LocalFunction {
  private invoked = 0;
  private erred = 0;
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly idle: Sandbox[] = [];
  private readonly sandboxes = new Set<Sandbox>();
  private readonly handling = new Map<Sandbox, unknown>();
  private stopped = false;

  constructor(private readonly options: LocalFunctionOptions) {
    this.limit = pLimit(options.concurrency);
  }

  get name(): string {
    return this.options.name;
  }

  get arn(): string {
    return this.options.arn;
  }

  get concurrency(): number {
    return this.options.concurrency;
  }

  /** @throws Error when the function cannot run on this machine */
  requireRunnable(): void {
    const { name, runtime, folder, moduleFolders } = this.options;
    if (!runtime.startsWith('nodejs')) throw new Error(`function ${name} must have a Node.js runtime to run here, received ${JSON.stringify(runtime)}`);
    folder();
    moduleFolders?.();
  }

  /** How often it was invoked. */
  get invocations(): number {
    return this.invoked;
  }

  /** Invocations that ended in an error. */
  get errors(): number {
    return this.erred;
  }

  /** Events that are being handled, or wait for a process. */
  get pending(): number {
    return this.limit.activeCount + this.limit.pendingCount;
  }

  /** Handles an event when a process is free for it. */
  invoke(event: unknown, requestId: string = randomUUID()): Promise<InvocationResult> {
    this.invoked += 1;
    return this.limit(async () => {
      if (this.stopped) return { error: { errorType: 'Stopped', errorMessage: `function ${this.name} is stopped` } };
      const sandbox = this.takeIdle() ?? this.start();
      this.handling.set(sandbox, event);
      const result = await sandbox.invoke({ event, requestId, functionArn: this.arn });
      this.handling.delete(sandbox);
      if (result.error) this.erred += 1;
      if (sandbox.alive) this.idle.push(sandbox);
      return result;
    });
  }

  /**
   * Kills a process while it handles an event, as Lambda does for lack of memory.
   *
   * @returns whether one was handling what is wanted
   */
  kill(isWanted: (event: unknown) => boolean): boolean {
    const found = [...this.handling].find(([, event]) => isWanted(event));
    void found?.[0].stop();
    return found !== undefined;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.sandboxes].map((sandbox) => sandbox.stop()));
  }

  private takeIdle(): Sandbox | undefined {
    for (let sandbox = this.idle.pop(); sandbox; sandbox = this.idle.pop()) {
      if (sandbox.alive) return sandbox;
    }
    return undefined;
  }

  private start(): Sandbox {
    const { name, timeoutSeconds, onLog } = this.options;
    const folder = this.options.folder();
    const sandbox = new Sandbox({
      folder,
      timeoutSeconds,
      environment: { ...this.options.environment, ...this.lambdaEnvironment(folder) },
      onLine: (text) => onLog({ functionName: name, text, isMetric: isMetric(text) }),
    });
    this.sandboxes.add(sandbox);
    void sandbox.ended.then(() => this.sandboxes.delete(sandbox));
    return sandbox;
  }

  /** What Lambda itself sets. */
  private lambdaEnvironment(folder: string): Record<string, string> {
    const { name, region, handler, runtime, memorySize, moduleFolders } = this.options;
    return {
      _HANDLER: handler,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
      AWS_REGION: region,
      LAMBDA_TASK_ROOT: folder,
      LANG: 'en_US.UTF-8',
      // What is in several layers is taken from the last.
      NODE_PATH: [...moduleFolders?.() ?? []].reverse().join(delimiter),
      PATH: process.env.PATH ?? '',
      TZ: ':UTC',
    };
  }
}

function isMetric(text: string): boolean {
  return text.startsWith('{') && text.includes('"_aws"') && text.includes('"CloudWatchMetrics"');
}
