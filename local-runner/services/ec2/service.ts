import { ChildProcess, spawn } from 'child_process';
import { connect, createServer, AddressInfo } from 'net';
import { createInterface } from 'readline';
import { setTimeout as sleep } from 'timers/promises';
import { Unit } from './unit';

export interface ServiceOptions {
  readonly name: string;
  readonly unit: Unit;
  /** Folder where the unit names none. */
  readonly folder: string;
  /** Of this machine: endpoints and credentials. It goes before that of the unit. */
  readonly environment: Readonly<Record<string, string>>;
  /** Share of its real time that the wait before a restart takes. */
  readonly waitFactor: number;
  readonly onLine: (text: string) => void;
}

/** systemd's own limit: more starts than these in the time, and the unit has failed. */
const START_LIMIT = 5;
const START_LIMIT_MS = 10_000;
const READY_TIMEOUT_MS = 30_000;
const READY_CHECK_MS = 25;

/** A process of its own goes when this one does, and its server need not know. */
const END_WITH_PARENT = 'data:text/javascript,process.on("disconnect",()=>process.exit());process.channel?.unref()';

/** A unit that runs as a process, and again when it ends and the unit says so. */
export class Service {
  /** Resolves when the server accepts connections. */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options, await freePort());
    try {
      await service.ready();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  private child?: ChildProcess;
  private readonly starts: number[] = [];
  private readonly stopped = new AbortController();
  private readonly running: Promise<void>;
  private hasFailed = false;

  private constructor(private readonly options: ServiceOptions, readonly port: number) {
    this.running = this.run();
  }

  /** Whether the process ended and does not come back. */
  get failed(): boolean {
    return this.hasFailed;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.child?.kill('SIGKILL');
    await this.running;
  }

  private async run(): Promise<void> {
    const { name, unit, waitFactor, onLine } = this.options;
    for (;;) {
      this.starts.push(Date.now());
      const ended = await this.runOnce();
      if (this.stopped.signal.aborted) return;
      onLine(`${name}.service: ${ended.reason}`);
      const tooOften = this.starts.filter((time) => time > Date.now() - START_LIMIT_MS).length >= START_LIMIT;
      if (tooOften || !unit.restart(ended.failed)) {
        if (tooOften) onLine(`${name}.service: start request repeated too quickly`);
        this.hasFailed = true;
        return;
      }
      await sleep(unit.restartMs * waitFactor, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
    }
  }

  /** Starts the process and waits for its end. */
  private async runOnce(): Promise<{ failed: boolean; reason: string }> {
    const { unit, folder, environment, onLine } = this.options;
    const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ...unit.arguments], {
      cwd: unit.workingDirectory ?? folder,
      env: { PATH: process.env.PATH ?? '', ...unit.environment, ...environment, PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', onLine);
    return new Promise((resolve) => {
      let problem = '';
      child.on('error', (error) => { problem = error.message; });
      child.on('close', (code, signal) => {
        resolve({ failed: code !== 0, reason: problem || (signal ? `ended by signal ${signal}` : `ended with exit status ${code}`) });
      });
    });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await accepts(this.port))) {
      if (this.failed) throw new Error(`service ${this.options.name} must listen on the port of its variable PORT, but has ended`);
      if (Date.now() > deadline) throw new Error(`service ${this.options.name} must listen on the port of its variable PORT within ${READY_TIMEOUT_MS / 1000} seconds`);
      await sleep(READY_CHECK_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
