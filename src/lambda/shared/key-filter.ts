import picomatch from 'picomatch';
import type { SourceConfig } from '../../contract';

/** Whether a key is that of an image of the source. */
export function keyFilter({ prefix, include, exclude }: Pick<SourceConfig, 'prefix' | 'include' | 'exclude'>): (key: string) => boolean {
  const included = include.length ? matcher(include) : () => true;
  const excluded = exclude.length ? matcher(exclude) : () => false;
  return (key) => {
    const rest = key.slice(prefix.length);
    return key.startsWith(prefix) && included(rest) && !excluded(rest);
  };
}

/** Only `*`, `?` and `**` are wildcards, also before a dot: brackets and braces occur in file names. */
function matcher(patterns: readonly string[]): (key: string) => boolean {
  const escaped = patterns.map((pattern) => pattern.replace(/[[\]{}()!+@|\\]/g, '\\$&'));
  return picomatch(escaped, { dot: true, nobrace: true, nobracket: true, noextglob: true, nonegate: true });
}
