import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice, Condition, DefinitionBody, Errors, Fail, FieldUtils, IChainable, ItemBatcher, JitterType, JsonPath, LogLevel, Pass, StateMachine,
  StateMachineType, Succeed, TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { MapItems, WritingMap } from './map-items';
import { BACKFILL_MODES, BACKFILL_STEPS, LISTINGS, REPORT_FOLDERS } from '../../contract';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';

export interface BackfillStateMachineProps {
  readonly pipeline: ImageResizePipeline;
  /** Plans and reports. */
  readonly backfillFunction: IFunction;
  /** Makes renditions. */
  readonly laneFunction: IFunction;
  readonly reportBucket: IBucket;
  readonly maxConcurrency: number;
  readonly maxTries: number;
  readonly toleratedFailurePercentage: number;
  readonly isStandard: boolean;
}

/** What Lambda answers when it could not run the function. */
export const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException',
];

/** Batches of a plan, at a time. Each reads a few hundred records. */
const PLANS_AT_A_TIME = 10;
const PLAN_BATCH = 500;
const STEP_TRIES = 3;
/** Of the 256 KiB that a workflow may be given. */
const PLAN_BATCH_BYTES = 200_000;

/**
 * Plans, and, where it is asked for, makes what the plan says. The map is the lane: it invokes the function itself, as many times at
 * once as it may, so that there is nothing to drain when it is stopped.
 */
export function createBackfillStateMachine(scope: Construct, props: BackfillStateMachineProps): StateMachine {
  const definition = new Construct(scope, 'Definition');
  const { backfillFunction, reportBucket } = props;
  const step = (id: string, payload: Record<string, unknown>) => createStep(definition, id, backfillFunction, payload);
  const execution = JsonPath.executionName;

  const begin = step('Begin', { step: BACKFILL_STEPS.begin, execution, input: JsonPath.objectAt('$$.Execution.Input'), at: JsonPath.numberAt('$.at') });
  const planned = (id: string, items: MapItems) => new WritingMap(definition, id, { bucket: reportBucket, folder: REPORT_FOLDERS.planRuns }, {
    mapExecutionType: StateMachineType.EXPRESS,
    itemReader: items,
    itemBatcher: new ItemBatcher({
      maxItemsPerBatch: PLAN_BATCH,
      maxInputBytesPerBatch: PLAN_BATCH_BYTES,
      // Taken as it is: paths must have the names of paths.
      batchInput: FieldUtils.renderObject({
        execution, startedAt: JsonPath.executionStartTime, request: JsonPath.objectAt('$.request'), bucket: JsonPath.stringAt('$.bucket'),
      }),
    }),
    maxConcurrency: PLANS_AT_A_TIME,
    resultPath: JsonPath.DISCARD,
  }).itemProcessor(step(`${id}Batch`, { step: BACKFILL_STEPS.plan, batch: JsonPath.objectAt('$.BatchInput'), items: JsonPath.objectAt('$.Items') })).next(begin);

  const summarise = step('Summarise', { step: BACKFILL_STEPS.summarise, execution, request: JsonPath.objectAt('$.request') });
  begin.next(new Choice(definition, 'WhatToList')
    .when(Condition.stringEquals('$.listing', LISTINGS.objects), planned('PlanObjects', MapItems.listed('$.bucket', '$.prefix')))
    .when(Condition.stringEquals('$.listing', LISTINGS.lines), planned('PlanLines', MapItems.lines(reportBucket, '$.key')))
    .when(Condition.stringEquals('$.listing', LISTINGS.rows), planned('PlanRows', MapItems.rows(reportBucket, '$.key')))
    .otherwise(summarise));

  const done = new Succeed(definition, 'Done');
  const report = step('Report', { step: BACKFILL_STEPS.report, execution, startedAt: JsonPath.executionStartTime, plan: JsonPath.entirePayload });
  report.next(new Choice(definition, 'IsWhole')
    .when(Condition.isPresent('$.error'), new Fail(definition, 'EndedEarly', { error: 'BackfillEndedEarly', causePath: '$.error' }))
    .otherwise(done));
  const run = new WritingMap(definition, 'Run', { bucket: reportBucket, folder: REPORT_FOLDERS.results }, {
    mapExecutionType: props.isStandard ? StateMachineType.STANDARD : StateMachineType.EXPRESS,
    itemReader: MapItems.lines(reportBucket, '$.work.key'),
    maxConcurrency: props.maxConcurrency,
    toleratedFailurePercentage: props.toleratedFailurePercentage,
    resultPath: JsonPath.DISCARD,
  }).itemProcessor(makeImage(definition, props));
  run.addCatch(report, { resultPath: '$.error' });
  run.next(report);
  summarise.next(new Choice(definition, 'IsToRun')
    .when(Condition.and(Condition.stringEquals('$.mode', BACKFILL_MODES.run), Condition.numberGreaterThan('$.work.images', 0)), run)
    .otherwise(done));

  return createLoggedMachine(scope, props.pipeline, 'Brings images to what the configuration says',
    new Pass(definition, 'Start', { parameters: { at: 0 } }).next(begin));
}

