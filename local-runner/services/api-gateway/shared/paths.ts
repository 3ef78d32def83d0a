/** The paths of routes and resources: `/images/{id}`, `/files/{path+}`. */

export interface PathCandidate<T> {
  readonly template: string;
  readonly target: T;
}

export interface PathMatch<T> {
  readonly target: T;
  /** As they stand in the request. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The segments of a path, which begins with a slash. */
export function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

/**
 * The most specific of the candidates whose template matches: from left to right, text comes before a parameter, and a parameter
 * before a greedy one. Of two with the same template, the first wins.
 *
 * @param segments of the request's path, percent-encoded
 */
export function matchPath<T>(segments: readonly string[], candidates: readonly PathCandidate<T>[]): PathMatch<T> | undefined {
  const matches = candidates.flatMap(({ template, target }) => {
    const parameters = parametersOf(segmentsOf(template), segments);
    return parameters ? [{ target, parameters, rank: rankOf(template) }] : [];
  });
  return matches.reduce<(typeof matches)[number] | undefined>((best, each) => (!best || each.rank < best.rank ? each : best), undefined);
}

/** Decodes a part of a path. @returns undefined where it is no UTF-8 */
export function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parametersOf(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (plus) {
      const rest = segments.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [name]: rest };
    }
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name === undefined ? decodePart(segment) !== part : segment === '') return undefined;
    if (name !== undefined) parameters[name] = segment;
  }
  return segments.length === template.length ? parameters : undefined;
}

/** Sorts before that of any template that is less specific. */
function rankOf(template: string): string {
  return segmentsOf(template).map((part) => (part.endsWith('+}') ? '2' : part.startsWith('{') ? '1' : '0')).join('');
}
