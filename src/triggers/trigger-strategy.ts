import { Construct } from 'constructs';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';

/** What a file per way of S3 gives to `ResizeTrigger`, whose methods these are. */
export interface TriggerStrategy {
  /** The name of its factory. */
  readonly kind: string;
  bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig;
  bindSource(scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext, config: ResizeTriggerConfig): void;
}
