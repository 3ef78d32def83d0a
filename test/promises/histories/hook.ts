import { HandlerConfig, HookAnswer, HookImage, ResizeHookFunction } from '../../../src/contract';
import { Gate } from '../cloud/cloud';

/** What hooks there are: `chooses` has the first profile alone, `refuses` those images that are `b`. */
export const HOOKS = ['none', 'chooses', 'refuses', 'describes'] as const;
export type Hook = typeof HOOKS[number];

/** A configuration with the hook of its function. Records do not know of it. */
export interface DeployedConfig extends HandlerConfig {
  readonly hookName: Hook;
}

/** That the hook is asked: it may fail, and others may be faster, as with a call of a service. */
export class HookCall {
  readonly input = {};
}

export function hookOf({ hookName }: DeployedConfig, gate: Gate): ResizeHookFunction | undefined {
  if (hookName === 'none') return undefined;
  return (image) => gate(HookCall.name, () => answerOf(hookName, String(image.data).split(' ')[1], image), new HookCall());
}

/** @param kind of the image */
export function answerOf(hook: Hook, kind: string, { profiles }: Pick<HookImage, 'profiles'>): HookAnswer {
  if (hook === 'none') return {};
  const attributes = { by: hook };
  if (hook === 'refuses' && kind === 'b') return { attributes, refuse: { code: 'NOT_WANTED', message: 'This image is not wanted.' } };
  return { attributes, ...hook === 'chooses' && { profiles: profiles.slice(0, 1) } };
}
