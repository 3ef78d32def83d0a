import { Key } from 'aws-cdk-lib/aws-kms';
import { Account, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { Exceptions } from './exceptions';
import { PIPELINE } from './live-pipeline';
import { allActions, changing, without } from './mutations';
import { serviceCalls } from './service-calls';
import { allowed, allowsAny, Call, Context, refused, refusesAny, rightNames, unusedRights } from './simulator';
import { ImageResizePipeline, ResizeTrigger } from '../../src';
import { createBucket } from '../helpers/cdk';

/** The roles behind the trigger, with the service that may take each. */
const ROLES = [
  { name: 'the rules', id: `${PIPELINE}StateMachineEventsRole`, service: 'events.amazonaws.com', does: ['states:StartExecution'] },
  { name: 'the state machine', id: `${PIPELINE}StateMachineRole`, service: 'states.amazonaws.com', does: ['lambda:InvokeFunction', 'sqs:SendMessage'] },
] as const;

/** One that is needed after all, or gone, fails as well. */
const EXCEPTIONS = new Exceptions([
  { right: /^lambda:InvokeFunction .*:function:[^:]*:\*$/, reason: 'CDK grants the versions of a function with the function' },
]);
const granted: Statement[] = [];

describe.each([false, true])('behind the state machine, customer key: %s', (encrypted) => {
  const account = Account.of(`FanOut${encrypted}`, (stack) => {
    const [encryptionKey] = encrypted ? ['Key', 'StrangerKey'].map((id) => new Key(stack, id, { enableKeyRotation: true })) : [];
    const pipeline = new ImageResizePipeline(stack, PIPELINE, { sourcePrefix: 'in/', trigger: ResizeTrigger.stepFunctions(), encryptionKey });
    pipeline.addSource(createBucket(stack, 'More'), { prefix: 'more/', outputPrefix: 'other/' });
  });
  const stateMachine = account.resource('AWS::StepFunctions::StateMachine', `${PIPELINE}StateMachine`);

  describe.each(ROLES)('the role of $name', ({ id, service, does }) => {
    const { arn: principal, properties } = account.resource('AWS::IAM::Role', id);
    const calls = serviceCalls(account).filter((call) => call.principal === principal);
    const own = account.identityStatements(principal);
    granted.push(...own);

    test('may make every call', async () => {
      for (const action of does) expect(calls).toContainEqual(expect.objectContaining({ action }));
      expect(await refused(account, calls)).toEqual([]);
    });

    test('has no right that nothing needs', async () => {
      expect(EXCEPTIONS.problems(rightNames(account, principal), await unusedRights(account, principal, calls))).toEqual([]);
    });

    test('may do nothing that is near to it', async () => {
      expect(await allowed(account, neighbours(principal))).toEqual([]);
    });

    test('may be taken by nobody but its service', () => {
      expect(properties.AssumeRolePolicyDocument.Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service } }]);
    });

    test('notices every statement that is dropped', async () => {
      const unnoticed: Statement[] = [];
      for (const dropped of own) {
        if (!await refusesAny(without(account, dropped), calls)) unnoticed.push(dropped);
      }
      expect(unnoticed).toEqual([]);
    });

    test('notices every statement that is widened', async () => {
      const unnoticed: Statement[] = [];
      for (const widened of own) {
        const changes = [{ Action: allActions(widened) }, ...(widened.Resource === '*' ? [] : [{ Resource: '*' }])];
        for (const change of changes) {
          if (!await allowsAny(changing(account, widened, change), neighbours(principal))) unnoticed.push({ ...widened, ...change });
        }
      }
      expect(unnoticed).toEqual([]);
    });
  });

  test('nobody but its rules and its own tasks calls it and the function', () => {
    const machines = serviceCalls(account).filter(({ action }) => /^(states|lambda):/.test(action)).map(({ principal }) => principal);
    expect(new Set(machines)).toEqual(new Set(ROLES.map(({ id }) => account.resource('AWS::IAM::Role', id).arn)));
  });

  /** Calls near to those of the roles, that this one must not be able to make. */
  function neighbours(principal: string): Call[] {
    const by = (action: string, resource: string, context?: Context): Call => ({ principal, action, resource, context });
    const [starts, runs] = ROLES.map(({ id }) => account.resource('AWS::IAM::Role', id).arn === principal);
    const http = { 'aws:SecureTransport': 'false' };
    return [
      ...['states:StopExecution', 'states:DescribeExecution'].map((action) => by(action, stateMachine.arn.replace(':stateMachine:', ':execution:') + ':any')),
      ...['states:StartSyncExecution', 'states:UpdateStateMachine', 'states:DeleteStateMachine', ...(starts ? [] : ['states:StartExecution'])]
        .map((action) => by(action, stateMachine.arn)),
      by('states:StartExecution', `${stateMachine.arn}-other`),
      ...account.resources('AWS::Lambda::Function').flatMap(({ arn, logicalId }) => [
        ...['lambda:UpdateFunctionCode', 'lambda:GetFunction', 'lambda:DeleteFunction'].map((action) => by(action, arn)),
        ...(runs && logicalId.startsWith(`${PIPELINE}Function`) ? [] : [by('lambda:InvokeFunction', arn)]),
        by('lambda:InvokeFunction', `${arn}-other`),
      ]),
      ...account.resources('AWS::SQS::Queue').flatMap(({ arn }) => [
        ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue', ...(runs ? [] : ['sqs:SendMessage'])].map((action) => by(action, arn)),
        by('sqs:SendMessage', arn, http),
        by('sqs:SendMessage', `${arn}-other`),
      ]),
      ...account.resources('AWS::S3::Bucket').flatMap(({ name }) => ['s3:GetObject', 's3:PutObject'].map((action) => by(action, `arn:aws:s3:::${name}/in/cat.jpg`))),
      ...account.resources('AWS::DynamoDB::Table').flatMap(({ arn }) => ['dynamodb:GetItem', 'dynamodb:UpdateItem'].map((action) => by(action, arn))),
      ...account.resources('AWS::KMS::Key').flatMap(({ arn, name }) => [
        'kms:CreateGrant', 'kms:Encrypt', ...(runs && !name.includes('StrangerKey') ? [] : ['kms:Decrypt', 'kms:GenerateDataKey']),
      ].map((action) => by(action, arn))),
      ...['logs:DeleteLogGroup', 'logs:FilterLogEvents'].map((action) => by(action, `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:other`)),
      by('xray:UpdateSamplingRule', `arn:aws:xray:${PLACE.region}:${PLACE.account}:sampling-rule/any`),
      by('events:PutEvents', `arn:aws:events:${PLACE.region}:${PLACE.account}:event-bus/default`),
      ...account.resources('AWS::IAM::Role').map(({ arn }) => by('iam:PassRole', arn)),
    ];
  }
});

test('every exception is one still', () => {
  expect(EXCEPTIONS.outdated(granted)).toEqual([]);
});

test('the documentation names every right, and no other', () => {
  // What these are for is shown where keys are replaced.
  const rekeyed = Account.of('FanOutRekeyed', (stack) => {
    new ImageResizePipeline(stack, PIPELINE, { trigger: ResizeTrigger.stepFunctions(), formerEncryptionKeys: [new Key(stack, 'Key', { enableKeyRotation: true })] });
  });
  granted.push(...ROLES.flatMap(({ id }) => rekeyed.identityStatements(rekeyed.resource('AWS::IAM::Role', id).arn)));
  expect(documentedActions('The state machine')).toEqual(actionsOf(granted));
});
