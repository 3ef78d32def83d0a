import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HOOK_LAYER_FILE, HOOK_MODULE, ResizeHookFunction } from '../../../contract';

/** The hook of the function's layer, which is loaded with the first image. */
export function layeredHook(): ResizeHookFunction {
  let loaded: Promise<ResizeHookFunction> | undefined;
  let tries = 0;
  return async (image) => {
    loaded ??= load(tries += 1);
    // What it asks while it is loaded may be down: the next image tries again.
    loaded.catch(() => { loaded = undefined; });
    return (await loaded)(image);
  };
}

async function load(attempt: number): Promise<ResizeHookFunction> {
  // Node keeps a module that failed, under its address.
  const hook: unknown = (await import(attempt === 1 ? fileOfLayer() : `${fileOfLayer()}?attempt=${attempt}`)).default;
  if (typeof hook !== 'function') throw new Error(`the hook must have a function as its default export, received ${typeof hook}`);
  return hook as ResizeHookFunction;
}

function fileOfLayer(): string {
  try {
    // Looks in NODE_PATH, where Lambda names the folders of layers.
    return pathToFileURL(createRequire(join(process.cwd(), 'index.js')).resolve(HOOK_MODULE)).href;
  } catch (cause) {
    throw new Error(`expected a layer of the function to hold the hook in ${HOOK_LAYER_FILE}: ${(cause as Error).message}`, { cause });
  }
}
