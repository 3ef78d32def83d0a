import { randomUUID } from 'crypto';
import { S3EventRecord } from '../s3';
import { matchesPattern, requireKnownPattern } from './event-pattern';
import { decodeForm } from '../s3/wire/encoding';

export interface RuleProperties {
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

/** The default event bus, as far as S3 and Step Functions are its sources. */
export class EventBridge {
  private readonly rules: { readonly pattern: Readonly<Record<string, never>>; readonly deliver: (event: object) => void }[] = [];

  constructor(private readonly account: string, private readonly region: string) {}

  /** @param targetOf finds what takes the events that are sent to an ARN */
  addRule(at: string, { EventPattern, State, Targets = [] }: RuleProperties, targetOf: (arn: string) => (event: object) => void): void {
    if (!EventPattern) throw new Error(`${at} must have an event pattern: the local runner knows no schedules`);
    requireKnownPattern(EventPattern, `${at}.EventPattern`);
    for (const target of Targets) {
      if (target.Input ?? target.InputPath ?? target.InputTransformer) throw new Error(`${at}: target ${target.Id} must take the whole event: the local runner transforms no input`);
      const deliver = targetOf(target.Arn);
      if (State !== 'DISABLED') this.rules.push({ pattern: EventPattern, deliver });
    }
  }

  publish(record: S3EventRecord): void {
    this.route(fromRecord(record, this.account));
  }

  /** Sends an event of another service. */
  send(source: string, detailType: string, resources: readonly string[], detail: object): void {
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
    });
  }

  private route(event: object): void {
    for (const { pattern, deliver } of this.rules) {
      if (matchesPattern(pattern, event)) deliver(event);
    }
  }
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
