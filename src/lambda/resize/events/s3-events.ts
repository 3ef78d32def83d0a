import { normalizedSequencer, sequencerOfTime } from './sequencer';
import { decodeFormKey, EventContext } from '../../../contract';

/** What happened to one object. */
export interface ObjectEvent {
  readonly kind: 'created' | 'removed';
  readonly bucket: string;
  /** As S3 stores it, decoded. */
  readonly key: string;
  /** Puts the events of one key in order: the greater string is the later event. See `normalizedSequencer`. */
  readonly sequencer: string;
  /** Bytes; unknown for deletions. */
  readonly size?: number;
  /** Of the content that the event is about; unknown for deletions. */
  readonly etag?: string;
  readonly versionId?: string;
  /** Whether what failed for good is to be tried once more. */
  readonly retriesFailed?: boolean;
  readonly context: EventContext;
}

export interface ParsedPayload {
  readonly events: readonly ObjectEvent[];
  /** Whether Lambda gave up the asynchronous invocation for the events. */
  readonly givenUp: boolean;
}

/**
 * Reads S3 notifications, EventBridge events, and what Lambda sends to the failure destination of either.
 *
 * @throws Error for anything else, so that it ends in the dead-letter queue and is not lost
 */
export function parsePayload(payload: unknown): ParsedPayload {
  if (isObject(payload)) {
    // S3 sends this once, when notifications are set up.
    if (payload.Event === 's3:TestEvent') return { events: [], givenUp: false };
    if (isObject(payload.requestContext) && 'requestPayload' in payload) return { ...parsePayload(payload.requestPayload), givenUp: true };
    if (payload.source === 'aws.s3') return { events: fromEventBridge(payload), givenUp: false };
    if (Array.isArray(payload.Records)) return { events: payload.Records.flatMap(fromNotification), givenUp: false };
  }
  throw new Error(`expected an event of S3, received ${JSON.stringify(payload)?.slice(0, 200)}`);
}

const NOTIFICATION_KINDS = [['ObjectCreated:', 'created'], ['ObjectRemoved:', 'removed'], ['LifecycleExpiration:', 'removed']] as const;
const EVENT_BRIDGE_KINDS = { 'Object Created': 'created', 'Object Deleted': 'removed' } as const;

function fromNotification(record: unknown): ObjectEvent[] {
  const name = text(record, 'eventName');
  const kind = NOTIFICATION_KINDS.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (!kind) return [];
  const time = text(record, 'eventTime');
  return [{
    kind,
    bucket: text(record, 's3', 'bucket', 'name'),
    key: decodeFormKey(text(record, 's3', 'object', 'key')),
    sequencer: sequencerAt(record, time, 's3', 'object', 'sequencer'),
    size: numberAt(record, 's3', 'object', 'size'),
    etag: optional(record, 's3', 'object', 'eTag'),
    versionId: optional(record, 's3', 'object', 'versionId'),
    context: withoutUndefined({
      name,
      time,
      region: optional(record, 'awsRegion'),
      requestId: optional(record, 'responseElements', 'x-amz-request-id'),
    }),
  }];
}

function fromEventBridge(event: Record<string, unknown>): ObjectEvent[] {
  const name = text(event, 'detail-type');
  const kind = Object.hasOwn(EVENT_BRIDGE_KINDS, name) ? EVENT_BRIDGE_KINDS[name as keyof typeof EVENT_BRIDGE_KINDS] : undefined;
  if (!kind) return [];
  const time = text(event, 'time');
  return [{
    kind,
    bucket: text(event, 'detail', 'bucket', 'name'),
    // Unlike notifications, EventBridge gives the key as it is.
    key: text(event, 'detail', 'object', 'key'),
    sequencer: sequencerAt(event, time, 'detail', 'object', 'sequencer'),
    size: numberAt(event, 'detail', 'object', 'size'),
    etag: optional(event, 'detail', 'object', 'etag'),
    versionId: optional(event, 'detail', 'object', 'version-id'),
    context: withoutUndefined({
      name: `${name.replace(' ', '')}:${optional(event, 'detail', 'reason') ?? ''}`,
      time,
      region: optional(event, 'region'),
      requestId: optional(event, 'detail', 'request-id'),
    }),
  }];
}

function sequencerAt(event: unknown, time: string, ...path: string[]): string {
  const sequencer = optional(event, ...path);
  return sequencer === undefined ? sequencerOfTime(time) : normalizedSequencer(sequencer);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, name) => (isObject(node) ? node[name] : undefined), value);
}

function optional(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function text(value: unknown, ...path: string[]): string {
  const found = optional(value, ...path);
  if (found === undefined) throw new Error(`expected a text at ${path.join('.')} of an event of S3, received ${JSON.stringify(at(value, path))}`);
  return found;
}

function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
