import { keyPattern } from './key-pattern';
import type { SourceConfig } from '../../contract';

/** Whether a key is that of an image of the source. */
export function keyFilter({ prefix, include, exclude }: Pick<SourceConfig, 'prefix' | 'include' | 'exclude'>): (key: string) => boolean {
  const included = include.map(keyPattern);
  const excluded = exclude.map(keyPattern);
  return (key) => {
    if (!key.startsWith(prefix)) return false;
    const rest = key.slice(prefix.length);
    return (included.length === 0 || included.some((matches) => matches(rest))) && !excluded.some((matches) => matches(rest));
  };
}
