import { decodePart, matchPath, segmentsOf } from '../shared/paths';

/** `$default`, or a method and a path: `GET /images/{id}`. */
export type RouteKey = string;

export interface RouteMatch<T> {
  readonly route: T;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route that takes a request: of those for its method, the one with the most specific path; a route for `ANY` method is less
 * specific than one for the method itself; `$default` takes what is left.
 *
 * @param path without the stage, percent-encoded
 */
export function matchRoute<T extends { readonly key: RouteKey }>(routes: readonly T[], method: string, path: string): RouteMatch<T> | undefined {
  const candidates = [method, 'ANY'].flatMap((each) => routes
    .filter(({ key }) => key.startsWith(`${each} `))
    .map((route) => ({ template: route.key.slice(each.length + 1), target: route })));
  const match = matchPath(segmentsOf(path), candidates);
  if (match) {
    const parameters = Object.entries(match.parameters).map(([name, value]) => [name, decodePart(value) ?? value]);
    return { route: match.target, pathParameters: Object.fromEntries(parameters) as Record<string, string> };
  }
  const route = routes.find(({ key }) => key === '$default');
  return route && { route, pathParameters: {} };
}
