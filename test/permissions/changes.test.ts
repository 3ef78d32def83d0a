import { Account, Statement } from './account';
import { PIPELINE } from './live-pipeline';
import { serviceCalls } from './service-calls';
import { Call, refused, refusesAny } from './simulator';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger } from '../../src';
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

function lettingServicesIn(of: Account): Statement[] {
  return ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::KMS::Key']
    .flatMap((type) => of.resources(type).flatMap(({ arn }) => of.resourceStatements(arn)))
    .filter(({ Effect: effect, Principal: principal }) => effect === 'Allow' && JSON.stringify(principal).includes('"Service"'));
}

/** Whether two statements allow the same, whatever they are called. */
function same({ Sid: _a, ...a }: Statement, { Sid: _b, ...b }: Statement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
