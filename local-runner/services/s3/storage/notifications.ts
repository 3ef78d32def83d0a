import { S3EventRecord } from './events';
import { decodeForm } from '../wire/encoding';

interface Filter {
  readonly Key?: { readonly FilterRules?: readonly { readonly Name: string; readonly Value: string }[] };
}

interface DestinationConfiguration {
  readonly Events: readonly string[];
  readonly Filter?: Filter;
}

/** The notification configuration of a bucket, as S3's API has it. */
export interface NotificationConfiguration {
  readonly QueueConfigurations?: readonly (DestinationConfiguration & { readonly QueueArn: string })[];
  readonly LambdaFunctionConfigurations?: readonly (DestinationConfiguration & { readonly LambdaFunctionArn: string })[];
  readonly TopicConfigurations?: readonly object[];
  readonly EventBridgeConfiguration?: object;
}

/** Where notifications go. */
export interface NotificationTargets {
  /** What takes the messages of a queue. */
  queue(arn: string): (message: object) => void;
  /** What takes the asynchronous invocations of a function. */
  lambda(arn: string): (payload: object) => void;
  eventBridge(record: S3EventRecord): void;
}

interface Rule {
  readonly takes: (record: S3EventRecord) => boolean;
  readonly deliver: (record: S3EventRecord) => void;
}

/** The event notifications of all buckets. */
export class Notifications {
  private readonly rules = new Map<string, Rule[]>();

  constructor(private readonly targets: NotificationTargets) {}

  /** Adds a configuration to those that the bucket has. */
  configure(bucket: string, configuration: NotificationConfiguration, at: string): void {
    if (configuration.TopicConfigurations?.length) throw new Error(`${at} notifies a topic, which the local runner does not know`);
    const rules = this.rules.get(bucket) ?? [];
    for (const destination of configuration.QueueConfigurations ?? []) {
      const send = this.targets.queue(destination.QueueArn);
      // S3 tries the permission with this message.
      send({ Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date().toISOString(), Bucket: bucket });
      rules.push({ takes: filterOf(destination, at), deliver: (record) => send({ Records: [record] }) });
    }
    for (const destination of configuration.LambdaFunctionConfigurations ?? []) {
      const invoke = this.targets.lambda(destination.LambdaFunctionArn);
      rules.push({ takes: filterOf(destination, at), deliver: (record) => invoke({ Records: [record] }) });
    }
    if (configuration.EventBridgeConfiguration) {
      rules.push({ takes: () => true, deliver: (record) => this.targets.eventBridge(record) });
    }
    this.rules.set(bucket, rules);
  }

  publish(record: S3EventRecord): void {
    for (const { takes, deliver } of this.rules.get(record.s3.bucket.name) ?? []) {
      if (takes(record)) deliver(record);
    }
  }
}

function filterOf({ Events, Filter: filter }: DestinationConfiguration, at: string): Rule['takes'] {
  const rules = (filter?.Key?.FilterRules ?? []).map(({ Name, Value }) => ({ end: Name.toLowerCase(), value: filterValue(Value, at) }));
  return (record) => {
    const key = decodeForm(record.s3.object.key);
    return Events.some((event) => isOfType(`s3:${record.eventName}`, event))
      && rules.every(({ end, value }) => (end === 'prefix' ? key.startsWith(value) : key.endsWith(value)));
  };
}

function isOfType(eventName: string, type: string): boolean {
  return type.endsWith('*') ? eventName.startsWith(type.slice(0, -1)) : eventName === type;
}

/** S3 compares filters with the encoded key, so a filter that is not encoded would never match. */
function filterValue(value: string, at: string): string {
  if (/[^!-~]/.test(value)) throw new Error(`${at}: the filter of a notification must be URL-encoded, with + for spaces, received ${JSON.stringify(value)}`);
  return decodeForm(value);
}
