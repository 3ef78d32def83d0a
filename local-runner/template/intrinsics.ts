/** What intrinsic functions refer to. */
export interface Scope {
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  /** The definition of a condition. */
  condition(name: string): unknown;
  mapping(name: string, topLevelKey: string, secondLevelKey: string): unknown;
  importValue(exportName: string): unknown;
}

/** What `Ref: AWS::NoValue` stands for: the property is left out. */
export const NO_VALUE = undefined;

type Args = readonly unknown[];
type Intrinsic = (argument: unknown, scope: Scope, at: string) => unknown;

/**
 * A part of a template with its intrinsic functions replaced by what they stand for.
 *
 * @param at where the part stands, for errors
 */
export function resolve(value: unknown, scope: Scope, at: string): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => resolve(entry, scope, `${at}[${index}]`)).filter((entry) => entry !== NO_VALUE);
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return intrinsic(name)(value[name], scope, `${at}.${name}`);
  const entries = Object.entries(value).map(([key, entry]) => [key, resolve(entry, scope, `${at}.${key}`)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== NO_VALUE));

  function intrinsic(called: string): Intrinsic {
    const found = INTRINSICS[called];
    if (!found) throw new Error(`${at} uses ${called}, which the local runner does not know: it knows ${Object.keys(INTRINSICS).join(', ')}`);
    return found;
  }
}

/** Whether a condition of the template holds. */
export function holds(name: string, scope: Scope): boolean {
  return evaluate(scope.condition(name), scope, `Conditions.${name}`);
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (name, scope) => scope.ref(name as string),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
    return scope.getAtt(logicalId, attribute.join('.'));
  },
  'Fn::Join': (argument, scope, at) => {
    const [separator, parts] = list(argument, scope, at);
    return (parts as Args).map(String).join(separator as string);
  },
  'Fn::Sub': (argument, scope, at) => {
    const [text, values] = Array.isArray(argument) ? (argument as [string, Record<string, unknown>]) : [argument as string, {}];
    const own = resolve(values, scope, at) as Record<string, unknown>;
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => (literal ? `\${${name}}` : String(substitute(name, own, scope))));
  },
  'Fn::Select': (argument, scope, at) => {
    const [index, values] = list(argument, scope, at);
    const selected = (values as Args)[Number(index)];
    if (selected === undefined) throw new Error(`${at} must select one of ${(values as Args).length} values, received index ${JSON.stringify(index)}`);
    return selected;
  },
  'Fn::Split': (argument, scope, at) => {
    const [separator, text] = list(argument, scope, at);
    return (text as string).split(separator as string);
  },
  'Fn::If': (argument, scope, at) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return resolve(holds(condition, scope) ? whenTrue : whenFalse, scope, at);
  },
  'Fn::FindInMap': (argument, scope, at) => {
    const [name, topLevelKey, secondLevelKey] = list(argument, scope, at) as [string, string, string];
    return scope.mapping(name, topLevelKey, secondLevelKey);
  },
  'Fn::GetAZs': (argument, scope, at) => ['a', 'b', 'c'].map((zone) => `${(resolve(argument, scope, at) as string) || String(scope.ref('AWS::Region'))}${zone}`),
  'Fn::ImportValue': (argument, scope, at) => scope.importValue(resolve(argument, scope, at) as string),
  'Fn::Base64': (argument, scope, at) => Buffer.from(String(resolve(argument, scope, at))).toString('base64'),
};

function evaluate(condition: unknown, scope: Scope, at: string): boolean {
  const [[name, argument]] = Object.entries(condition as Record<string, unknown>);
  const all = () => (argument as Args).map((each) => evaluate(each, scope, at));
  switch (name) {
    case 'Condition': return holds(argument as string, scope);
    case 'Fn::And': return all().every(Boolean);
    case 'Fn::Or': return all().some(Boolean);
    case 'Fn::Not': return !all()[0];
    case 'Fn::Equals': {
      const [left, right] = list(argument, scope, at);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    default: throw new Error(`${at} uses ${name}, which is no condition function that the local runner knows`);
  }
}

function substitute(name: string, own: Readonly<Record<string, unknown>>, scope: Scope): unknown {
  if (name in own) return own[name];
  const dot = name.indexOf('.');
  return dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1));
}

function list(argument: unknown, scope: Scope, at: string): unknown[] {
  return resolve(argument, scope, at) as unknown[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
