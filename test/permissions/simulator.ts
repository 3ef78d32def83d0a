import { AnonymousRequestPrincipal, anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';
import { Account, PLACE, Statement } from './account';

export type Principal = string | AnonymousRequestPrincipal;
export type Context = Readonly<Record<string, string>>;

/** A request to AWS, as its policies see it. */
export interface Call {
  /** ARN of a role, name of a service, or nobody. */
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

export const ANONYMOUS: Principal = anonymousPrincipal;
/** A role of a stranger, who gives it every right that an account can give. */
export const STRANGER: Principal = 'arn:aws:iam::222222222222:role/stranger';
/** Whoever calls AWS does so over HTTPS, unless a call says otherwise. */
const HTTPS: Context = { 'aws:SecureTransport': 'true' };

/** Whether AWS would allow the call. */
export async function isAllowed(account: Account, call: Call, identity = identityOf(account, call.principal)): Promise<boolean> {
  const result = await runSimulation({
    request: {
      principal: call.principal,
      action: call.action,
      resource: { resource: call.resource, accountId: PLACE.account },
      contextVariables: { ...HTTPS, ...call.context },
    },
    identityPolicies: identity.length > 0 ? [{ name: 'identity', policy: document(identity) }] : [],
    resourcePolicy: optionalDocument(account.resourceStatements(call.resource)),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(`${describe(call)} cannot be simulated: ${JSON.stringify(result.errors)}`);
  if (result.resultType === 'wildcard') throw new Error(`expected a call of one resource, received ${describe(call)}`);
  // A condition key that the action does not have would make a check of it meaningless.
  const ignored = result.result.ignoredContextKeys ?? [];
  if (ignored.length > 0) throw new Error(`${describe(call)} cannot carry ${ignored.join(', ')}`);
  return result.overallResult === 'Allowed';
}

/** The calls that AWS would refuse. */
export function refused(account: Account, calls: readonly Call[]): Promise<string[]> {
  return describeAll(account, calls, false);
}

/** The calls that AWS would allow. */
export function allowed(account: Account, calls: readonly Call[]): Promise<string[]> {
  return describeAll(account, calls, true);
}

/** Whether AWS would refuse any of the calls. */
export function refusesAny(account: Account, calls: readonly Call[]): Promise<boolean> {
  return some(distinct(calls), async (call) => !await isAllowed(account, call));
}

/** Whether AWS would allow any of the calls. */
export function allowsAny(account: Account, calls: readonly Call[]): Promise<boolean> {
  return some(distinct(calls), (call) => isAllowed(account, call));
}

/** Every right of a role that none of the calls needs, as `action resource`. */
export async function unusedRights(account: Account, role: string, calls: readonly Call[]): Promise<string[]> {
  const own = distinct(calls).filter(({ principal }) => principal === role);
  const unused: string[] = [];
  for (const right of rightsOf(account, role)) {
    const near = own.filter(({ action }) => serviceOf(action) === serviceOf(String(right.Action)));
    if (!await some(near, (call) => isAllowed(account, call, [right]))) unused.push(`${right.Action} ${right.Resource}`);
  }
  return [...new Set(unused)].sort();
}

/** Every right of a role, as `action resource`. */
export function rightNames(account: Account, role: string): string[] {
  return [...new Set(rightsOf(account, role).map(({ Action, Resource }) => `${Action} ${Resource}`))].sort();
}

export function describe({ principal, action, resource, context }: Call): string {
  const who = typeof principal === 'string' ? principal.slice(principal.lastIndexOf('/') + 1) : 'anybody';
  return `${who}: ${action} ${resource}${context ? ` with ${JSON.stringify(context)}` : ''}`;
}

export function distinct(calls: readonly Call[]): Call[] {
  return [...new Map(calls.map((call) => [describe(call), call])).values()];
}

async function describeAll(account: Account, calls: readonly Call[], wanted: boolean): Promise<string[]> {
  const all = distinct(calls);
  const results = await Promise.all(all.map((call) => isAllowed(account, call)));
  return all.filter((_, at) => results[at] === wanted).map(describe);
}

async function some(calls: readonly Call[], test: (call: Call) => Promise<boolean>): Promise<boolean> {
  for (const call of calls) {
    if (await test(call)) return true;
  }
  return false;
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

/** One statement for each action on each resource. */
function rightsOf(account: Account, role: string): Statement[] {
  return account.identityStatements(role).flatMap((statement) => [statement.Action].flat().flatMap(
    (Action) => [statement.Resource].flat().map((Resource) => ({ ...statement, Action, Resource })),
  ));
}

function identityOf(account: Account, principal: Principal): readonly Statement[] {
  if (principal === STRANGER) return [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  return typeof principal === 'string' && principal.startsWith('arn:') ? account.identityStatements(principal) : [];
}

function optionalDocument(statements: readonly Statement[]): object | undefined {
  return statements.length > 0 ? document(statements) : undefined;
}

function document(statements: readonly Statement[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