/** A step of a function, whose answer is the state that follows. */
export function createStep(scope: Construct, id: string, lambdaFunction: IFunction, payload: Record<string, unknown>): LambdaInvoke {
  return retried(new LambdaInvoke(scope, id, {
    lambdaFunction,
    payload: TaskInput.fromObject(payload),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
  }), STEP_TRIES);
}

/** One image: made, or, when every try failed, given up. */
function makeImage(scope: Construct, { laneFunction, maxTries }: BackfillStateMachineProps): IChainable {
  const ask = (id: string, more: object, resultPath: string) => new LambdaInvoke(scope, id, {
    lambdaFunction: laneFunction,
    payload: TaskInput.fromObject({ backfill: { bucket: JsonPath.stringAt('$.bucket'), key: JsonPath.stringAt('$.key'), ...more } }),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    resultPath,
  });
  const make = retried(ask('MakeImage', { retryFailed: JsonPath.objectAt('$.retryFailed') }, '$'), maxTries);
  const givenUp = new Fail(scope, 'GivenUp', { error: 'RETRIES_EXHAUSTED', causePath: '$.error.Cause' });
  const giveUp = retried(ask('GiveUpImage', { giveUp: true }, '$.ended'), 1);
  giveUp.addCatch(givenUp, { resultPath: '$.unrecorded' });
  make.addCatch(giveUp, { resultPath: '$.error' });
  giveUp.next(givenUp);
  return make;
}

const PAUSES = { interval: Duration.seconds(2), backoffRate: 2, jitterStrategy: JitterType.FULL };

/** Within the five minutes of an express workflow: `isWithinExpress`. */
function retried(task: LambdaInvoke, tries: number): LambdaInvoke {
  task.addRetry({
    ...PAUSES, errors: LAMBDA_ERRORS, maxAttempts: 5, maxDelay: Duration.seconds(20),
  });
  if (tries > 1) task.addRetry({ ...PAUSES, errors: [Errors.ALL], maxAttempts: tries - 1 });
  return task;
}

/** Whether all tries of an image fit into an express workflow, which is cut off after five minutes. */
export function isWithinExpress(timeout: Duration, maxTries: number): boolean {
  const waiting = 50 + 2 ** maxTries;
  return timeout.toSeconds() * maxTries + waiting <= 280;
}

/** With the logs and traces of the pipeline's own state machine. */
export function createLoggedMachine(scope: Construct, pipeline: ImageResizePipeline, comment: string, start: IChainable): StateMachine {
  const { removalPolicy } = pipeline._storage;
  const logGroup = new LogGroup(scope, 'StateMachineLogs', { retention: RetentionDays.ONE_WEEK, removalPolicy });
  return new StateMachine(scope, 'StateMachine', {
    comment,
    definitionBody: DefinitionBody.fromChainable(start),
    tracingEnabled: true,
    logs: { level: LogLevel.ALL, includeExecutionData: false, destination: logGroup },
  });
}
