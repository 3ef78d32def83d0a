import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Account, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { PIPELINE } from './live-pipeline';
import { asBucket, serviceCalls } from './service-calls';
import { allowed, allowsAny, ANONYMOUS, Call, isAllowed, Principal, refused, refusesAny, STRANGER } from './simulator';
import { ImageResizePipeline, ResizeTrigger } from '../../src';
import { createBucket } from '../helpers/cdk';

const TRIGGERS = ['queue', 's3Notifications', 'eventBridge', 'stepFunctions'] as const;
const STRANGERS_ACCOUNT = '222222222222';
const letIn: Statement[] = [];

describe.each(TRIGGERS.flatMap((trigger) => [[trigger, false], [trigger, true]] as const))('the services behind %s, customer key: %s', (trigger, encrypted) => {
  const account = Account.of(`Of${trigger}${encrypted}`, (stack) => {
    const pipeline = new ImageResizePipeline(stack, PIPELINE, {
      sourcePrefix: 'in/',
      trigger: ResizeTrigger[trigger](),
      encryptionKey: encrypted ? new Key(stack, 'Key', { enableKeyRotation: true }) : undefined,
    });
    pipeline.addSource(createBucket(stack, 'More'), { prefix: 'more/', outputPrefix: 'other/' });
    grantRedrive(pipeline, new Role(stack, 'OperatorRole', { assumedBy: new ServicePrincipal('ssm.amazonaws.com') }));
    createBucket(stack, 'Stranger');
  });
  const calls = serviceCalls(account).filter(({ principal }) => !String(principal).startsWith('arn:'));
  const arns = (type: string) => account.resources(type).map(({ arn }) => arn);
  const queues = arns('AWS::SQS::Queue');
  const buckets = account.resources('AWS::S3::Bucket').map(({ name }) => name);
  const rules = arns('AWS::Events::Rule');
  letIn.push(...granting(account));
  const { arn: functionArn, properties: { Role: role } } = account.resource('AWS::Lambda::Function', `${PIPELINE}Function`);

  test('may make every call that delivers an event', async () => {
    expect(calls).not.toEqual([]);
    expect(await refused(account, calls)).toEqual([]);
  });

  test('are allowed nothing that no call needs', async () => {
    const unneeded: Statement[] = [];
    for (const granted of granting(account)) {
      const without = account.with((statement) => (same(statement, granted) ? [] : [statement]));
      if (!await refusesAny(without, calls)) unneeded.push(granted);
    }
    expect(unneeded).toEqual([]);
  });

  test('may do nothing for anybody else', async () => {
    expect(await allowed(account, neighbours())).toEqual([]);
  });

  test('must use HTTPS, whoever calls', async () => {
    const plain = [...calls, ...rolesCalls(), ...bucketCalls('s3:GetObject', role)].map((call) => ({ ...call, context: { ...call.context, 'aws:SecureTransport': 'false' } }));
    expect(await allowed(account, plain.filter(({ action }) => /^(s3|sqs):/.test(action)))).toEqual([]);
  });

  test('may be joined by an operator who redrives what ended in the dead-letter queue', async () => {
    expect(await refused(account, redriveCalls())).toEqual([]);
  });

  describe('these checks notice', () => {
    test('every condition that is dropped', async () => {
      const conditional = granting(account).filter(({ Condition }) => Condition);
      if (calls.some(({ action }) => action === 'sqs:SendMessage' || action === 'lambda:InvokeFunction')) expect(conditional).not.toEqual([]);
      for (const granted of conditional) {
        for (const operator of Object.keys(granted.Condition!)) {
          const Condition = Object.fromEntries(Object.entries(granted.Condition!).filter(([name]) => name !== operator));
          const changed = account.with((statement) => (same(statement, granted) ? [{ ...granted, Condition }] : [statement]));
          expect(await allowsAny(changed, neighbours())).toBe(true);
        }
      }
    });

    test('every principal that is widened', async () => {
      for (const granted of granting(account)) {
        const { Condition: _, ...unconditional } = granted;
        const changed = account.with((statement) => (same(statement, granted) ? [{ ...unconditional, Principal: '*' }] : [statement]));
        expect(await allowsAny(changed, neighbours())).toBe(true);
      }
    });

    test('that plain HTTP is no longer denied', async () => {
      const changed = account.with((statement) => (statement.Effect === 'Deny' ? [] : [statement]));
      const plain = rolesCalls().map((call) => ({ ...call, context: { 'aws:SecureTransport': 'false' } }));
      expect(await allowed(changed, plain)).toHaveLength(plain.length);
    });
  });

  /** What strangers, and services in the name of strangers, might try. */
  function neighbours(): Call[] {
    const foreignRule = `arn:aws:events:${PLACE.region}:${STRANGERS_ACCOUNT}:rule/any`;
    const notSource = buckets.filter((name) => !notified(account).includes(name));
    const sources = [
      ...buckets.map((name) => asBucket(name, STRANGERS_ACCOUNT)),
      ...notSource.map((name) => asBucket(name)),
      ...buckets.map((name) => ({ 'aws:SourceAccount': PLACE.account, 'aws:SourceArn': `arn:aws:s3:::${name}-other` })),
      ...buckets.map((name) => ({ 'aws:SourceArn': `arn:aws:s3:::${name}` })),
      { 'aws:SourceAccount': PLACE.account },
      undefined,
    ];
    const strangers: Principal[] = [STRANGER, ANONYMOUS];
    return [
      ...[...queues.map((queue) => ['sqs:SendMessage', queue]), ['lambda:InvokeFunction', functionArn]].flatMap(([action, resource]) => [
        ...sources.map((context) => ({ principal: 's3.amazonaws.com', action, resource, context })),
        ...[foreignRule, ...rules.map((rule) => `${rule}-other`)].map((rule) => ({
          principal: 'events.amazonaws.com', action, resource, context: { 'aws:SourceArn': rule },
        })),
        { principal: 'events.amazonaws.com', action, resource },
        ...[...buckets.map((name) => asBucket(name)), ...rules.map((rule) => ({ 'aws:SourceArn': rule }))]
          .map((context) => ({ principal: 'sns.amazonaws.com', action, resource, context })),
        ...strangers.map((principal) => ({ principal, action, resource })),
      ]),
      // A service that may send may not read, and a bucket reaches no queue but its own.
      ...queues.flatMap((resource) => ['s3.amazonaws.com', 'events.amazonaws.com', ...strangers].flatMap((principal) => [
        { principal, action: 'sqs:ReceiveMessage', resource },
        { principal, action: 'sqs:DeleteMessage', resource },
      ])),
      ...queues.filter((queue) => queue.includes('DeadLetterQueue')).map((resource) => ({
        principal: 's3.amazonaws.com', action: 'sqs:SendMessage', resource, context: asBucket(notified(account)[0] ?? buckets[0]),
      })),
      ...strangers.flatMap((principal) => ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].flatMap((action) => bucketCalls(action, principal))),
      ...strangers.flatMap((principal) => buckets.map((name) => ({ principal, action: 's3:ListBucket', resource: `arn:aws:s3:::${name}` }))),
      ...arns('AWS::DynamoDB::Table').flatMap((resource) => strangers.map((principal) => ({ principal, action: 'dynamodb:GetItem', resource }))),
      ...arns('AWS::KMS::Key').flatMap((resource) => [
        ...strangers.flatMap((principal) => ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ principal, action, resource }))),
        ...['s3.amazonaws.com', 'events.amazonaws.com'].flatMap((principal) => ['kms:Encrypt', 'kms:CreateGrant'].map((action) => ({ principal, action, resource }))),
        { principal: 'sns.amazonaws.com', action: 'kms:Decrypt', resource },
      ]),
    ];
  }

  function rolesCalls(): Call[] {
    return serviceCalls(account).filter(({ principal, action }) => String(principal).startsWith('arn:') && action.startsWith('sqs:'));
  }

  function bucketCalls(action: string, principal: Principal): Call[] {
    return buckets.map((name) => ({ principal, action, resource: `arn:aws:s3:::${name}/in/cat.jpg` }));
  }

  function redriveCalls(): Call[] {
    const { arn: principal } = account.resource('AWS::IAM::Role', 'OperatorRole');
    const from = account.resource('AWS::SQS::Queue', `${PIPELINE}DeadLetterQueue`).arn;
    const key = account.keyOf(from);
    const again = trigger === 'stepFunctions'
      ? { action: 'states:StartExecution', resource: account.resource('AWS::StepFunctions::StateMachine', `${PIPELINE}StateMachine`).arn }
      : { action: 'sqs:SendMessage', resource: account.resource('AWS::SQS::Queue', `${PIPELINE}Queue`).arn };
    return [
      ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({ principal, action, resource: from })),
      ...(trigger === 'stepFunctions' ? [] : [{ principal, action: 'sqs:StartMessageMoveTask', resource: from }]),
      { principal, ...again },
      ...(key && trigger === 'stepFunctions' ? [{ principal, action: 'kms:Decrypt', resource: key }] : []),
      ...(key && trigger !== 'stepFunctions' ? ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ principal, action, resource: key })) : []),
    ];
  }
});

