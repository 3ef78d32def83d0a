import { setTimeout as sleep } from 'timers/promises';
import pLimit from 'p-limit';
import { isDistributed, isPathField, processorOf } from './definition';
import { compileDistributedMap } from './distributed-map';
import { runtimeError } from './errors';
import type { Action, Scope } from './scope';
import type { State, States } from './states';
import { TaskTargets, taskOf } from './tasks';

/** What the library runs: a definition, and what its `Task` states do, by their names. */
export interface Program {
  readonly definition: States;
  readonly actions: ReadonlyMap<string, Action>;
}

export interface ProgramOptions {
  readonly targets: TaskTargets;
  /** Share of the real time that waits take. */
  readonly waitFactor: number;
  /** Where the definition stands, for errors. */
  readonly at: string;
}

/** Timers of Node.js take no more; Step Functions lets a task run for a year. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** What an inline map runs at a time when the definition does not say. */
const MAX_ITEMS_AT_A_TIME = 40;

/**
 * Prepares a definition for the library, so that it behaves as the States Language says.
 *
 * `Wait`, `Parallel` and `Map` become tasks of the runner: the library can neither shorten waits that come from data
 * nor stop the rest of a map when one item fails.
 */
export function compile(definition: States, options: ProgramOptions): Program {
  const actions = new Map<string, Action>();
  return { definition: compileStates(definition, actions, options), actions };
}

function compileStates(level: States, actions: Map<string, Action>, options: ProgramOptions): States {
  const states = Object.entries(level.States).map(([name, state]) => {
    const { action, ...compiled } = compileState(name, state, actions, options);
    if (action) actions.set(name, action);
    return [name, common(compiled, options.waitFactor)] as const;
  });
  return { StartAt: level.StartAt, States: Object.fromEntries(states), ...(level.TimeoutSeconds && { TimeoutSeconds: level.TimeoutSeconds }) };
}

function compileState(name: string, state: State, actions: Map<string, Action>, options: ProgramOptions): State & { action?: Action } {
  switch (state.Type) {
    case 'Task': {
      const task = taskOf(state, options.targets, `${options.at}: state ${JSON.stringify(name)}`);
      return { ...state, action: task };
    }
    case 'Wait': return compileWait(state, options.waitFactor);
    case 'Parallel': {
      const { Branches, ...rest } = state;
      const branches = (Branches as States[]).map((branch) => compileStates(branch, actions, options));
      return { ...rest, Type: 'Task', action: (input, scope) => runAll(branches, branches.length, scope, (branch, signal) => scope.run(branch, input, signal)) };
    }
    case 'Map': {
      const processor = compileStates(processorOf(state), actions, options);
      return isDistributed(state)
        ? compileDistributedMap(state, processor, selectionOf, { name, s3: options.targets.s3 })
        : compileMap(state, processor);
    }
    case 'Pass': {
      // The library takes a result that is false, zero, empty or null for none.
      const { Result, ...rest } = state;
      return Result === undefined || Result ? state : { ...rest, Parameters: Result };
    }
    case 'Choice': return { ...state, Choices: (state.Choices as Rule[]).map(compileRule) };
    case 'Fail': return { Error: '', Cause: '', ...state };
    default: return state;
  }
}

function compileWait(state: State, waitFactor: number): State & { action: Action } {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
  const wait = async (milliseconds: number, signal: AbortSignal) => {
    await sleep(Math.min(Math.max(milliseconds, 0) * waitFactor, MAX_TIMER_MS), undefined, { signal });
  };
  const until = (timestamp: unknown) => {
    const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    if (Number.isNaN(time)) throw runtimeError(`a wait must be until a timestamp, received ${JSON.stringify(timestamp)}`);
    return time - Date.now();
  };
  const during = (seconds: unknown) => {
    if (!Number.isInteger(seconds) || (seconds as number) < 0) throw runtimeError(`a wait must take a whole number of seconds, received ${JSON.stringify(seconds)}`);
    return (seconds as number) * 1000;
  };
  const path = SecondsPath ?? TimestampPath;
  if (path === undefined) {
    return {
      ...rest,
      Type: 'Task',
      action: async (input, { signal }) => {
        await wait(Timestamp === undefined ? during(Seconds) : until(Timestamp), signal);
        return input;
      },
    };
  }
  return {
    ...rest,
    Type: 'Task',
    Parameters: { 'wait.$': path, 'input.$': '$' },
    action: async (parameters, { signal }) => {
      const { wait: value, input } = parameters as { wait: unknown; input: unknown };
      await wait(SecondsPath === undefined ? until(value) : during(value), signal);
      return input;
    },
  };
}

