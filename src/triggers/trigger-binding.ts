import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** What a trigger is given to work with. */
export interface ResizeTriggerContext {
  /** The function to invoke. */
  readonly resizeFunction: LambdaFunction;
  /**
   * Customer key for queues.
   *
   * @default - queues are encrypted with keys of SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * Customer keys that queues had before.
   *
   * @default - none
   */
  readonly formerEncryptionKeys?: IKey[];
  /**
   * What becomes of queues and logs when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a trigger created. */
export interface ResizeTriggerConfig {
  /**
   * The queue between S3 and the function.
   *
   * @default - none
   */
  readonly queue?: IQueue;
  /**
   * The state machine that calls the function.
   *
   * @default - none
   */
  readonly stateMachine?: IStateMachine;
  /** Where events end that could not be processed. */
  readonly deadLetterQueue: IQueue;
  /**
   * Deliveries of a message that try to process it. In deliveries beyond these the handler records the failure
   * and lets the message go to the dead-letter queue. 0 where deliveries cannot be counted.
   */
  readonly maxTries: number;
}

/** Objects whose events a trigger has to deliver. */
export interface ResizeTriggerSource {
  /** The bucket. */
  readonly bucket: IBucket;
  /** Prefix of the keys, empty for all. */
  readonly prefix: string;
  /** Whether deletions are delivered as well. */
  readonly deletions: boolean;
}
