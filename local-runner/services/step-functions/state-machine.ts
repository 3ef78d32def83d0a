/**
 * State machines of Step Functions: `AWS::StepFunctions::StateMachine` with a `DefinitionString` in JSONPath.
 *
 * Wiring hands over the resolved properties, what the tasks call, and `waitFactor`; `start` is what a rule of
 * EventBridge sends its events to. Logging, tracing, roles and the type (standard or express) have nothing to do here.
 *
 * The library `aws-local-stepfunctions` runs the states. What it gets wrong is prepared for it (`state-machine/program.ts`)
 * or refused by name (`state-machine/definition.ts`). What stays: an intrinsic function takes backslashes out of a text
 * that it makes; a path into a whole input that is false, zero, empty or null is an error, and so is a path with `[*]` that
 * finds nothing, which should be an empty array.
 */
import { randomUUID } from 'crypto';
import { setMaxListeners } from 'events';
import { parseDefinition } from './definition';
import { ExecutionError, ExecutionTimeoutError, StateMachine as Library, StateMachineDefinition } from './library';
import { MapRun } from './map-run';
import { compile, Program } from './program';
import type { Scope } from './scope';
import type { States } from './states';
import { TaskTargets } from './tasks';

export type { MapRun } from './map-run';
export type { TaskTargets } from './tasks';

export interface StateMachineProperties {
  readonly DefinitionString?: string;
  readonly DefinitionSubstitutions?: Readonly<Record<string, string | number | boolean>>;
  readonly Definition?: object;
  readonly DefinitionS3Location?: object;
}

export interface StateMachineOptions {
  readonly name: string;
  readonly arn: string;
  /** Where the resource stands in the templates, for errors. */
  readonly at: string;
  readonly properties: StateMachineProperties;
  readonly targets: TaskTargets;
  /** Share of their real time that waits and pauses before retries take. */
  readonly waitFactor: number;
  /** Gets the events that Step Functions sends when an execution starts or ends. */
  readonly onStatusChange?: (event: StatusChange) => void;
}

/** The detail of an event of Step Functions. */
export interface StatusChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly input: unknown;
  /** Of an execution that succeeded. */
  readonly output?: unknown;
  /** Name of the error of an execution that failed. */
  readonly error?: string;
  /** What the error says of itself. */
  readonly cause?: string;
  /** Resolves when the execution no longer runs. */
  readonly ended: Promise<void>;
  /** Runs of distributed maps, in the order of their starts. */
  readonly mapRuns: readonly MapRun[];
  /** Ends the execution as `StopExecution` does: nothing new begins, and invocations that run come to their end unheard. */
  readonly stop: () => void;
}

export class StateMachine {
  private readonly started: Execution[] = [];
  private readonly program: Program;
  private readonly stopped = new AbortController();

  /** @throws Error that names what the runner does not understand of the definition */
  constructor(private readonly options: StateMachineOptions) {
    const { properties, at, targets, waitFactor } = options;
    this.program = compile(parseDefinition(definitionOf(properties, at), at), { targets, waitFactor, at });
  }

  get name(): string {
    return this.options.name;
  }

  get arn(): string {
    return this.options.arn;
  }

  /** All executions, in the order of their starts. */
  get executions(): readonly Execution[] {
    return this.started;
  }

  /** Executions that run. */
  get pending(): number {
    return this.started.filter(({ status }) => status === 'RUNNING').length;
  }

