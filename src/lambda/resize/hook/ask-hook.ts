import { CheckedAnswer, requireAnswer } from './answer';
import { HookImage, ResizeHookFunction } from '../../../contract';

/** Of the time that an image has left: its renditions need the rest. */
const SHARE = 0.5;

/**
 * Asks the hook what it says of an image.
 *
 * @param deadline epoch milliseconds at which the invocation ends
 * @throws Error for what the hook throws, answers wrongly, or does not answer in time: all of that may pass
 */
export async function askHook(hook: ResizeHookFunction, image: Omit<HookImage, 'signal'>, deadline: number): Promise<CheckedAnswer> {
  const milliseconds = Math.max(0, (deadline - Date.now()) * SHARE);
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`the hook must answer within ${Math.round(milliseconds)} ms, half of the time that the image had left`);
      reject(error);
      controller.abort(error);
    }, milliseconds);
  });
  try {
    const answer = await Promise.race([call(hook, { ...image, signal: controller.signal }), late]);
    return requireAnswer(answer ?? {}, image.profiles);
  } finally {
    clearTimeout(timer);
  }
}

async function call(hook: ResizeHookFunction, image: HookImage): Promise<unknown> {
  try {
    return await hook(image);
  } catch (cause) {
    throw new Error(`the hook failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
