import { RemovalPolicy } from 'aws-cdk-lib';
import { ImageTest } from './image-test';
import { ImageBackfill, ImageProfile, ImageResizePipeline } from '../../src';

/** An image whose record is lost is one that was there before the pipeline: a backfill makes it. */
const test = new ImageTest('ImagesByBackfill');
const pipeline = new ImageResizePipeline(test.stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY, profiles: [ImageProfile.THUMBNAIL] });
const { stateMachine } = new ImageBackfill(test.stack, 'Backfill', { pipeline });

const run = (name: string, input: Record<string, unknown>) => test
  .call('StepFunctions', 'startExecution', { stateMachineArn: stateMachine.stateMachineArn, name, input: JSON.stringify(input) })
  .eventually('StepFunctions', 'describeExecution', { executionArn: executionArn(name) }, { status: 'SUCCEEDED' });

const executionArn = (name: string) => test.stack.formatArn({ service: 'states', resource: `execution:${stateMachine.stateMachineName}:${name}` });

test
  .upload(pipeline, { key: 'cat.png', imageId: 'cat' })
  .record(pipeline, 'cat', { status: { S: 'COMPLETED' } })
  .call('DynamoDB', 'deleteItem', { TableName: pipeline.table.tableName, Key: { imageId: { S: 'cat' } } });
run('plan', { mode: 'plan' });
run('run', { mode: 'run', maxObjects: 10, maxDollars: 1 });
test.record(pipeline, 'cat', { status: { S: 'COMPLETED' }, event: { M: { name: { S: 'Backfill' } } } });
