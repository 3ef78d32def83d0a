import { IEventBus } from 'aws-cdk-lib/aws-events';

/** Where a pipeline tells of the final states of its images. */
export interface ImageEventsOptions {
  /**
   * The event bus that takes the events, in the pipeline's region and account.
   *
   * @default - the default event bus of the account
   */
  readonly eventBus?: IEventBus;
}
