import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HOOK_LAYER_FILE, HOOK_MODULE, ResizeHookFunction } from '../../../contract';

/** The hook of the function's layer, which is loaded with the first image. */
export function layeredHook(): ResizeHookFunction {
  let loaded: Promise<ResizeHookFunction> | undefined;
  return async (image) => (await (loaded ??= load()))(image);
}

async function load(): Promise<ResizeHookFunction> {
  const hook: unknown = (await import(fileOfLayer())).default;
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
