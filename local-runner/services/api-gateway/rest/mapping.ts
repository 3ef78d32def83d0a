/** What mapping expressions are looked up in. */
export interface MappingScope {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  /** By their names in lower case. */
  readonly header: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Of the integration's response, by their names in lower case. */
  readonly responseHeader?: Readonly<Record<string, string>>;
}

export type Mapping = (scope: MappingScope) => string | undefined;

/**
 * What a mapping expression stands for: `method.request.path.key`, `context.requestId`, `integration.response.header.ETag`,
 * `'a literal'`.
 *
 * @throws Error for an expression that the local runner does not know
 */
export function createMapping(expression: string, at: string): Mapping {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return () => literal[1];
  const [, kind, name] = /^(method\.request\.(?:path|querystring|header)|integration\.response\.header|context|stageVariables)\.(.+)$/.exec(expression) ?? [];
  switch (kind) {
    case 'method.request.path': return ({ path }) => path[name];
    case 'method.request.querystring': return ({ querystring }) => querystring[name];
    case 'method.request.header': return ({ header }) => header[name.toLowerCase()];
    case 'integration.response.header': return ({ responseHeader }) => responseHeader?.[name.toLowerCase()];
    case 'stageVariables': return ({ stageVariables }) => stageVariables[name];
    case 'context': return ({ context }) => contextValue(context, name);
    default: throw new Error(`${at} maps from ${JSON.stringify(expression)}, which the local runner does not know`);
  }
}

function contextValue(context: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = name.split('.').reduce<unknown>((object, key) => (object as Record<string, unknown> | undefined)?.[key], context);
  return value === undefined || typeof value === 'object' ? undefined : String(value as string | number);
}
