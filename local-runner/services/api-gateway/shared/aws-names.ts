import type { Place } from '../../../template/resource-types';

/** The host name of an API. */
export function executeApiHost(id: string, { region }: Pick<Place, 'region'>): string {
  return `${id}.execute-api.${region}.amazonaws.com`;
}

/** The ARN of the function that a URI of an integration or authorizer names; a URI may be the ARN itself. */
export function functionArn(uri: string): string {
  const [, arn] = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  return arn ?? uri;
}
