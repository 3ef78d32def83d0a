import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HOOK_LAYER_FILE, HOOK_MODULE, ResizeHookFunction } from '../../../contract';

/** The hook of the function's layer. */
export interface LayeredHook {
  /** Loads the hook with the first image. */
  readonly ask: ResizeHookFunction;
  /**
   * Whether this process cannot load it any more. Node keeps a module that failed, and all that imports it, for as long as the process lives;
   * and what hangs when nobody waits for it any longer may hang for ever.
   *
   * To be asked when no image waits.
   */
  readonly isLost: () => boolean;
}

export function layeredHook(): LayeredHook {
  let loaded: Promise<ResizeHookFunction> | undefined;
  let isLost = false;
  const load = async () => {
    const file = fileOfLayer();
    isLost = true;
    const { default: hook } = await import(file) as { default?: unknown };
    isLost = false;
    if (typeof hook !== 'function') throw new Error(`the hook must have a function as its default export, received ${typeof hook}`);
    return hook as ResizeHookFunction;
  };
  const ask: ResizeHookFunction = async (image) => (await (loaded ??= load()))(image);
  return { ask, isLost: () => isLost };
}

function fileOfLayer(): string {
  try {
    // Looks in NODE_PATH, where Lambda names the folders of layers.
    return pathToFileURL(createRequire(join(process.cwd(), 'index.js')).resolve(HOOK_MODULE)).href;
  } catch (cause) {
    throw new Error(`expected a layer of the function to hold the hook in ${HOOK_LAYER_FILE}: ${(cause as Error).message}`, { cause });
  }
}
