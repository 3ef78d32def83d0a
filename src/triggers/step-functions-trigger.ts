import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { createRule } from './event-bridge-trigger';
import { createDeadLetterQueue, requireRetention } from './event-queue';
import { createStateMachine } from './resize-state-machine';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';
import type { StepFunctionsTriggerOptions } from './trigger-options';
import type { TriggerStrategy } from './trigger-strategy';
import { requireInteger, requireKnown } from '../support/checks';
import { allowService, grantFormerKeys } from '../support/service-key';

const NAME = 'ResizeTrigger.stepFunctions';

export function stepFunctionsStrategy(options: StepFunctionsTriggerOptions): TriggerStrategy {
  requireInteger(`${NAME}: maxConcurrency`, options.maxConcurrency, 1, 40);
  requireKnown(`${NAME}: maxConcurrency`, options.maxConcurrency);
  requireInteger(`${NAME}: maxTries`, options.maxTries, 1, 10);
  requireKnown(`${NAME}: maxTries`, options.maxTries);
  requireRetention(NAME, options.deadLetterRetention);
  return {
    kind: 'stepFunctions',
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      allowService(scope, context, 'events.amazonaws.com');
      const deadLetterQueue = createDeadLetterQueue(scope, { ...context, ...options });
      const { maxTries = 3, maxConcurrency = 10 } = options;
      const stateMachine = createStateMachine(scope, { ...context, deadLetterQueue, maxTries, maxConcurrency, logRetention: options.logRetention });
      grantFormerKeys(context, stateMachine);
      return { stateMachine, deadLetterQueue, maxTries: 0 };
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
      createRule(scope, source, new SfnStateMachine(config.stateMachine!, { deadLetterQueue: config.deadLetterQueue }));
    },
  };
}
