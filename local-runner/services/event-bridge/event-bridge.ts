import { randomUUID } from 'crypto';
import { S3EventRecord } from '../s3';
import { matchesPattern, requireKnownPattern } from './event-pattern';
import { decodeForm } from '../s3/wire/encoding';

export interface RuleProperties {
  /** Name or ARN. @default - the default event bus */
  readonly EventBusName?: string;
  readonly EventPattern?: Readonly<Record<string, never>>;
  readonly State?: string;
  readonly Targets?: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly Id: string;
  readonly Arn: string;
  /** Takes what cannot be delivered, which does not happen here. */
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: object;
}

const DEFAULT_BUS = 'default';

/** The event buses of an account: events of S3 and Step Functions come to the default one, and what is put to any. */
export class EventBridge {
  private readonly buses = new Set([DEFAULT_BUS]);
  private readonly rules: {
    readonly bus: string;
    readonly pattern: Readonly<Record<string, never>>;
    readonly deliver: (event: object) => void;
  }[] = [];

  constructor(private readonly account: string, private readonly region: string) {}

  /** @param targetOf finds what takes the events that are sent to an ARN */
  addRule(at: string, properties: RuleProperties, targetOf: (arn: string) => (event: object) => void): void {
    const { EventBusName, EventPattern, State, Targets = [] } = properties;
    if (!EventPattern) throw new Error(`${at} must have an event pattern: the local runner knows no schedules`);
    requireKnownPattern(EventPattern, `${at}.EventPattern`);
    const bus = busName(EventBusName);
    if (!this.buses.has(bus)) throw new Error(`${at}: no stack of the app has an event bus ${JSON.stringify(bus)}`);
    for (const target of Targets) {
      if (target.Input ?? target.InputPath ?? target.InputTransformer) throw new Error(`${at}: target ${target.Id} must take the whole event: the local runner transforms no input`);
      const deliver = targetOf(target.Arn);
      if (State !== 'DISABLED') this.rules.push({ bus, pattern: EventPattern, deliver });
    }
  }

  addBus(name: string): void {
    this.buses.add(name);
  }

  publish(record: S3EventRecord): void {
    this.route(fromRecord(record, this.account));
  }

  /**
   * Sends an event of another service, or of an application.
   *
   * @param bus name or ARN
   * @returns whether there is such a bus
   */
  send(source: string, detailType: string, resources: readonly string[], detail: object, bus?: string): boolean {
    const name = busName(bus);
    if (!this.buses.has(name)) return false;
    this.route({
      'version': '0',
      'id': randomUUID(),
      'detail-type': detailType,
      source,
      'account': this.account,
      'time': new Date().toISOString().replace(/\.\d+/, ''),
      'region': this.region,
      resources,
      detail,
    }, name);
    return true;
  }

  private route(event: object, to = DEFAULT_BUS): void {
    for (const { bus, pattern, deliver } of this.rules) {
      if (bus === to && matchesPattern(pattern, event)) deliver(event);
    }
  }
}

function busName(nameOrArn = DEFAULT_BUS): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

const REASONS: Readonly<Record<S3EventRecord['eventName'], string>> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Post': 'POST Object',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
  'ObjectRemoved:Delete': 'DeleteObject',
  'ObjectRemoved:DeleteMarkerCreated': 'DeleteObject',
};

/** The event that S3 sends to EventBridge for what it reports in a notification. */
function fromRecord(record: S3EventRecord, account: string): object {
  const { bucket, object } = record.s3;
  const created = record.eventName.startsWith('ObjectCreated:');
  const deletionType = record.eventName === 'ObjectRemoved:Delete' ? 'Permanently Deleted' : 'Delete Marker Created';
  return {
    'version': '0',
    'id': randomUUID(),
    'detail-type': created ? 'Object Created' : 'Object Deleted',
    'source': 'aws.s3',
    account,
    'time': record.eventTime,
    'region': record.awsRegion,
    'resources': [bucket.arn],
    'detail': {
      'version': '0',
      'bucket': { name: bucket.name },
      'object': {
        key: decodeForm(object.key),
        sequencer: object.sequencer,
        ...(created ? { size: object.size, etag: object.eTag } : {}),
        ...(object.versionId ? { 'version-id': object.versionId } : {}),
      },
      'request-id': record.responseElements['x-amz-request-id'],
      'requester': account,
      'source-ip-address': record.requestParameters.sourceIPAddress,
      'reason': REASONS[record.eventName],
      ...(created ? {} : { 'deletion-type': deletionType }),
    },
  };
}
