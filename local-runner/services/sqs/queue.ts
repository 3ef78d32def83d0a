import { createHash, randomUUID } from 'crypto';

export interface QueueOptions {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  /** Share of the real time that a message waits while nobody works on it. */
  readonly waitFactor: number;
}

export interface Redrive {
  readonly deadLetterQueue: Queue;
  readonly maxReceiveCount: number;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<'ApproximateReceiveCount' | 'ApproximateFirstReceiveTimestamp' | 'SentTimestamp' | 'SenderId', string>>;
}

interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
  /** When the receiver has to be ready. */
  deadline: number;
  timer?: NodeJS.Timeout;
}

/** A standard queue of SQS, as far as Lambda and the senders of events use it. */
export class Queue {
  private readonly messages = new Map<string, StoredMessage>();
  private readonly receipts = new Map<string, StoredMessage>();
  private readonly visible: StoredMessage[] = [];
  private readonly waiting = new Set<() => void>();
  private redrive?: Redrive;
  private closed = false;

  constructor(private readonly options: QueueOptions) {}

  get name(): string {
    return this.options.name;
  }

  get arn(): string {
    return this.options.arn;
  }

  /** Messages of the queue, whether visible, in flight or delayed. */
  get size(): number {
    return this.messages.size;
  }

  /** The bodies of all messages. */
  get bodies(): string[] {
    return [...this.messages.values()].map(({ body }) => body);
  }

  /** Where messages go that were received too often; undefined for nowhere. */
  get deadLetterQueue(): Queue | undefined {
    return this.redrive?.deadLetterQueue;
  }

  redriveTo(redrive: Redrive): void {
    this.redrive = redrive;
  }

  send(body: string): void {
    const { delayMs, waitFactor } = this.options;
    const message: StoredMessage = { id: randomUUID(), body, sentAt: Date.now(), receiveCount: 0, deadline: 0 };
    this.messages.set(message.id, message);
    if (delayMs > 0) message.timer = setTimeout(() => this.show(message), delayMs * waitFactor);
    else this.show(message);
  }

  /** Waits for messages and hides them until the visibility timeout ends; none when the queue is closed. */
  async receive(max: number): Promise<ReceivedMessage[]> {
    while (this.visible.length === 0 && !this.closed) {
      await new Promise<void>((wake) => this.waiting.add(wake));
    }
    return this.visible.splice(0, this.closed ? 0 : max).map((message) => this.hand(message));
  }

  delete(receiptHandle: string): void {
    const message = this.receipts.get(receiptHandle);
    if (!message) return;
    clearTimeout(message.timer);
    this.forget(message);
    const at = this.visible.indexOf(message);
    if (at >= 0) this.visible.splice(at, 1);
  }

  /** Says that the receiver has ended without deleting the message: only the wait for the visibility timeout is left. */
  release(receiptHandle: string): void {
    const message = this.receipts.get(receiptHandle);
    if (!message || this.closed || this.visible.includes(message)) return;
    clearTimeout(message.timer);
    message.timer = setTimeout(() => this.reappear(message), Math.max(0, message.deadline - Date.now()) * this.options.waitFactor);
  }

  close(): void {
    this.closed = true;
    for (const { timer } of this.messages.values()) clearTimeout(timer);
    this.wake();
  }

  private hand(message: StoredMessage): ReceivedMessage {
    const now = Date.now();
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    if (message.receiptHandle) this.receipts.delete(message.receiptHandle);
    message.receiptHandle = randomUUID();
    this.receipts.set(message.receiptHandle, message);
    message.deadline = now + this.options.visibilityTimeoutMs;
    message.timer = setTimeout(() => this.reappear(message), this.options.visibilityTimeoutMs);
    return {
      messageId: message.id,
      receiptHandle: message.receiptHandle,
      body: message.body,
      md5OfBody: createHash('md5').update(message.body).digest('hex'),
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        SentTimestamp: String(message.sentAt),
        SenderId: 'local',
      },
    };
  }

  private reappear(message: StoredMessage): void {
    if (this.redrive && message.receiveCount >= this.redrive.maxReceiveCount) {
      this.forget(message);
      this.redrive.deadLetterQueue.send(message.body);
    } else {
      this.show(message);
    }
  }

  private show(message: StoredMessage): void {
    if (this.closed) return;
    this.visible.push(message);
    this.wake();
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  private forget(message: StoredMessage): void {
    this.messages.delete(message.id);
    if (message.receiptHandle) this.receipts.delete(message.receiptHandle);
  }
}