test('the documentation names every right, and no other', () => {
  expect(documentedActions('The services that deliver events')).toEqual(actionsOf(letIn));
});

test('a service\'s call is allowed by nothing but the policy of what it calls', async () => {
  const account = Account.of('Bare', (stack) => { createBucket(stack, 'Photos'); });
  const resource = `arn:aws:sqs:${PLACE.region}:${PLACE.account}:unknown`;
  expect(await isAllowed(account, { principal: 's3.amazonaws.com', action: 'sqs:SendMessage', resource })).toBe(false);
});

/** What the documentation of SQS has an operator have; where there is no queue to move messages to, each starts an execution anew. */
function grantRedrive(pipeline: ImageResizePipeline, role: Role): void {
  pipeline.deadLetterQueue.grantConsumeMessages(role);
  if (pipeline.stateMachine) {
    pipeline.stateMachine.grantStartExecution(role);
    return;
  }
  const queue = pipeline.node.findChild('Queue') as unknown as { grantSendMessages(grantee: Role): void };
  queue.grantSendMessages(role);
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: ['sqs:StartMessageMoveTask'], resources: [pipeline.deadLetterQueue.queueArn] }));
}

/** The statements by which queues, functions and keys let services in. */
function granting(account: Account): Statement[] {
  return ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::KMS::Key']
    .flatMap((type) => account.resources(type).flatMap(({ arn }) => account.resourceStatements(arn)))
    .filter(({ Effect: effect, Principal: principal }) => effect === 'Allow' && JSON.stringify(principal).includes('"Service"'));
}

/** The buckets whose events S3 sends by itself. */
function notified(account: Account): string[] {
  return account.resources('Custom::S3BucketNotifications').map(({ properties }) => properties.BucketName);
}

function same(a: Statement, b: Statement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
