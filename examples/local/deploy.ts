import { existsSync, mkdtempSync, writeFileSync } from 'fs';
import { join } from 'path';
import { AsyncInvocations } from './cloud/async-invocations';
import { EventBridge, RuleProperties } from './cloud/event-bridge';
import { EventSourceMapping } from './cloud/event-source-mapping';
import { NotificationConfiguration, Notifications } from './cloud/notifications';
import { Queue } from './cloud/queue';
import { TableProperties } from './cloud/tables';
import { LocalFunction, LogLine } from './lambda/local-function';
import { runnableFolder } from './lambda/runnable-folder';
import { CorsRule, S3EventRecord } from './s3';
import { Services } from './services';
import { Resource, Stack } from './template/stack';

/** What resources are made on. */
export interface Machine {
  readonly services: Services;
  readonly account: string;
  readonly region: string;
  /** Most processes of a function at a time. */
  readonly concurrency: number;
  /** Share of their real time that waits for redeliveries and retries take. */
  readonly waitFactor: number;
  readonly onLog: (line: LogLine) => void;
}

interface QueueProperties {
  readonly VisibilityTimeout?: number;
  readonly DelaySeconds?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

interface FunctionProperties {
  readonly Architectures?: readonly string[];
  readonly Code: { readonly S3Key?: string; readonly ZipFile?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Handler: string;
  readonly MemorySize?: number;
  readonly ReservedConcurrentExecutions?: number;
  readonly Runtime: string;
  readonly Timeout?: number;
}

interface EventSourceMappingProperties {
  readonly BatchSize?: number;
  readonly Enabled?: boolean;
  readonly EventSourceArn: string;
  readonly FilterCriteria?: object;
  readonly FunctionName: string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

interface EventInvokeConfigProperties {
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination: string }; readonly OnSuccess?: object };
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
}

interface BucketProperties {
  readonly CorsConfiguration?: { readonly CorsRules: readonly CorsRuleProperties[] };
  readonly NotificationConfiguration?: object;
  readonly VersioningConfiguration?: { readonly Status: string };
}

interface BucketNotificationsProperties {
  readonly BucketName: string;
  readonly NotificationConfiguration: NotificationConfiguration;
}

interface CorsRuleProperties {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: CorsRule['allowedMethods'];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** The resources of all stacks of an app, running on this machine. */
export class Deployment {
  /** @param buckets that exist before the stacks do */
  static async of(stacks: readonly Stack[], machine: Machine, buckets: readonly string[]): Promise<Deployment> {
    const deployment = new Deployment(machine);
    try {
      await deployment.create(stacks, buckets);
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  readonly queues: Queue[] = [];
  readonly functions: LocalFunction[] = [];
  private readonly bucketNames = new Set<string>();
  private readonly mappings: { readonly queue: Queue; readonly mapping: EventSourceMapping }[] = [];
  private readonly asynchronous = new Map<LocalFunction, AsyncInvocations>();
  private readonly bus: EventBridge;
  private readonly notifications: Notifications;

  private constructor(private readonly machine: Machine) {
    this.bus = new EventBridge(machine.account);
    this.notifications = new Notifications({
      queue: (arn) => this.sender(arn),
      lambda: (arn) => this.sender(arn),
      eventBridge: (record) => this.bus.publish(record),
    });
    machine.services.s3.onEvent((record: S3EventRecord) => this.notifications.publish(record));
  }

  /** Events that are on their way: in a queue that feeds a function, or being tried. */
  get pending(): number {
    const fed = new Set(this.mappings.map(({ queue }) => queue));
    const queued = [...fed].reduce((sum, queue) => sum + queue.size, 0);
    return [...this.asynchronous.values()].reduce((sum, { pending }) => sum + pending, queued);
  }

  /** The queues in which messages end that could not be handled. */
  get deadLetterQueues(): Queue[] {
    return this.queues.filter((queue) => this.queues.some((other) => other.deadLetterQueue === queue));
  }

  async stop(): Promise<void> {
    for (const queue of this.queues) queue.close();
    await Promise.all(this.functions.map((each) => each.stop()));
    await Promise.all([...this.asynchronous.values()].map((each) => each.stop()));
    await Promise.all(this.mappings.map(({ mapping }) => mapping.ended()));
  }

  private async create(stacks: readonly Stack[], buckets: readonly string[]): Promise<void> {
    const all = (...types: string[]) => stacks.flatMap((stack) => stack.resources(...types));

    for (const bucket of buckets) this.createBucket(bucket, {}, bucket);
    for (const bucket of all('AWS::S3::Bucket')) this.createBucket(bucket.name, bucket.properties as BucketProperties, pathOf(bucket));
    for (const { name, properties } of all('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
      await this.machine.services.tables.create(this.machine.services.dynamodbClient, name, properties as TableProperties);
    }
    this.createQueues(all('AWS::SQS::Queue'));
    for (const stack of stacks) {
      for (const resource of stack.resources('AWS::Lambda::Function')) this.createFunction(resource, stack);
    }
    for (const config of all('AWS::Lambda::EventInvokeConfig')) this.configureAsyncInvocations(config);
    for (const mapping of all('AWS::Lambda::EventSourceMapping')) this.createMapping(mapping);
    for (const rule of all('AWS::Events::Rule')) this.bus.addRule(pathOf(rule), rule.properties as RuleProperties, (arn) => this.sender(arn));
    for (const configuration of all('Custom::S3BucketNotifications')) this.configureNotifications(configuration);
  }

  private createBucket(name: string, properties: BucketProperties, at: string): void {
    if (properties.NotificationConfiguration) throw new Error(`${at} must be notified of by CDK's custom resource, received the property NotificationConfiguration`);
    this.machine.services.s3.createBucket(name, {
      versioned: properties.VersioningConfiguration?.Status === 'Enabled',
      corsRules: properties.CorsConfiguration?.CorsRules.map((rule) => ({
        allowedOrigins: rule.AllowedOrigins,
        allowedMethods: rule.AllowedMethods,
        allowedHeaders: rule.AllowedHeaders,
        exposedHeaders: rule.ExposedHeaders,
        maxAgeSeconds: rule.MaxAge,
      })),
    });
    this.bucketNames.add(name);
  }

  private createQueues(resources: readonly Resource[]): void {
    for (const { name, arn, properties } of resources) {
      const { VisibilityTimeout = 30, DelaySeconds = 0 } = properties as QueueProperties;
      this.queues.push(new Queue({
        name,
        arn,
        visibilityTimeoutMs: VisibilityTimeout * 1000,
        delayMs: DelaySeconds * 1000,
        waitFactor: this.machine.waitFactor,
      }));
    }
    for (const { arn, properties } of resources) {
      const { RedrivePolicy } = properties as QueueProperties;
      if (!RedrivePolicy) continue;
      this.queue(arn).redriveTo({ deadLetterQueue: this.queue(RedrivePolicy.deadLetterTargetArn), maxReceiveCount: RedrivePolicy.maxReceiveCount });
    }
  }

  private createFunction(resource: Resource, stack: Stack): void {
    const { machine } = this;
    const properties = resource.properties as unknown as FunctionProperties;
    const variables = Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]);
    this.functions.push(new LocalFunction({
      name: resource.name,
      arn: resource.arn,
      region: machine.region,
      folder: once(() => codeOf(resource, properties, stack, machine.services.temporary)),
      handler: properties.Handler,
      runtime: properties.Runtime,
      memorySize: properties.MemorySize ?? 128,
      timeoutSeconds: properties.Timeout ?? 3,
      environment: { ...Object.fromEntries(variables), ...machine.services.environment },
      concurrency: Math.min(machine.concurrency, properties.ReservedConcurrentExecutions ?? Infinity),
      onLog: machine.onLog,
    }));
  }

  private configureAsyncInvocations(resource: Resource): void {
    const { DestinationConfig, FunctionName, MaximumRetryAttempts = 2 } = resource.properties as unknown as EventInvokeConfigProperties;
    if (DestinationConfig?.OnSuccess) throw new Error(`${pathOf(resource)} has a destination for successes, which the local runner does not know`);
    const target = this.function(FunctionName);
    const onFailure = DestinationConfig?.OnFailure && this.sender(DestinationConfig.OnFailure.Destination);
    this.asynchronous.set(target, new AsyncInvocations({ target, maxRetries: MaximumRetryAttempts, onFailure, waitFactor: this.machine.waitFactor }));
  }

  private createMapping(resource: Resource): void {
    const properties = resource.properties as unknown as EventSourceMappingProperties;
    if (properties.FilterCriteria) throw new Error(`${pathOf(resource)} filters events, which the local runner does not know`);
    if (properties.Enabled === false) return;
    const queue = this.queue(properties.EventSourceArn);
    const target = this.function(properties.FunctionName);
    this.mappings.push({
      queue,
      mapping: new EventSourceMapping({
        queue,
        target,
        region: this.machine.region,
        batchSize: properties.BatchSize ?? 10,
        concurrency: Math.min(target.concurrency, properties.ScalingConfig?.MaximumConcurrency ?? Infinity),
        reportsFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      }),
    });
  }

  private configureNotifications(resource: Resource): void {
    const { BucketName, NotificationConfiguration: configuration } = resource.properties as unknown as BucketNotificationsProperties;
    if (!this.bucketNames.has(BucketName)) {
      throw new Error(`${pathOf(resource)} is about bucket ${JSON.stringify(BucketName)}, which no stack creates: name it in the option buckets`);
    }
    this.notifications.configure(BucketName, configuration, pathOf(resource));
  }

  /** What takes a JSON message for a queue, or an asynchronous invocation of a function. */
  private sender(arn: string): (payload: object) => void {
    if (arn.startsWith('arn:aws:sqs:')) {
      const queue = this.queue(arn);
      return (payload) => queue.send(JSON.stringify(payload));
    }
    const target = this.function(arn);
    const invocations = this.asynchronous.get(target) ?? new AsyncInvocations({ target, maxRetries: 2, waitFactor: this.machine.waitFactor });
    this.asynchronous.set(target, invocations);
    return (payload) => invocations.send(payload);
  }

  private queue(arn: string): Queue {
    const queue = this.queues.find((each) => each.arn === arn);
    if (!queue) throw new Error(`no stack of the app has a queue ${JSON.stringify(arn)}`);
    return queue;
  }

  private function(nameOrArn: string): LocalFunction {
    const found = this.functions.find(({ name, arn }) => nameOrArn === name || nameOrArn === arn);
    if (!found) throw new Error(`no stack of the app has a function ${JSON.stringify(nameOrArn)}`);
    // Checked when something invokes it: CDK's own functions need not run here.
    found.requireRunnable();
    return found;
  }
}

/** The folder that a function's code runs in. */
function codeOf(resource: Resource, { Architectures, Code }: FunctionProperties, stack: Stack, temporary: string): string {
  if (Code.ZipFile !== undefined) {
    const folder = mkdtempSync(join(temporary, 'inline-'));
    writeFileSync(join(folder, 'index.js'), Code.ZipFile);
    return folder;
  }
  const asset = stack.assets.get(Code.S3Key ?? '');
  if (asset === undefined || !existsSync(asset)) throw new Error(`${pathOf(resource)} must have its code in an asset of the app, received ${JSON.stringify(Code)}`);
  return runnableFolder(asset, Architectures?.[0] ?? 'x86_64', temporary);
}

function pathOf({ stack, logicalId }: Resource): string {
  return `${stack}.${logicalId}`;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