  /** @param name unique among the executions of the state machine */
  start(input: unknown, name: string = randomUUID()): Execution {
    if (this.started.some((each) => each.name === name)) throw new Error(`${this.options.at} has an execution ${JSON.stringify(name)} already`);
    if (this.stopped.signal.aborted) throw new Error(`${this.options.at} is stopped`);
    const stopped = new AbortController();
    const execution = {
      name,
      status: 'RUNNING' as ExecutionStatus,
      input: JSON.parse(JSON.stringify(input)) as unknown,
      mapRuns: [] as MapRun[],
      stop: () => stopped.abort(),
    };
    const startDate = Date.now();
    this.tell(execution, { startDate, stopDate: null });
    const ended = this.execute(execution, AbortSignal.any([this.stopped.signal, stopped.signal])).then((outcome) => {
      Object.assign(execution, outcome);
      if (!this.stopped.signal.aborted) this.tell({ ...execution, ...outcome }, { startDate, stopDate: Date.now() });
    });
    const started: Execution = Object.assign(execution, { ended });
    this.started.push(started);
    return started;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.started.map(({ ended }) => ended));
  }

  private tell(execution: Pick<Execution, 'name' | 'status' | 'input' | 'output' | 'error' | 'cause'>, times: Pick<StatusChange, 'startDate' | 'stopDate'>): void {
    const { name, status, input, output, error = null, cause = null } = execution;
    this.options.onStatusChange?.({
      executionArn: this.executionArn(name),
      stateMachineArn: this.arn,
      name,
      status,
      ...times,
      input: JSON.stringify(input),
      output: output === undefined ? null : JSON.stringify(output),
      error,
      cause,
    });
  }

  private executionArn(name: string): string {
    return `${this.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  }

  private async execute({ name, input, mapRuns }: Begun, stopped: AbortSignal): Promise<Partial<Execution>> {
    const over = new AbortController();
    const context = {
      Run: {
        Id: this.executionArn(name),
        Input: input,
        Name: name,
        StartTime: new Date().toISOString(),
      },
      StateMachine: { Id: this.arn, Name: this.name },
    };
    try {
      const output = await this.run(this.program.definition, input, AbortSignal.any([stopped, over.signal]), { context, mapRuns });
      return { status: 'SUCCEEDED', output };
    } catch (error) {
      if (stopped.aborted) return { status: 'ABORTED' };
      if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
      const failure = error as Error;
      return { status: 'FAILED', error: failure.name || undefined, cause: failure.message || undefined };
    } finally {
      over.abort();
    }
  }

  private async run(states: States, input: unknown, signal: AbortSignal, run: Run): Promise<unknown> {
    const { context, mapRuns } = run;
    const scope: Scope = {
      signal,
      run: (nested, nestedInput, nestedSignal, more) => this.run(nested, nestedInput, nestedSignal, { ...run, context: { ...context, ...more } }),
      runChild: (nested, nestedInput, nestedSignal, { mapRun, name }) => this.run(nested, nestedInput, nestedSignal, {
        ...run,
        context: {
          ...context,
          Run: { Id: `${mapRun.arn.replace(':mapRun:', ':execution:')}:${name}`, Input: nestedInput, Name: name, StartTime: new Date().toISOString() },
        },
      }),
      startMapRun: (label, state, items) => {
        const started = new MapRun(`${this.arn.replace(':stateMachine:', ':mapRun:')}/${label}:${randomUUID()}`, state, items);
        mapRuns.push(started);
        return started;
      },
    };
    const handlers = [...this.program.actions].map(([name, action]) => [name, async (taskInput: unknown) => {
      signal.throwIfAborted();
      return action(taskInput, scope);
    }] as const);
    const machine = new Library(states as StateMachineDefinition, { validationOptions: { noValidate: true } });
    const overrides = { taskResourceLocalHandlers: Object.fromEntries(handlers) as never };
    const { result, abort } = machine.run(input as never, { context, overrides });
    // Every branch and item that runs at the same time listens.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort);
    try {
      return await result;
    } catch (error) {
      throw error instanceof ExecutionError ? error.cause : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

type Begun = Pick<Execution, 'name' | 'input'> & { readonly mapRuns: MapRun[] };

/** What an execution and all of its branches and children have in common. */
interface Run {
  readonly context: Readonly<Record<string, unknown>>;
  readonly mapRuns: MapRun[];
}

function definitionOf({ DefinitionString, DefinitionSubstitutions = {} }: StateMachineProperties, at: string): string {
  if (DefinitionString === undefined) throw new Error(`${at} must have a DefinitionString: the local runner reads no other definition`);
  return DefinitionString.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => (name in DefinitionSubstitutions ? String(DefinitionSubstitutions[name]) : whole));
}
