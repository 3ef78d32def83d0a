/** The policy that an authorizer answers with. */
export interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect?: string;
    readonly Action?: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Condition?: object;
  }[];
}

/** Whether a policy lets a method be invoked. A statement with conditions allows nothing, but may deny: it is not understood here. */
export function allows({ Statement }: PolicyDocument, methodArn: string): boolean {
  const matching = Statement.filter(({ Action, Resource }) => some(Action, 'execute-api:Invoke') && some(Resource, methodArn));
  return matching.some(({ Effect, Condition }) => Effect === 'Allow' && !Condition) && !matching.some(({ Effect }) => Effect === 'Deny');
}

function some(patterns: string | readonly string[] | undefined, text: string): boolean {
  return [patterns ?? []].flat().some((pattern) => wildcard(pattern).test(text));
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is');
}
