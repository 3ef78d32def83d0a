import frozen from './logical-ids.json';
import { emptyStack, STACKS } from './stacks';
import { synthesize } from '../helpers/cdk';

/** What a replacement of a resource takes from its owner. Of other types, it costs a while at most. */
const LOST_WITH: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'a bucket with its objects',
  'AWS::DynamoDB::Table': 'a table with its records',
  'AWS::SQS::Queue': 'a queue with its messages',
  'AWS::Logs::LogGroup': 'a log group with its lines',
  'AWS::Lambda::Function': 'a function whose name alarms and dashboards know',
  'AWS::StepFunctions::StateMachine': 'a state machine with its executions',
  'AWS::ApiGatewayV2::Api': 'an API whose URL clients know',
  'AWS::CloudFront::Distribution': 'a distribution whose domain name clients know',
  'AWS::IAM::Role': 'a role whose ARN other policies name',
};

/** By stack, of each type the ids of its resources. `logical-ids.json` has those that were published. */
type LogicalIds = Readonly<Record<string, readonly string[]>>;

const published: Readonly<Record<string, LogicalIds>> = frozen;

test.each(Object.keys(STACKS))('no resource of a stack with %s changes its logical id', (name) => {
  const stack = emptyStack();
  STACKS[name](stack);
  const problems = compare(published[name] ?? {}, idsOf(synthesize(stack).toJSON().Resources));
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

test('the list has no stack that is not compared', () => {
  expect(Object.keys(published)).toEqual(Object.keys(STACKS));
});

test('every type whose replacement loses something is in the list', () => {
  const types = new Set(Object.values(published).flatMap((ids) => Object.keys(ids)));
  expect(Object.keys(LOST_WITH).filter((type) => !types.has(type))).toEqual([]);
});

test('fails by name when a resource with data gets another logical id', () => {
  expect(compare({ 'AWS::S3::Bucket': ['Old1'], 'AWS::IAM::Policy': ['P1'] }, { 'AWS::S3::Bucket': ['New1'] })).toEqual([
    'AWS::IAM::Policy P1 is gone: a deployment would replace it. Keep its construct id and its place in the tree',
    'AWS::S3::Bucket Old1 is gone: a deployment would replace a bucket with its objects. Keep its construct id and its place in the tree',
    'AWS::S3::Bucket New1 is new: once it is published its id must not change. Add it to logical-ids.json',
  ]);
});

function compare(before: LogicalIds, now: LogicalIds): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((type) => {
    const [old = [], present = []] = [before[type], now[type]];
    const lost = LOST_WITH[type] ?? 'it';
    return [
      ...old.filter((id) => !present.includes(id))
        .map((id) => `${type} ${id} is gone: a deployment would replace ${lost}. Keep its construct id and its place in the tree`),
      ...present.filter((id) => !old.includes(id))
        .map((id) => `${type} ${id} is new: once it is published its id must not change. Add it to logical-ids.json`),
    ];
  });
}

function idsOf(resources: Readonly<Record<string, { readonly Type: string }>>): LogicalIds {
  const ids: Record<string, string[]> = {};
  for (const [id, { Type }] of Object.entries(resources)) (ids[Type] ??= []).push(id);
  return ids;
}
