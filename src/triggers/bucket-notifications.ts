import { Annotations, CfnResource, FeatureFlags, Names, Resource, Stack, Tokenization } from 'aws-cdk-lib';
import { Bucket, EventType, IBucket, IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import { S3_KEEP_NOTIFICATION_IN_IMPORTED_BUCKET } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { encodeFormKey } from '../contract';
import type { ResizeTriggerSource } from './trigger-binding';
import { atEnd } from '../support/at-end';
import { CheckError } from '../support/checks';
import { describe, isSameBucket, KeySpace, overlap } from '../support/key-spaces';
import { WARNINGS } from '../support/warnings';

/** Has S3 send the events of a source straight to a destination. */
export function notify(scope: Construct, source: ResizeTriggerSource, destination: IBucketNotificationDestination): void {
  if (scope.node.tryFindChild('NotifiedKeys')) {
    // The pipeline has another destination by now. S3 goes on sending to this one for seconds: it must still be allowed to.
    const notifier = notifierOf(scope, source.bucket);
    destination.bind(notifier, notifier);
    return;
  }
  requireFree(scope, source);
  new NotifiedKeys(scope, 'NotifiedKeys', source);
  scope.node.addValidation({ validate: () => rivalNotifications(scope, source) });
  const notifier = notifierOf(scope, source.bucket);

  const filters = source.prefix ? [{ prefix: encodeFilter(source.prefix) }] : [];
  notifier.addEventNotification(EventType.OBJECT_CREATED, destination, ...filters);
  for (const type of source.deletions ? [EventType.OBJECT_REMOVED, EventType.LIFECYCLE_EXPIRATION] : []) {
    notifier.addEventNotification(type, destination, ...filters);
  }
  if (notifier !== source.bucket) atEnd(scope, () => warnOfManagedList(scope, source));
}

/** Has S3 tell EventBridge what happens in a bucket. A managed list would remove that, but can hold it: it names nothing of another stack. */
export function notifyEventBridge(scope: Construct, bucket: IBucket): void {
  const notifier = hasManagedList(bucket) ? bucket : notifierOf(scope, bucket);
  notifier.enableEventBridgeNotification();
  if (notifier !== bucket) atEnd(scope, () => { if (hasManagedList(bucket)) bucket.enableEventBridgeNotification(); });
}

/** S3 compares the filters of notifications with the key as it stands in the event: encoded like an HTML form. Tokens stay. */
function encodeFilter(prefix: string): string {
  const tokens = Tokenization.reverseString(prefix).tokens.map(String);
  return tokens.reduce((encoded, token) => encoded.replaceAll(encodeFormKey(token), () => token), encodeFormKey(prefix));
}

/** Notes in the construct tree of which keys S3 tells someone. */
class NotifiedKeys extends Construct {
  public constructor(scope: Construct, id: string, public readonly keys: KeySpace) {
    super(scope, id);
  }
}

/** Notes in the construct tree which construct keeps the notifications of a bucket in a stack. */
class Notifier extends Construct {
  public constructor(scope: Construct, id: string, public readonly bucket: IBucket, public readonly notifier: IBucket) {
    super(scope, id);
  }
}

/** S3 refuses a second destination for events of one object, but only at deployment. */
function requireFree(scope: Construct, source: KeySpace): void {
  const notes = scope.node.root.node.findAll().filter((node) => node instanceof NotifiedKeys);
  const taken = notes.find(({ keys }) => overlap(keys, source));
  if (!taken) return;
  throw new CheckError(
    `source ${describe(source)} must not overlap ${describe(taken.keys)} of another pipeline, as S3 notifies one destination only: `
    + 'use prefixes of which neither begins with the other, or ResizeTrigger.eventBridge()');
}

/**
 * What is wrong with notifications that an app's owner added beside the pipeline's: S3 takes one destination for events of
 * an object. To be asked at synthesis, when all are known.
 */
function rivalNotifications(scope: Construct, source: ResizeTriggerSource): string[] {
  const rules = notificationLists(scope, source.bucket).flatMap(rulesOf);
  const prefix = Stack.of(scope).resolve(encodeFilter(source.prefix)) as unknown;
  const kinds = ['s3:ObjectCreated:', ...(source.deletions ? ['s3:ObjectRemoved:', 's3:LifecycleExpiration:'] : [])];
  return kinds.flatMap((kind) => {
    // One is the pipeline's own.
    const rivals = rules.filter((rule) => rule.events.some((event) => event.startsWith(kind)) && mayOverlap(rule.prefix, prefix));
    if (rivals.length < 2) return [];
    const received = rivals.map((rule) => ({ events: rule.events, prefix: rule.prefix, suffix: rule.suffix }));
    return [
      `source ${describe(source)} must have no other notification of ${kind}*, as S3 notifies one destination only, `
      + `received ${JSON.stringify(received)}: `
      + 'use prefixes of which neither begins with the other, or ResizeTrigger.eventBridge()',
    ];
  });
}

/** The resources by which CDK sets up notifications of a bucket, wherever in the app. */
function notificationLists(scope: Construct, bucket: IBucket): CfnResource[] {
  const nodes = scope.node.root.node.findAll();
  const notes = nodes.filter((node) => node instanceof Notifier);
  const aliases = notes.filter((note) => isSameBucket(note.bucket, bucket)).map(({ notifier }) => notifier);
  return nodes.filter((node): node is CfnResource => {
    if (!(node instanceof CfnResource) || node.cfnResourceType !== 'Custom::S3BucketNotifications') return false;
    const owner = node.node.scope?.node.scope;
    return Resource.isResource(owner!) && 'bucketName' in owner && [bucket, ...aliases].some((each) => isSameBucket(each, owner as unknown as IBucket));
  });
}

interface NotificationRule {
  readonly events: readonly string[];
  readonly prefix: unknown;
  readonly suffix?: unknown;
}

function rulesOf(list: CfnResource): NotificationRule[] {
  const { Resources } = Stack.of(list).resolve(list._toCloudFormation()) as { Resources: Record<string, { Properties: any }> };
  const [{ Properties }] = Object.values(Resources);
  const { EventBridgeConfiguration: _, ...destinations } = Properties.NotificationConfiguration;
  return Object.values<any[]>(destinations).flat().map(({ Events, Filter }) => {
    const filter = (name: string) => Filter?.Key.FilterRules.find((rule: { Name: string }) => rule.Name.toLowerCase() === name)?.Value;
    return { events: Events, prefix: filter('prefix') ?? '', suffix: filter('suffix') };
  });
}

/** What depends on the value of a token is taken to be apart, unless it is the same. */
function mayOverlap(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return JSON.stringify(a) === JSON.stringify(b) || a === '' || b === '';
  return a.startsWith(b) || b.startsWith(a);
}

/**
 * The construct that keeps a bucket's notifications: one per stack, because two lists of notifications for one bucket
 * would be deployed at a time and overwrite each other.
 *
 * CDK keeps them in the bucket's stack. For a bucket of another stack they would have to name the queue or function of
 * this one, which already names the bucket: a cycle. Imported, they are kept here, and leave those of other stacks alone.
 */
function notifierOf(scope: Construct, bucket: IBucket): IBucket {
  const stack = Stack.of(scope);
  const notes = scope.node.root.node.findAll().filter((node) => node instanceof Notifier);
  const known = notes.find((note) => Stack.of(note) === stack && isSameBucket(note.bucket, bucket));
  if (known) return known.notifier;
  const notifier = Stack.of(bucket) === stack ? bucket : importInto(stack, bucket);
  new Notifier(scope, 'Notifier', bucket, notifier);
  return notifier;
}

function importInto(stack: Stack, bucket: IBucket): IBucket {
  const id = `SourceBucket${Names.nodeUniqueId(bucket.node)}`;
  return Bucket.fromBucketAttributes(stack, id, { bucketArn: bucket.bucketArn, encryptionKey: bucket.encryptionKey });
}

/** Whether the stack of a bucket keeps a list of its notifications that CDK writes as it is, without what others added. */
function hasManagedList(bucket: IBucket): boolean {
  return bucket instanceof Bucket
    && bucket.node.tryFindChild('Notifications') !== undefined
    && !FeatureFlags.of(bucket).isEnabled(S3_KEEP_NOTIFICATION_IN_IMPORTED_BUCKET);
}

function warnOfManagedList(scope: Construct, source: KeySpace): void {
  const { bucket } = source;
  if (!hasManagedList(bucket)) return;
  Annotations.of(scope).addWarningV2(WARNINGS.MANAGED_NOTIFICATIONS,
    `the stack of bucket ${bucket.node.path} manages notifications of it as well, and removes all others whenever it changes them: `
    + `${describe(source)} is then no longer processed. Use ResizeTrigger.eventBridge() here, or create the pipeline in the stack of the bucket`);
}
