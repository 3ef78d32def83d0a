import { Annotations, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { createBucket, StorageOptions } from './buckets';
import { ImageIdSource } from './catalog-options';
import { DEFAULT_OUTPUT_KEY, HandlerConfig, renderConfig } from '../contract';
import { formerKeySpaces, requireNoOriginals } from './former-outputs';
import { ImageEvents } from './image-events';
import { ImageResizePipelineGrants } from './image-resize-pipeline-grants';
import { ImageResizePipelineMetrics } from './image-resize-pipeline-metrics';
import { ImageResizePipelineProps } from './image-resize-pipeline-props';
import { ImageSourceOptions } from './image-source-options';
import { requireOutputKey } from './output-key-rules';
import { findLoop } from './pipeline-loops';
import { Conflicts, conflictsBetween, PipelineDescription } from './pipeline-neighbours';
import { BoundTrigger, bindTriggers } from './pipeline-triggers';
import { createTable, tableKeyProblems } from './record-table';
import { DEFAULT_PARTITION_KEY, handlerConfig, requirePipelineProps } from './render-config';
import { createFunction } from './resize-function';
import { grantFormerOutput, grantOutput, grantSource, grantTable } from './resize-function-rights';
import { PipelineSource, SourceList } from './source-list';
import { addWatermarkLayer, grantWatermarks, requireKeptWatermarks } from './watermarks';
import { ImageProfile } from '../profiles/image-profile';
import { atEnd } from '../support/at-end';
import { checked } from '../support/checks';
import { KeySpace } from '../support/key-spaces';
import { environmentOf, requireSameEnvironment } from '../support/same-environment';
import { WARNINGS } from '../support/warnings';
import { ResizeTrigger } from '../triggers/resize-trigger';
import type { ResizeTriggerContext } from '../triggers/trigger-binding';

const DEFAULT_PROFILES = [ImageProfile.THUMBNAIL, ImageProfile.MEDIUM, ImageProfile.LARGE];

/**
 * Makes renditions of the images that are uploaded to S3, and keeps a record of each image in DynamoDB.
 *
 * It creates two private buckets and a table, unless you give your own, a Lambda function with a role and a log group, and
 * what the trigger needs (by default a queue with a dead-letter queue).
 *
 * What you give must be in the pipeline's region and account.
 *
 * @example
 * import { ImageProfile, ImageResizePipeline, OutputFormat } from 'cdk-image-resize-pipeline';
 *
 * const images = new ImageResizePipeline(this, 'Images', {
 *   sourcePrefix: 'uploads/',
 *   profiles: [ImageProfile.THUMBNAIL, ImageProfile.of('card', { width: 640, formats: [OutputFormat.webp(), OutputFormat.jpeg()] })],
 * });
 */
export class ImageResizePipeline extends Construct {
  /** Bucket of the first source: given, or created. */
  public readonly sourceBucket: IBucket;
  /** Bucket of the renditions: given, or created. */
  public readonly outputBucket: IBucket;
  /** Table of the image records: given, or created. */
  public readonly table: ITable;
  /** The function that resizes. */
  public readonly resizeFunction: LambdaFunction;
  /** Role of the function. */
  public readonly role: IRole;
  /** Logs of the function. */
  public readonly logGroup: ILogGroup;
  /** The queue between S3 and the function. There is none where neither the trigger nor a former one has a queue. */
  public readonly queue?: IQueue;
  /** The state machine that makes renditions in parallel. There is none where neither the trigger nor a former one has a state machine. */
  public readonly stateMachine?: IStateMachine;
  /** The queue that gets the event of an image when every try has failed for a passing reason. */
  public readonly deadLetterQueue: IQueue;
  /** Permissions for those who work with the pipeline. */
  public readonly grants: ImageResizePipelineGrants;
  /** CloudWatch metrics of the pipeline. */
  public readonly metrics: ImageResizePipelineMetrics;

  /** @internal */
  public readonly _sources: SourceList;
  /**
   * What the handler is told, as far as it is known by now.
   *
   * @internal
   */
  public readonly _config: () => HandlerConfig;
  /** @internal */
  public readonly _storage: StorageOptions;
  /**
   * Where renditions were stored before.
   *
   * @internal
   */
  public readonly _formerOutputs: readonly KeySpace[];

  private readonly events: ImageEvents;
  private readonly defaults: Omit<PipelineSource, 'bucket'>;
  private readonly triggerContext: ResizeTriggerContext;
  /** The present one first. */
  private readonly triggers: readonly BoundTrigger[];
  private readonly sourceListeners: ((source: KeySpace) => void)[] = [];
  private readonly outputListeners: ((output: KeySpace) => void)[] = [];
  private readonly deletes: { readonly source: boolean; readonly renditions: boolean };

  constructor(scope: Construct, id: string, props: ImageResizePipelineProps = {}) {
    super(scope, id);
    checked(this, () => requirePipelineProps(props));
    const { encryptionKey, formerEncryptionKeys = [], removalPolicy = RemovalPolicy.RETAIN, outputKey = DEFAULT_OUTPUT_KEY } = props;
    checked(this, () => requireOutputKey(outputKey));
    const { table: suppliedTable, partitionKey = DEFAULT_PARTITION_KEY } = props.catalog ?? {};
    // Keys are often kept in an account of their own.
    const keyEnvironment = (key: IKey) => ({ region: key.env.region, account: Stack.of(this).account });
    requireSameEnvironment(this, 'the pipeline', {
      'sourceBucket': props.sourceBucket?.env,
      'outputBucket': props.outputBucket?.env,
      ...Object.fromEntries(props.formerOutputs?.map(({ bucket }, at) => [`formerOutputs[${at}].bucket`, bucket?.env]) ?? []),
      'catalog.table': suppliedTable && environmentOf(suppliedTable),
      'events.eventBus': props.events?.eventBus?.env,
      'encryptionKey': encryptionKey && keyEnvironment(encryptionKey),
      ...Object.fromEntries(formerEncryptionKeys.map((key, at) => [`formerEncryptionKeys[${at}]`, keyEnvironment(key)])),
    });
    const storage = { encryptionKey, formerEncryptionKeys, removalPolicy };
    this._storage = storage;
    const pipelineName = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    this.sourceBucket = props.sourceBucket ?? createBucket(this, 'SourceBucket', storage);
    this.outputBucket = props.outputBucket ?? createBucket(this, 'OutputBucket', storage);
    this.table = suppliedTable ?? createTable(this, 'Table', partitionKey, storage);
    this._formerOutputs = checked(this, () => formerKeySpaces(props.formerOutputs ?? [], this.outputBucket));
    this._sources = new SourceList(this.outputBucket, outputKey, props.catalog?.imageId ?? ImageIdSource.METADATA);
    this.defaults = {
      prefix: '',
      include: props.include ?? [],
      exclude: props.exclude ?? [],
      profiles: props.profiles ?? DEFAULT_PROFILES,
      requestedSize: props.requestedSize,
      outputPrefix: props.outputPrefix ?? '',
    };
    this.deletes = { source: props.processing?.deleteSource ?? false, renditions: props.processing?.deleteRenditions ?? false };

    this._config = () => handlerConfig(props, {
      sources: this._sources,
      outputBucket: this.outputBucket,
      outputKey,
      formerOutputs: this._formerOutputs,
      table: this.table,
      maxTries: this.triggers.map(({ config }) => config.maxTries).find((tries) => tries > 0) ?? 0,
      pipelineName,
      events: this.events.config,
    });
    const created = checked(this, () => createFunction(this, {
      options: props.resizeFunction ?? {},
      renderedConfig: () => renderConfig(this._config()),
      ...storage,
    }));
    this.resizeFunction = created.resizeFunction;
    this.role = created.role;
    this.logGroup = created.logGroup;
    addWatermarkLayer(this, this.resizeFunction, () => this._sources.all);
    grantTable(this.role, this.table);
    this.events = new ImageEvents(this, { role: this.role, pipelineName, eventBus: props.events?.eventBus });
    if (props.events) this.events.switchOn();
    this._onOutput((output) => grantOutput(this.role, output, this.deletes.renditions));
    if (this.deletes.renditions) for (const output of this._formerOutputs) grantFormerOutput(this.role, output);

    this.triggerContext = { resizeFunction: this.resizeFunction, encryptionKey, formerEncryptionKeys, removalPolicy };
    this.triggers = checked(this, () => bindTriggers(this, props.trigger ?? ResizeTrigger.queue(), props.formerTriggers ?? [], this.triggerContext));
    this.queue = this.triggers.map(({ config }) => config.queue).find((queue) => queue !== undefined);
    this.stateMachine = this.triggers.map(({ config }) => config.stateMachine).find((stateMachine) => stateMachine !== undefined);
    this.deadLetterQueue = this.triggers[0].config.deadLetterQueue;

    if (props.catalog?.expireAfter && this.deletes.renditions) {
      Annotations.of(this).addWarningV2(WARNINGS.EXPIRY_LEAVES_RENDITIONS,
        'processing.deleteRenditions does nothing for images whose record catalog.expireAfter has removed');
    }
    this.grants = ImageResizePipelineGrants._of({
      inputs: () => this._sources.inputs,
      onRenditions: (listener) => this._onRenditions(listener),
      table: this.table,
      formerKeys: formerEncryptionKeys,
    });
    this.metrics = new ImageResizePipelineMetrics(pipelineName);
    this.node.addValidation({ validate: () => findLoop(this, (node) => (node instanceof ImageResizePipeline ? node._sources : undefined)) });
    this.node.addValidation({ validate: () => this.conflicts().flatMap(({ problems }) => problems) });
    atEnd(this, () => {
      for (const message of this.conflicts().flatMap(({ risks }) => risks)) Annotations.of(this).addWarningV2(WARNINGS.SHARED_OUTPUTS, message);
    });
    this.node.addValidation({ validate: () => tableKeyProblems(this.table, partitionKey) });

    this.addSource(this.sourceBucket, { prefix: props.sourcePrefix });
  }

  /**
   * Takes images from one more bucket, or from another prefix of a bucket.
   *
   * @param bucket in which images arrive
   * @param options what differs from the pipeline's own properties
   * @throws Error when the source overlaps another one or the renditions, when outputs could collide, or when the bucket is
   * known to be in another region or account
   */
  public addSource(bucket: IBucket, options: ImageSourceOptions = {}): void {
    requireSameEnvironment(this, 'the pipeline', { 'addSource: bucket': bucket.env });
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const source: PipelineSource = { ...this.defaults, ...given, bucket };
    const { index, isNewOutput, warnings } = checked(this, () => {
      requireNoOriginals(this._formerOutputs, source);
      const added = this._sources.add(source);
      if (this.deletes.source) requireKeptWatermarks(this._sources.all);
      return added;
    });
    for (const { id, message } of warnings) Annotations.of(this).addWarningV2(id, message);

    const scope = new Construct(this, `Source${index}`);
    const events = { bucket, prefix: source.prefix, deletions: this.deletes.renditions };
    checked(this, () => this.triggers.forEach(({ trigger, config }) => trigger.bindSource(scope, events, this.triggerContext, config)));
    grantSource(this.role, source, this.deletes.source, this._storage.formerEncryptionKeys);
    grantWatermarks(this, this.role, source);
    const output = { bucket: this.outputBucket, prefix: source.outputPrefix };
    if (isNewOutput) for (const listener of this.outputListeners) listener(output);
    for (const listener of this.sourceListeners) listener(source);
  }

  /**
   * Makes a rule for the event of every image that is completed: each time its renditions are as the configuration says.
   *
   * Events are told at least once, in any order, and never before the record says the same. The first call has the function tell
   * of final states; it gets the right to do so. What an event says is
   * described in docs/events.md of the package.
   *
   * @param id of the rule
   * @param options the target, and what else an event must match
   */
  public onCompleted(id: string, options: OnEventOptions = {}): Rule {
    return this.events.rule(id, 'COMPLETED', options);
  }

  /**
   * Makes a rule for the event of every image that failed. See `onCompleted`.
   *
   * @param id of the rule
   * @param options the target, and what else an event must match
   */
  public onFailed(id: string, options: OnEventOptions = {}): Rule {
    return this.events.rule(id, 'FAILED', options);
  }

  /**
   * Makes a rule for the event of every image that is deleted, which is noticed with `processing.deleteRenditions`, or whose object
   * goes on under another image id. See `onCompleted`.
   *
   * @param id of the rule
   * @param options the target, and what else an event must match
   */
  public onDeleted(id: string, options: OnEventOptions = {}): Rule {
    return this.events.rule(id, 'DELETED', options);
  }

  /**
   * Calls with each key space of originals, also with those of sources that are yet to come.
   *
   * @internal
   */
  public _onSource(listener: (source: KeySpace) => void): void {
    this._sources.inputs.forEach(listener);
    this.sourceListeners.push(listener);
  }

  /**
   * Calls with each key space of renditions, also with those of sources that are yet to come.
   *
   * @internal
   */
  public _onOutput(listener: (output: KeySpace) => void): void {
    this._sources.outputs.forEach(listener);
    this.outputListeners.push(listener);
  }

  /**
   * Calls with each key space in which there may be renditions: those of `_onOutput`, and former ones.
   *
   * @internal
   */
  public _onRenditions(listener: (space: KeySpace) => void): void {
    this._formerOutputs.forEach(listener);
    this._onOutput(listener);
  }

  /** What the pipelines before this one and this one do to each other. */
  private conflicts(): Conflicts[] {
    const pipelines = this.node.root.node.findAll().filter((node) => node instanceof ImageResizePipeline);
    return pipelines.slice(0, pipelines.indexOf(this)).map((other) => conflictsBetween(other.describe(), this.describe()));
  }

  private describe(): PipelineDescription {
    const { outputKey, catalog: { partitionKey, imageId, shards } } = this._config();
    return { pipeline: this, output: this.outputBucket, outputKey, sources: this._sources.all, table: this.table, partitionKey, imageId, shards };
  }
}
