import { Construct } from 'constructs';
import { CheckError } from '../support/checks';
import { ResizeTrigger } from '../triggers/resize-trigger';
import { ResizeTriggerConfig, ResizeTriggerContext } from '../triggers/trigger-binding';

/** A trigger with what it created for a pipeline. */
export interface BoundTrigger {
  readonly trigger: ResizeTrigger;
  readonly config: ResizeTriggerConfig;
}

/** Binds the trigger of a pipeline and then its former ones, which find what they share with it. */
export function bindTriggers(
  scope: Construct, trigger: ResizeTrigger, former: readonly ResizeTrigger[], context: ResizeTriggerContext,
): BoundTrigger[] {
  const all = [trigger, ...former];
  all.forEach(({ _kind: kind }, at) => {
    if (kind === undefined || all.findIndex((other) => other._kind === kind) === at) return;
    throw new CheckError(`formerTriggers[${at - 1}] must be of another kind than trigger and the others, received ResizeTrigger.${kind}() again: `
      + 'options of a trigger can be changed at once');
  });
  return all.map((each) => ({ trigger: each, config: each.bind(scope, context) }));
}
