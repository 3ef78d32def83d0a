import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, Fail, FieldUtils, ItemBatcher, JsonPath, Pass, StateMachine, StateMachineType, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { createLoggedMachine, createStep } from './backfill-state-machine';
import { MapItems, WritingMap } from './map-items';
import { BACKFILL_MODES, LISTINGS, PRUNE_STEPS, REPORT_FOLDERS } from '../../contract';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';

export interface PruneStateMachineProps {
  readonly pipeline: ImageResizePipeline;
  readonly pruneFunction: LambdaFunction;
  readonly reportBucket: IBucket;
}

/** Each looks at the metadata of a few hundred objects. */
const JUDGES_AT_A_TIME = 10;
const JUDGED_BATCH = 250;
const PRUNES_AT_A_TIME = 4;
const PRUNED_BATCH = 100;
/** Of the 256 KiB that a workflow may be given. */
const BATCH_BYTES = 200_000;

/** Plans what may be deleted, and, where it is asked for, deletes it. */
export function createPruneStateMachine(scope: Construct, { pipeline, pruneFunction, reportBucket }: PruneStateMachineProps): StateMachine {
  const definition = new Construct(scope, 'Definition');
  const lambda: IFunction = pruneFunction;
  const step = (id: string, payload: Record<string, unknown>) => createStep(definition, id, lambda, payload);
  const execution = JsonPath.executionName;

  const begin = step('BeginPrune', { step: PRUNE_STEPS.beginPrune, input: JsonPath.objectAt('$$.Execution.Input'), at: JsonPath.numberAt('$.at') });
  const judged = new WritingMap(definition, 'JudgeObjects', { bucket: reportBucket, folder: REPORT_FOLDERS.planRuns }, {
    mapExecutionType: StateMachineType.EXPRESS,
    itemReader: MapItems.listed('$.bucket', '$.prefix'),
    itemBatcher: new ItemBatcher({
      maxItemsPerBatch: JUDGED_BATCH,
      maxInputBytesPerBatch: BATCH_BYTES,
      batchInput: FieldUtils.renderObject({
        execution, startedAt: JsonPath.executionStartTime, request: JsonPath.objectAt('$.request'), bucket: JsonPath.stringAt('$.bucket'),
      }),
    }),
    maxConcurrency: JUDGES_AT_A_TIME,
    resultPath: JsonPath.DISCARD,
  }).itemProcessor(step('JudgeBatch', { step: PRUNE_STEPS.judge, batch: JsonPath.objectAt('$.BatchInput'), items: JsonPath.objectAt('$.Items') }));
  judged.next(begin);

  const done = new Succeed(definition, 'Done');
  const report = step('ReportPrune', { step: PRUNE_STEPS.reportPrune, execution, plan: JsonPath.entirePayload });
  report.next(new Choice(definition, 'IsWhole')
    .when(Condition.isPresent('$.error'), new Fail(definition, 'EndedEarly', { error: 'PruneEndedEarly', causePath: '$.error' }))
    .otherwise(done));
  const pruned = new WritingMap(definition, 'Prune', { bucket: reportBucket, folder: REPORT_FOLDERS.results }, {
    mapExecutionType: StateMachineType.EXPRESS,
    itemReader: MapItems.lines(reportBucket, '$.work.key'),
    itemBatcher: new ItemBatcher({ maxItemsPerBatch: PRUNED_BATCH, maxInputBytesPerBatch: BATCH_BYTES }),
    maxConcurrency: PRUNES_AT_A_TIME,
    resultPath: JsonPath.DISCARD,
  }).itemProcessor(step('PruneBatch', { step: PRUNE_STEPS.prune, items: JsonPath.objectAt('$.Items') }));
  pruned.addCatch(report, { resultPath: '$.error' });
  pruned.next(report);

  const summarise = step('SummarisePrune', { step: PRUNE_STEPS.summarisePrune, execution, request: JsonPath.objectAt('$.request') });
  summarise.next(new Choice(definition, 'IsToPrune')
    .when(Condition.and(Condition.stringEquals('$.mode', BACKFILL_MODES.run), Condition.numberGreaterThan('$.work.objects', 0)), pruned)
    .otherwise(done));
  begin.next(new Choice(definition, 'IsToList').when(Condition.stringEquals('$.listing', LISTINGS.objects), judged).otherwise(summarise));
  return createLoggedMachine(scope, pipeline, 'Deletes renditions that nobody needs any more', new Pass(definition, 'Start', { parameters: { at: 0 } }).next(begin));
}
