import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Account, PLACE, Statement } from './account';
import { PIPELINE } from './live-pipeline';
import { asDistribution, deliveryCalls, serviceCalls } from './service-calls';
import { Call, refused, refusesAny } from './simulator';
import { ImageDistribution, ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi, ResizeTrigger } from '../../src';
import { createBucket } from '../helpers/cdk';

const KINDS = ['queue', 's3Notifications', 'eventBridge', 'stepFunctions'] as const;
const PAIRS = KINDS.flatMap((from) => KINDS.filter((to) => to !== from).map((to) => [from, to] as const));

/** A stack of one name, before or after a deployment: the names of what both have are the same. */
function account(props: ImageResizePipelineProps): Account {
  return Account.of('Changed', (stack) => {
    const pipeline = new ImageResizePipeline(stack, PIPELINE, { sourcePrefix: 'in/', outputPrefix: 'out/', ...props });
    pipeline.addSource(createBucket(stack, 'More'), { prefix: 'more/', outputPrefix: 'other/' });
  });
}

describe.each(PAIRS)('while %s is replaced by %s', (from, to) => {
  const before = account({ trigger: ResizeTrigger[from]() });
  const during = account({ trigger: ResizeTrigger[to](), formerTriggers: [ResizeTrigger[from]()] });
  const after = account({ trigger: ResizeTrigger[to]() });

  test('both ways of events are allowed, whichever of them AWS has switched already', async () => {
    for (const connected of [before, during, after]) expect(await refused(during, serviceCalls(connected))).toEqual([]);
  });

  test('something would be refused if the former trigger were not named', async () => {
    const stays = ({ principal }: Call) => after.resources('AWS::IAM::Role').some(({ arn }) => arn === principal) || !String(principal).startsWith('arn:');
    const calls = serviceCalls(before);
    expect(!calls.every(stays) || await refusesAny(after, calls)).toBe(true);
  });

  test('services are allowed nothing that no way needs', async () => {
    const calls = [before, during].flatMap(serviceCalls);
    const unneeded: Statement[] = [];
    for (const granted of lettingServicesIn(during)) {
      if (!await refusesAny(during.with((statement) => (same(statement, granted) ? [] : [statement])), calls)) unneeded.push(granted);
    }
    expect(unneeded).toEqual([]);
  });
});

const USERS = ['upload', 'readOriginals', 'readRenditions', 'readCatalog'] as const;

/** A pipeline with all that works with it, under a key of which there are two. */
function underKey(trigger: typeof KINDS[number], present: 'Old' | 'New' | undefined, former?: 'Old'): Account {
  return Account.of('Rekeyed', (stack) => {
    const keys = { Old: new Key(stack, 'Old', { enableKeyRotation: true }), New: new Key(stack, 'New', { enableKeyRotation: true }) };
    const pipeline = new ImageResizePipeline(stack, PIPELINE, {
      sourcePrefix: 'in/',
      outputPrefix: 'out/',
      trigger: ResizeTrigger[trigger](),
      encryptionKey: present && keys[present],
      formerEncryptionKeys: former && [keys[former]],
    });
    for (const user of USERS) pipeline.grants[user](new Role(stack, `${user}Role`, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
    new ImageDistribution(stack, 'Delivery', { pipeline });
  });
}

describe.each(KINDS.flatMap((trigger) => (['New', undefined] as const).map((present) => [trigger, present] as const)))(
  'what lies under a key that is no longer encryptionKey, behind %s, with the present key %s', (trigger, present) => {
    const before = underKey(trigger, 'Old');
    const after = underKey(trigger, present, 'Old');
    const forgotten = underKey(trigger, present);
    const old = after.resource('AWS::KMS::Key', 'Old').arn;
    const roleOf = (id: string) => after.resource('AWS::IAM::Role', id).arn;
    const reading = (role: string, service: string): Call => ({
      principal: roleOf(role), action: 'kms:Decrypt', resource: old, context: { 'kms:ViaService': `${service}.${PLACE.region}.amazonaws.com` },
    });
    const reads = [
      ...['PipelineRole', 'ApiRole', 'readOriginalsRole', 'readRenditionsRole'].map((role) => reading(role, 's3')),
      ...['PipelineRole', 'ApiRole', 'readCatalogRole'].map((role) => reading(role, 'dynamodb')),
      ...deliveryCalls(before, `${before.resource('AWS::S3::Bucket', 'PipelineOutputBucket').arn}/out/cat.jpg`,
        asDistribution(before.resource('AWS::CloudFront::Distribution', 'DeliveryDistribution').name)),
    ];
    // What is queued, and what is sent while the queues still have that key.
    const calls = [...reads, ...serviceCalls(before)];

    test('is read, and sent on, as before', async () => {
      expect(calls.filter(({ resource }) => resource === old).length).toBeGreaterThan(5);
      expect(await refused(after, calls)).toEqual([]);
    });

    test('is lost without formerEncryptionKeys', async () => {
      expect(await refused(forgotten, reads)).toHaveLength(reads.filter(({ resource }) => resource === old).length);
    });

    test('can be used for nothing else', async () => {
      const roles = after.resources('AWS::IAM::Role').filter(({ properties }) => !properties.ManagedPolicyArns).map(({ arn }) => arn);
      const onOld = (role: string) => after.identityStatements(role).filter(({ Resource }) => Resource === old);
      const rights = roles.flatMap((role) => onOld(role).map((statement) => [role, statement] as const));
      const used = new Set(calls.filter(({ resource }) => resource === old).map(({ principal, action }) => `${principal} ${action}`));
      const unused = rights.flatMap(([role, { Action }]) => [Action].flat().map((action) => `${role} ${action}`)).filter((right) => !used.has(right));
      expect(unused).toEqual([]);
      expect(rights.map(([role]) => role)).not.toContain(roleOf('uploadRole'));
    });
  });

function lettingServicesIn(of: Account): Statement[] {
  return ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::KMS::Key']
    .flatMap((type) => of.resources(type).flatMap(({ arn }) => of.resourceStatements(arn)))
    .filter(({ Effect: effect, Principal: principal }) => effect === 'Allow' && JSON.stringify(principal).includes('"Service"'));
}

/** Whether two statements allow the same, whatever they are called. */
function same({ Sid: _a, ...a }: Statement, { Sid: _b, ...b }: Statement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
