import type { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Cloud, Gate } from './cloud';
import { Faults } from './faults';
import { imaging } from './imaging';
import { Call, Invocation } from './invocation';
import { Message } from './message';
import { Tape, Turn } from './tape';
import { HandlerConfig } from '../../../src/contract';
import { dispatch } from '../../../src/lambda/resize/delivery/dispatch';
import { createServices, Services } from '../../../src/lambda/resize/services/services';
import type { Telemetry } from '../../../src/lambda/resize/services/telemetry';

const NOW = Date.parse('2026-01-02T03:04:05Z');

interface Running {
  readonly message: Message;
  readonly invocation: Invocation;
}

/** The function, with the invocations of it that run side by side. */
export class Lambda {
  private running: Running[] = [];

  constructor(
    private readonly cloud: Cloud,
    private readonly config: HandlerConfig,
    private readonly tape: Tape,
    private readonly faults: Faults,
    private readonly log: string[],
  ) {}

  /** @throws Error when the handler throws, or is killed */
  invoke(message: Message, payload: unknown): Promise<unknown> {
    const invocation = new Invocation(this.tape);
    this.running.push({ message, invocation });
    return invocation.run((gate) => dispatch(this.services(gate), payload, { getRemainingTimeInMillis: () => 60_000 }, 1));
  }

  /** The calls that can take effect next. */
  turns({ paused }: { paused: boolean }): Turn[] {
    return this.running
      .filter(({ invocation }) => invocation.isPaused === paused)
      .flatMap(({ message, invocation }) => invocation.calls.map((call) => () => this.pass(message, invocation, call)));
  }

  /** Counts a turn for those that are paused. */
  waitOn(): void {
    for (const { invocation } of this.running) if (invocation.isPaused) invocation.waitOn();
  }

  /** Forgets those that have ended. */
  sweep(): void {
    this.running = this.running.filter(({ invocation }) => !invocation.hasEnded);
  }

  private pass(message: Message, invocation: Invocation, call: Call): void {
    const fault = this.faults.next();
    this.log.push(`  #${message.sequencer} ${call.name}${fault ? ` ${fault.name}` : ''}`);
    invocation.pass(call, fault);
  }

  private services(gate: Gate): Services {
    const clock = new Date(NOW + (this.tape.decide(1000) - 500) * 3_600_000);
    const { s3, dynamodb } = this.cloud.clients(gate);
    return createServices(this.config, {
      imaging,
      s3: s3 as S3Client,
      dynamodb: dynamodb as DynamoDBDocumentClient,
      // Every process has a clock of its own.
      now: () => clock,
      logger: { info() {}, warn() {}, error() {} } as unknown as Logger,
      telemetry: { processed() {}, failed() {}, flush() {} } as unknown as Telemetry,
    });
  }
}
