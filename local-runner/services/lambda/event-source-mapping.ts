import { InvocationResult, LocalFunction } from './local-function';
import { Queue, ReceivedMessage } from '../sqs/queue';

export interface EventSourceMappingOptions {
  readonly queue: Queue;
  readonly target: LocalFunction;
  readonly region: string;
  readonly batchSize: number;
  /** Most invocations at a time. */
  readonly concurrency: number;
  /** Whether the function names the messages that failed. */
  readonly reportsFailures: boolean;
}

/** What polls a queue for a function. */
export class EventSourceMapping {
  private readonly pollers: Promise<void>[];

  constructor(private readonly options: EventSourceMappingOptions) {
    this.pollers = Array.from({ length: options.concurrency }, () => this.poll());
  }

  /** Ends when the queue is closed and the function has answered. */
  async ended(): Promise<void> {
    await Promise.all(this.pollers);
  }

  private async poll(): Promise<void> {
    const { queue, target, batchSize } = this.options;
    for (;;) {
      const messages = await queue.receive(batchSize);
      if (messages.length === 0) return;
      const result = await target.invoke({ Records: messages.map((message) => this.record(message)) });
      const failed = this.failures(messages, result);
      for (const { messageId, receiptHandle } of messages) {
        if (failed.has(messageId)) queue.release(receiptHandle);
        else queue.delete(receiptHandle);
      }
    }
  }

  private record(message: ReceivedMessage) {
    const { queue, region } = this.options;
    return { ...message, messageAttributes: {}, eventSource: 'aws:sqs', eventSourceARN: queue.arn, awsRegion: region };
  }

  private failures(messages: readonly ReceivedMessage[], result: InvocationResult): ReadonlySet<string> {
    const all = new Set(messages.map(({ messageId }) => messageId));
    if (result.error) return all;
    if (!this.options.reportsFailures) return new Set();
    const named = (result.payload as { batchItemFailures?: { itemIdentifier?: string }[] } | null | undefined)?.batchItemFailures ?? [];
    const failed = named.map(({ itemIdentifier }) => itemIdentifier ?? '');
    // Lambda takes a message that was not in the batch for a failure of the whole batch.
    return failed.every((messageId) => all.has(messageId)) ? new Set(failed) : all;
  }
}
