import { requireKnownDistributedMap } from './check-distributed-map';
import { StateMachine, StateMachineDefinition } from './library';
import type { State, States } from './states';

interface Processor extends States {
  readonly ProcessorConfig?: { readonly Mode?: string };
}

const EVERY_STATE = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath', 'QueryLanguage'];
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];

/** What the runner understands of each type of state. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...RESULT, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Credentials'],
  Parallel: [...RESULT, 'Branches'],
  Map: [...RESULT, 'ItemsPath', 'ItemSelector', 'ItemProcessor', 'Iterator', 'MaxConcurrency', 'MaxConcurrencyPath'],
  DistributedMap: [
    ...RESULT, 'ItemsPath', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency', 'MaxConcurrencyPath', 'ItemReader', 'ItemBatcher', 'ResultWriter', 'Label',
    'ToleratedFailurePercentage', 'ToleratedFailurePercentagePath', 'ToleratedFailureCount', 'ToleratedFailureCountPath',
  ],
  Pass: ['Result', 'Parameters', 'ResultPath'],
  Wait: ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Choice: ['Choices', 'Default'],
  Succeed: [],
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
};

/** Parts of the context object that the runner has. */
const CONTEXT = /^\$\$\.(Execution\.(Id|Input|Name|StartTime)|StateMachine\.(Id|Name)|Map\.Item\.(Index|Value))\b/;

/** Intrinsic functions that the library gets right. */
const INTRINSICS: ReadonlySet<string> = new Set([
  'Array', 'ArrayContains', 'ArrayGetItem', 'ArrayLength', 'ArrayPartition', 'ArrayRange', 'ArrayUnique',
  'Format', 'Hash', 'MathAdd', 'MathRandom', 'StringSplit', 'StringToJson', 'UUID',
]);

/**
 * Reads a definition.
 *
 * @param at where it stands, for errors
 * @throws Error that names what is no States Language, or what the runner does not understand
 */
export function parseDefinition(text: string, at: string): States {
  const definition = JSON.parse(text) as States;
  const names = new Set<string>();
  requireKnown(definition, at, names);
  try {
    new StateMachine(definition as StateMachineDefinition, { validationOptions: { checkArn: false } });
  } catch (error) {
    throw new Error(`${at}: ${(error as Error).message}`);
  }
  return definition;
}

/** The states that a `Map` state runs for each item. */
export function processorOf(state: State): States {
  return (state.ItemProcessor ?? state.Iterator) as States;
}

function requireKnown(level: States, at: string, names: Set<string>): void {
  requireJsonPath(level as unknown as State, at);
  for (const [name, state] of Object.entries(level.States ?? {})) {
    const where = `${at}: state ${JSON.stringify(name)}`;
    requireJsonPath(state, where);
    if (names.has(name)) throw new Error(`${where} must have a name of its own in the whole state machine`);
    names.add(name);
    requireKnownState(state, where);
    const nested = state.Type === 'Parallel' ? state.Branches as States[] : state.Type === 'Map' ? [processorOf(state)] : [];
    for (const states of nested ?? []) if (states) requireKnown(states, at, names);
  }
}

function requireJsonPath({ QueryLanguage = 'JSONPath' }: State, at: string): void {
  if (QueryLanguage !== 'JSONPath') throw new Error(`${at} must have the query language JSONPath, received ${JSON.stringify(QueryLanguage)}: the local runner knows no other`);
}

function requireKnownState(state: State, at: string): void {
  const fields = FIELDS[isDistributed(state) ? 'DistributedMap' : state.Type];
  if (!fields) throw new Error(`${at} has type ${JSON.stringify(state.Type)}, which the local runner does not know`);
  for (const [field, value] of Object.entries(state)) {
    if (!fields.includes(field) && !EVERY_STATE.includes(field)) throw new Error(`${at} has ${field}, which the local runner does not know`);
    if (!['Branches', 'Iterator', 'ItemProcessor'].includes(field)) requireKnownPaths(field, value, at);
  }
  if (isDistributed(state)) requireKnownDistributedMap(state, at);
}

/** Whether each item of a `Map` state is a workflow of its own. */
export function isDistributed(state: State): boolean {
  return (state.ItemProcessor as Processor | undefined)?.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

function requireKnownPaths(field: string, value: unknown, at: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) requireKnownPaths(Array.isArray(value) ? field : key, entry, at);
  }
  if (typeof value !== 'string' || !isPathField(field)) return;
  // Text between apostrophes is no path.
  const code = value.replace(/'(\\.|[^'\\])*'/g, "''");
  for (const [path] of code.matchAll(/\$\$[^\s,)]*/g)) {
    if (!CONTEXT.test(path)) throw new Error(`${at}: ${field} uses ${JSON.stringify(path)} of the context object, which the local runner does not have`);
  }
  for (const [, name] of code.matchAll(/\bStates\.(\w+)\s*\(/g)) {
    if (!INTRINSICS.has(name)) throw new Error(`${at}: ${field} uses States.${name}, which the local runner does not know: it knows ${[...INTRINSICS].join(', ')}`);
    if (!field.endsWith('.$')) throw new Error(`${at}: ${field} must be a path, received ${JSON.stringify(value)}`);
  }
  if (code.includes('States.StringSplit(') && !/,\s*'[^'\\]'\s*\)/.test(value)) {
    throw new Error(`${at}: ${field} must split at one literal character, received ${JSON.stringify(value)}: the local runner splits at nothing else`);
  }
}

/** Whether a text in this field is a path, or calls a function. */
export function isPathField(field: string): boolean {
  return field.endsWith('.$') || field.endsWith('Path') || field === 'Variable';
}
