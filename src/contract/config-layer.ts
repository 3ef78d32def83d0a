/**
 * A configuration that is too large for the environment of a function (Lambda allows 4 KB for all variables): what is known
 * at synthesis is a file in a layer, and the environment holds what is known at deployment, such as the names of buckets.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';

const MODULE = 'image-resize-config/config.json';

/** Where the file stands in the layer. Lambda looks for modules there. */
export const CONFIG_LAYER_FILE = `nodejs/node_modules/${MODULE}`;

/** Stands in the file for a value of the environment: nothing in a configuration has such a property. */
const PLACE = '$value';

/** A configuration in two parts. */
export interface SplitConfig {
  readonly fixed: unknown;
  readonly values: readonly unknown[];
}

/**
 * Takes values out of a configuration, each once.
 *
 * @param isValue which to take out; never asked about what holds others, unless it is a list
 */
export function splitConfig(rendered: unknown, isValue: (part: unknown) => boolean): SplitConfig {
  const values: unknown[] = [];
  const placeOf = (value: unknown) => {
    const known = values.indexOf(value);
    return { [PLACE]: known >= 0 ? known : values.push(value) - 1 };
  };
  const split = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return isValue(part) ? placeOf(part) : part;
    if (Array.isArray(part)) return isValue(part) ? placeOf(part) : part.map(split);
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, split(value)]));
  };
  return { fixed: split(rendered), values };
}

/** The configuration that `splitConfig` took apart. */
export function joinConfig({ fixed, values }: SplitConfig): unknown {
  if (typeof fixed !== 'object' || fixed === null) return fixed;
  if (Array.isArray(fixed)) return fixed.map((part) => joinConfig({ fixed: part, values }));
  const place = (fixed as Record<string, unknown>)[PLACE];
  if (typeof place === 'number') return values[place];
  return Object.fromEntries(Object.entries(fixed).map(([name, part]) => [name, joinConfig({ fixed: part, values })]));
}

/** @throws Error when the function has no such layer */
export function readConfigLayer(): unknown {
  // Looks in NODE_PATH, where Lambda names the folders of layers.
  const load = createRequire(join(process.cwd(), 'index.js'));
  try {
    return load(MODULE);
  } catch (cause) {
    throw new Error(`expected a layer of the function to hold the configuration in ${CONFIG_LAYER_FILE}: ${(cause as Error).message}`, { cause });
  }
}
