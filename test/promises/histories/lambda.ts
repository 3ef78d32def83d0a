import type { Logger } from '@aws-lambda-powertools/logger';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Faults } from './faults';
import { DeployedConfig, hookOf } from './hook';
import { Call, Invocation } from './invocation';
import { Message } from './message';
import { Tape, Turn } from './tape';
import { dispatch } from '../../../src/lambda/resize/delivery/dispatch';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import { createServices, Imaging, Services } from '../../../src/lambda/resize/services/services';
import type { Telemetry } from '../../../src/lambda/resize/services/telemetry';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { Cloud, Gate } from '../cloud/cloud';
import { imaging, isTrimmed } from '../cloud/imaging';

/** What an invocation came to. */
export interface Answer {
  /** Undefined when it failed as a whole. */
  readonly result?: unknown;
  readonly failed: boolean;
  readonly invocation: Invocation;
}

/** The function, with the invocations of it that run side by side. */
export class Lambda {
  private running: Invocation[] = [];
  private readonly sources = new Map<DeployedConfig, Services['sources']>();

  private readonly slowImaging: Imaging = {
    ...imaging,
    measure: async (data, probed, profiles, options) => {
      if (profiles.some(isTrimmed) && this.tape.decide(3) === 1) throw new PermanentError('TIMEOUT', 'slow');
      return imaging.measure(data, probed, profiles, options);
    },
  };

  constructor(
    private readonly cloud: Cloud,
    /** Of invocations that begin from now on. */
    public config: DeployedConfig,
    private readonly tape: Tape,
    private readonly faults: Faults,
    private readonly log: string[],
    /** Whether what `trim` leaves may take too long to find. */
    private readonly slow: boolean,
  ) {}

  async invoke(messages: readonly Message[], payload: unknown): Promise<Answer> {
    const invocation = new Invocation(messages, this.config, this.tape);
    this.running.push(invocation);
    try {
      const clock = { getRemainingTimeInMillis: () => 60_000 };
      const result = await invocation.run((gate) => dispatch(this.services(gate, invocation), payload, clock, 2));
      return { invocation, failed: false, result };
    } catch (error) {
      invocation.errors.push(error);
      return { invocation, failed: true };
    }
  }

  get isRunning(): boolean {
    return this.running.length > 0;
  }

  /** The calls that can take effect next. */
  turns({ paused }: { paused: boolean }): Turn[] {
    return this.running
      .filter(({ isPaused }) => isPaused === paused)
      .flatMap((invocation) => invocation.calls.map((call) => ({ of: invocation, take: () => this.pass(invocation, call) })));
  }

  /** Counts a turn for those that are paused. */
  waitOn(): void {
    for (const invocation of this.running) if (invocation.isPaused) invocation.waitOn();
  }

  /** Forgets those that have ended. */
  sweep(): void {
    if (this.running.some(({ hasEnded }) => hasEnded)) this.running = this.running.filter(({ hasEnded }) => !hasEnded);
  }

  private pass(invocation: Invocation, call: Call): void {
    const fault = this.faults.next(call.command);
    this.log.push(`  ${nameOf(invocation)} ${describe(call.command)}${fault ? ` ${fault.name}` : ''}`);
    invocation.pass(call, fault);
  }

  private services(gate: Gate, invocation: Invocation): Services {
    // Every process has a clock of its own; where records expire by it, they are in time.
    const minutes = this.config.catalog.expireAfter ? 0 : this.tape.decide(120) - 60;
    const clock = new Date(this.cloud.now + minutes * 60_000);
    const { s3, dynamodb, eventBridge } = this.cloud.clients(gate, invocation);
    const error = (_: unknown, extra?: { error?: unknown }) => invocation.errors.push(extra?.error);
    const { config } = invocation;
    const services = createServices({ ...config, sources: [] }, {
      imaging: this.slow ? this.slowImaging : imaging,
      hook: hookOf(config, gate),
      s3: s3 as S3Client,
      dynamodb: dynamodb as DynamoDBDocumentClient,
      eventBridge: eventBridge as EventBridgeClient,
      now: () => clock,
      logger: { debug() {}, info() {}, warn() {}, error } as unknown as Logger,
      telemetry: { processed() {}, failed() {}, backfilled() {}, flush() {} } as unknown as Telemetry,
    });
    // Which a process does once, and not in every invocation.
    const sources = this.sources.get(config) ?? prepareSources(config);
    this.sources.set(config, sources);
    return { ...services, config, sources };
  }
}

export function nameOf({ messages }: Pick<Invocation, 'messages'>): string {
  return messages.map(({ event, receives }) => `#${event.sequencer?.slice(-2) ?? '--'}.${receives}`).join('+');
}

function describe(command: unknown): string {
  const { Key, IfMatch, IfNoneMatch, UpdateExpression } = (command as { input: Record<string, unknown> }).input;
  const key = typeof Key === 'string' ? Key : (Key as { imageId?: string } | undefined)?.imageId;
  const condition = IfMatch === undefined ? IfNoneMatch === undefined ? '' : ' if new' : ' if unchanged';
  return `${(command as object).constructor.name.replace('Command', '')} ${key ?? ''}${condition}${UpdateExpression ? statusOf(command) : ''}`;
}

/** The status that an update gives a record, or `-` where it leaves or takes it. */
function statusOf(command: unknown): string {
  const { UpdateExpression, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = (command as UpdateCommand).input;
  const name = Object.keys(names).find((placeholder) => names[placeholder] === 'status');
  const [, value] = new RegExp(`${name} = (:\\d+)`).exec(UpdateExpression!) ?? [];
  return ` ${value ? values[value] : '-'}`;
}
