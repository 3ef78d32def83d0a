import { Heap } from './heap';
import { QUOTAS } from './inputs';
import { generator } from '../bench/images';

/** A queue in front of a function, and what is uploaded. Times in seconds. */
export interface Scenario {
  readonly name: string;
  /** Images in a second, at random, for so long. */
  readonly rate: number;
  readonly seconds: number;
  readonly maxConcurrency: number;
  /** Invocations that Lambda lets run: the reservation, or what the account has left. */
  readonly available: number;
  /** Median of an invocation. */
  readonly duration: number;
  /** Deliveries that try, as `ResizeTrigger.queue` has them. */
  readonly maxTries?: number;
}

const MAX_TRIES = 3;
/** Six times the function's timeout. */
const VISIBILITY_TIMEOUT = 360;

export interface Outcome {
  readonly images: number;
  /** Most messages that waited, the invisible ones included. */
  readonly backlog: number;
  /** Seconds from upload to renditions of those that were made. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Deliveries that Lambda refused, of all. */
  readonly throttled: number;
  /** Messages that went to the dead-letter queue though nothing is wrong with their image. */
  readonly lost: number;
  /** Seconds from the first upload until the last message was out of the queue. */
  readonly drained: number;
}

interface Message {
  readonly uploaded: number;
  receives: number;
}

type Happening =
  | { readonly at: number; readonly type: 'upload' | 'ramp' | 'released' }
  | { readonly at: number; readonly type: 'done' | 'visible'; readonly message: Message };

/** Of the logarithm of an invocation's duration: photos differ in size. */
const SIGMA = 0.5;
const SEED = 2025;
/** Deliveries beyond the tries, in which the handler only records the failure. */
const CLOSING_DELIVERIES = 2;
/** Seconds in which a poller is busy with a delivery that was refused. */
const REFUSAL = 1;

/**
 * Runs a scenario to its end, the same on each run. The poller begins with a few invocations at a time, adds more while
 * messages wait, and takes back one for each that Lambda refuses. A refused message stays invisible for the visibility
 * timeout, and the delivery counts as a try.
 */
export function simulate(scenario: Scenario): Outcome {
  return new Simulation(scenario).run();
}

class Simulation {
  private readonly random = generator(SEED);
  private readonly happenings = new Heap<Happening>();
  private readonly queue = new Fifo<Message>();
  private readonly latencies: number[] = [];
  private now = 0;
  private uploading = true;
  private running = 0;
  private refused = 0;
  private invisible = 0;
  private allowed: number = QUOTAS.pollerStart;
  private images = 0;
  private backlog = 0;
  private deliveries = 0;
  private throttled = 0;
  private lost = 0;
  private drained = 0;

  constructor(private readonly scenario: Scenario) {}

  run(): Outcome {
    this.happenings.push({ at: 0, type: 'upload' });
    this.happenings.push({ at: 1, type: 'ramp' });
    for (let next = this.happenings.pop(); next; next = this.happenings.pop()) {
      this.now = next.at;
      this.take(next);
      this.deliver();
      this.backlog = Math.max(this.backlog, this.queue.length + this.invisible);
    }
    const sorted = this.latencies.sort((one, other) => one - other);
    const percentile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return {
      images: this.images,
      backlog: this.backlog,
      latency: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
      throttled: this.throttled / this.deliveries,
      lost: this.lost,
      drained: this.drained,
    };
  }

  private take(next: Happening): void {
    switch (next.type) {
      case 'upload':
        return this.upload();
      case 'ramp':
        if (this.queue.length > 0) this.allowed += QUOTAS.pollerPerMinute / 60;
        if (this.uploading || this.queue.length + this.invisible > 0) this.happenings.push({ at: this.now + 1, type: 'ramp' });
        return;
      case 'released':
        this.refused -= 1;
        return;
      case 'visible':
        this.invisible -= 1;
        this.queue.push(next.message);
        return;
      case 'done':
        this.running -= 1;
        this.finish(next.message);
    }
  }

  private upload(): void {
    this.images += 1;
    this.queue.push({ uploaded: this.now, receives: 0 });
    const at = this.now - Math.log(1 - this.random()) / this.scenario.rate;
    this.uploading = at < this.scenario.seconds;
    if (this.uploading) this.happenings.push({ at, type: 'upload' });
  }

  /** Late deliveries find that all tries are used up, and give the image up. */
  private finish({ uploaded, receives }: Message): void {
    this.drained = this.now;
    if (receives > (this.scenario.maxTries ?? MAX_TRIES)) this.lost += 1;
    else this.latencies.push(this.now - uploaded);
  }

  private deliver(): void {
    const { maxConcurrency, available, maxTries = MAX_TRIES } = this.scenario;
    this.allowed = Math.min(this.allowed, maxConcurrency, QUOTAS.pollerConcurrency);
    while (this.running + this.refused < this.allowed && this.queue.length > 0) {
      const message = this.queue.shift();
      message.receives += 1;
      if (message.receives > maxTries + CLOSING_DELIVERIES) {
        this.lost += 1;
        this.drained = this.now;
        continue;
      }
      this.deliveries += 1;
      if (this.running < available) this.invoke(message);
      else this.refuse(message);
    }
  }

  private invoke(message: Message): void {
    this.running += 1;
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    this.happenings.push({ at: this.now + this.scenario.duration * Math.exp(SIGMA * normal), type: 'done', message });
  }

  private refuse(message: Message): void {
    this.throttled += 1;
    this.refused += 1;
    this.invisible += 1;
    this.allowed = Math.max(QUOTAS.pollerStart, this.allowed - 1);
    this.happenings.push({ at: this.now + REFUSAL, type: 'released' });
    this.happenings.push({ at: this.now + VISIBILITY_TIMEOUT, type: 'visible', message });
  }
}

/** A queue that does not move its items at every shift. */
class Fifo<T> {
  private items: T[] = [];
  private first = 0;

  get length(): number {
    return this.items.length - this.first;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T {
    const item = this.items[this.first];
    this.first += 1;
    if (this.first > 1000 && this.first > this.items.length / 2) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
    return item;
  }
}
