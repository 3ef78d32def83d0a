import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventPattern, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { createBackfillFunction } from './backfill-function';
import { grantMapRuns, grantPlanning, grantPruning, listing } from './backfill-rights';
import { createBackfillStateMachine, isWithinExpress } from './backfill-state-machine';
import { reportProblems, requireBackfillProps } from './check-props';
import { ImageBackfillProps } from './image-backfill-props';
import { createLaneFunction } from './lane-function';
import { backfillPrices } from './prices';
import { createPruneStateMachine } from './prune-state-machine';
import type { WatchedBackfill } from './watched-backfill';
import { BackfillConfig, REPORTS_PREFIX } from '../../contract';
import { createBucket } from '../../pipeline/buckets';
import { checked } from '../../support/checks';
import { requireSameEnvironment } from '../../support/same-environment';

const REPORT_RETENTION = Duration.days(90);

/**
 * Brings a bucket to what the configuration of its pipeline says: makes the renditions of images that were there before the pipeline, or
 * that its profiles have changed for since. Nothing runs until an execution of the state machine is started.
 *
 * With the input `{"mode": "plan"}` an execution compares every original with its record, and says how many renditions are missing or were made by
 * other settings, and what making them would cost. It reads listings and records, and nothing else. With
 * `{"mode": "run", "maxObjects": 100000, "maxDollars": 20}` it plans, and makes what is within the limits. What is current costs a share of
 * one batched read. Starting again goes on where the last execution ended, because the records tell.
 *
 * Created: two functions, of which one is the pipeline's once more with a concurrency of its own, a state machine, log groups, and a bucket
 * for reports unless it is given.
 *
 * @example
 * import { ImageBackfill, ImageResizePipeline } from 'cdk-image-resize-pipeline';
 *
 * const pipeline = new ImageResizePipeline(this, 'Images');
 * new ImageBackfill(this, 'Backfill', { pipeline, maxConcurrency: 50 });
 */
export class ImageBackfill extends Construct {
  /** The state machine: start an execution of it to plan or to run. */
  public readonly stateMachine: StateMachine;
  /** The function that plans and reports. */
  public readonly backfillFunction: LambdaFunction;
  /** The function that makes renditions: the pipeline's once more. */
  public readonly laneFunction: IFunction;
  /** Where reports are written, and lists of keys are read: given, or created. */
  public readonly reportBucket: IBucket;

  /** The state machine that deletes renditions which nobody needs any more. There is none without `prune`. */
  public readonly pruneStateMachine?: StateMachine;

  /** @internal what monitoring has to know beside what everybody may */
  public readonly _watched: WatchedBackfill;

  /**
   * @throws Error when a prop is out of its range, or when the pipeline or the bucket is known to be in another region or account
   */
  constructor(scope: Construct, id: string, props: ImageBackfillProps) {
    super(scope, id);
    const { pipeline, maxConcurrency = 20, maxTries = 3, toleratedFailurePercentage = 5, reservedConcurrency } = props;
    checked(this, () => requireBackfillProps(props));
    requireSameEnvironment(this, 'the backfill', { pipeline: Stack.of(pipeline), reportBucket: props.reportBucket?.env });

    this.reportBucket = props.reportBucket ?? createReportBucket(this, pipeline);
    this.node.addValidation({ validate: () => reportProblems(this.reportBucket, pipeline) });

    const { resizeFunction } = pipeline;
    const isStandard = !isWithinExpress(resizeFunction.timeout!, maxTries);
    const config: Omit<BackfillConfig, 'version'> = {
      reportBucket: this.reportBucket.bucketName,
      prices: backfillPrices(props.prices, resizeFunction),
      memoryMib: memoryOf(resizeFunction),
      timeoutSeconds: resizeFunction.timeout!.toSeconds(),
      concurrency: Math.min(maxConcurrency, reservedConcurrency ?? Infinity),
      isStandard,
    };
    const { backfillFunction, role, logGroup } = createBackfillFunction(new Construct(this, 'Planning'), {
      pipeline,
      config,
      description: 'Plans backfills, and reports on them',
      roleDescription: 'Compares originals with their records: reads listings and records, writes reports',
    });
    this.backfillFunction = backfillFunction;
    grantPlanning(role, pipeline, this.reportBucket);

    const { laneFunction, functionName: laneFunctionName } = createLaneFunction(new Construct(this, 'Lane'), pipeline, reservedConcurrency);
    this.laneFunction = laneFunction;
    this.stateMachine = createBackfillStateMachine(this, {
      pipeline,
      backfillFunction,
      laneFunction: this.laneFunction,
      reportBucket: this.reportBucket,
      maxConcurrency,
      maxTries,
      toleratedFailurePercentage,
      isStandard,
    });
    grantMapRuns(this.stateMachine, this.reportBucket, true);
    pipeline._onSource((source) => this.stateMachine.addToRolePolicy(listing(source.bucket, source.prefix)));
    const pruning = props.prune ? this.createPruning(pipeline, config) : undefined;
    this.pruneStateMachine = pruning?.stateMachine;
    this._watched = { pipeline, isStandard, laneFunctionName, logGroup, pruneLogGroup: pruning?.logGroup };
    this.printCommands();
  }