function compileMap(state: State, processor: States): State & { action: Action } {
  const { ItemsPath = '$', ItemSelector, Parameters, ItemProcessor, Iterator, MaxConcurrency, MaxConcurrencyPath, ...rest } = state;
  const selector = ItemSelector ?? Parameters;
  // A name that no other state can have: names of states have no line breaks.
  const select = '\n';
  const perItem: States = selector === undefined ? processor : {
    StartAt: select,
    States: { ...processor.States, [select]: withContextOfRunner({ Type: 'Pass', Parameters: selector, Next: processor.StartAt }) },
  };
  return {
    ...rest,
    Type: 'Task',
    Parameters: {
      'items.$': ItemsPath,
      'input.$': '$',
      ...(MaxConcurrencyPath === undefined ? { concurrency: MaxConcurrency ?? 0 } : { 'concurrency.$': MaxConcurrencyPath }),
    },
    action: (parameters, scope) => {
      const { items, input, concurrency } = parameters as { items: unknown; input: unknown; concurrency: number };
      if (!Array.isArray(items)) throw runtimeError(`the items of a map must be an array, received ${JSON.stringify(items)}`);
      return runAll(items as unknown[], concurrency || MAX_ITEMS_AT_A_TIME, scope, (item, signal, index) => (
        scope.run(perItem, selector === undefined ? item : input, signal, { Map: { Item: { Index: index, Value: item } } })
      ));
    },
  };
}

/** What an item of a distributed map becomes before it is batched. */
function selectionOf(selector: unknown): States {
  return { StartAt: 'Select', States: { Select: withContextOfRunner({ Type: 'Pass', Parameters: selector, End: true }) } };
}

/** Runs all in parallel; the first that fails stops the others. */
async function runAll<T>(
  all: readonly T[],
  concurrency: number,
  scope: Scope,
  run: (each: T, signal: AbortSignal, index: number) => Promise<unknown>,
): Promise<unknown[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([scope.signal, failed.signal]);
  const limit = pLimit(concurrency);
  try {
    return await Promise.all(all.map((each, index) => limit(async () => {
      signal.throwIfAborted();
      return run(each, signal, index);
    })));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

type Rule = Readonly<Record<string, unknown>>;

/** The type that a comparison implies: of another type, a value is neither less nor greater. */
const COMPARED: readonly (readonly [prefix: string, test: string])[] = [['String', 'IsString'], ['Numeric', 'IsNumeric'], ['Timestamp', 'IsTimestamp']];

/** The library compares values of any types, and knows no tests for what is not so. */
function compileRule({ Next, Comment, ...rule }: Rule): Rule {
  return { ...compileTest(rule), ...(Next !== undefined && { Next }) };
}

function compileTest(rule: Rule): Rule {
  if (rule.And) return { And: (rule.And as Rule[]).map(compileRule) };
  if (rule.Or) return { Or: (rule.Or as Rule[]).map(compileRule) };
  if (rule.Not) return { Not: compileRule(rule.Not as Rule) };
  const { Variable } = rule;
  const operator = Object.keys(rule).find((field) => field !== 'Variable')!;
  if (operator.startsWith('Is')) return rule[operator] === false ? { Not: { Variable, [operator]: true } } : rule;
  const implied = COMPARED.find(([prefix]) => operator.startsWith(prefix));
  const only = implied ? [{ Variable, [implied[1]]: true }] : [];
  // In the library's patterns a question mark stands for any character.
  if (operator === 'StringMatches') return { And: [...only, { Variable, StringMatches: (rule.StringMatches as string).replaceAll('?', '\\?') }] };
  return only.length > 0 ? { And: [...only, rule] } : rule;
}

/** What all states have: paths, retries, timeouts. */
function common(state: State, waitFactor: number): State {
  const { ResultPath, Retry, Catch, TimeoutSeconds, ...rest } = state;
  const catchers = Catch as readonly { readonly ResultPath?: unknown }[] | undefined;
  return withContextOfRunner({
    ...rest,
    ...resultPath(ResultPath),
    ...(Retry !== undefined && { Retry: (Retry as Retrier[]).map((retrier) => shorten(retrier, waitFactor)) }),
    ...(catchers && { Catch: catchers.map(({ ResultPath: path, ...catcher }) => ({ ...catcher, ...resultPath(path) })) }),
    ...(state.Type === 'Task' && state.TimeoutSecondsPath === undefined && { TimeoutSeconds: timeout(TimeoutSeconds as number | undefined) }),
  });
}

/** Where nothing is said, the library ends a task after one minute, and Step Functions does not. */
function timeout(seconds = Infinity): number {
  return Math.min(seconds, Math.floor(MAX_TIMER_MS / 1000));
}

/** The library takes `$` for the name of a field, and reads brackets only after a dot. */
function resultPath(path: unknown): { readonly ResultPath?: unknown } {
  if (path === undefined || path === '$') return {};
  return { ResultPath: typeof path === 'string' ? path.replace(/^\$\[/, '$.[') : path };
}

interface Retrier {
  readonly IntervalSeconds?: number;
  readonly MaxDelaySeconds?: number;
}

function shorten(retrier: Retrier, waitFactor: number): Retrier {
  const { IntervalSeconds = 1, MaxDelaySeconds } = retrier;
  return {
    ...retrier,
    IntervalSeconds: IntervalSeconds * waitFactor,
    ...(MaxDelaySeconds !== undefined && { MaxDelaySeconds: MaxDelaySeconds * waitFactor }),
  };
}

/** In branches and items, the library has another `Execution` than the execution: the runner's own is `Run`. */
function withContextOfRunner<T>(value: T, field = ''): T {
  if (typeof value === 'string') return (isPathField(field) ? value.replaceAll('$$.Execution.', () => '$$.Run.') : value) as T;
  if (Array.isArray(value)) return value.map((entry) => withContextOfRunner(entry as unknown, field)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withContextOfRunner(entry as unknown, key)])) as T;
}