  /**
   * A rule for the end of executions: whether they succeeded, failed, ran out of time or were stopped. The event is Step Functions' own, whose
   * `detail.output` has the report of one that succeeded.
   *
   * @param id of the rule
   * @param options of the rule
   */
  public onEnded(id: string, options: OnEventOptions = {}): Rule {
    const eventPattern: EventPattern = {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [this.stateMachine.stateMachineArn], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'], ...options.eventPattern?.detail },
    };
    const rule = new Rule(options.crossStackScope ?? this, id, { description: options.description, ruleName: options.ruleName, eventPattern });
    if (options.target) rule.addTarget(options.target);
    return rule;
  }

  private createPruning(pipeline: ImageBackfillProps['pipeline'], config: Omit<BackfillConfig, 'version'>): { readonly stateMachine: StateMachine; readonly logGroup: ILogGroup } {
    const scope = new Construct(this, 'Prune');
    const { backfillFunction: pruneFunction, role, logGroup } = createBackfillFunction(scope, {
      pipeline,
      config: { ...config, formerOutputs: pipeline._formerOutputs.map(({ bucket, prefix }) => ({ bucket: bucket.bucketName, prefix })) },
      description: 'Deletes renditions that nobody needs any more',
      roleDescription: 'Deletes renditions that nobody needs any more, and takes them out of their records',
    });
    grantPruning(role, pipeline, this.reportBucket);
    const stateMachine = createPruneStateMachine(scope, { pipeline, pruneFunction, reportBucket: this.reportBucket });
    grantMapRuns(stateMachine, this.reportBucket, false);
    pipeline._onRenditions(({ bucket, prefix }) => stateMachine.addToRolePolicy(listing(bucket, prefix)));
    return { stateMachine, logGroup };
  }

  private printCommands(): void {
    const { stateMachineArn } = this.stateMachine;
    const start = (input: object, arn = stateMachineArn) => `aws stepfunctions start-execution --state-machine-arn ${arn} --input '${JSON.stringify(input)}'`;
    const pruneArn = this.pruneStateMachine?.stateMachineArn;
    const commands = {
      PlanCommand: ['Says what a run would make, and what it would cost', start({ mode: 'plan' })],
      RunCommand: ['Makes it, within limits: set them by the plan', start({ mode: 'run', maxObjects: 1000, maxDollars: 1 })],
      StatusCommand: ['Executions, the last first; list-map-runs and describe-map-run tell how far one is',
        `aws stepfunctions list-executions --state-machine-arn ${stateMachineArn} --max-items 5`],
      ...pruneArn && {
        PrunePlanCommand: ['Says which renditions nobody needs any more', start({ mode: 'plan' }, pruneArn)],
        PruneRunCommand: ['Deletes them, within a limit: set it by the plan', start({ mode: 'run', maxObjects: 1000 }, pruneArn)],
      },
      ReportsCommand: ['Reports of all executions', `aws s3 ls s3://${this.reportBucket.bucketName}/${REPORTS_PREFIX}`],
    };
    for (const [id, [description, value]] of Object.entries(commands)) new CfnOutput(this, id, { description, value });
  }
}

function createReportBucket(scope: Construct, pipeline: ImageBackfillProps['pipeline']): IBucket {
  const bucket = createBucket(scope, 'ReportBucket', pipeline._storage);
  bucket.addLifecycleRule({ id: 'ExpireReports', prefix: REPORTS_PREFIX, expiration: REPORT_RETENTION });
  return bucket;
}

function memoryOf(lambda: LambdaFunction): number {
  return (lambda.node.defaultChild as unknown as { memorySize?: number }).memorySize ?? 128;
}
