import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { packageRoot } from '../../assets/build/layout';
import { ImageResizePipeline } from '../../src';
import { emptyStack, STACKS } from '../stability/stacks';

const page = readFileSync(join(packageRoot, 'docs', 'permissions.md'), 'utf8');

/** CDK's own functions: their rights are CDK's. */
const OF_CDK = /^(BucketNotificationsHandler|CustomS3AutoDelete|CustomCrossRegion)/;

const stacks: typeof STACKS = {
  ...STACKS,
  'rules for events': (stack) => {
    new ImageResizePipeline(stack, 'Images').onCompleted('Completed');
  },
};

test.each(Object.entries(stacks))('whatever the roles of the stack with %s may do is in docs/permissions.md', (_name, fill) => {
  const stack = emptyStack();
  fill(stack);
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(([id]) => !OF_CDK.test(id));
  const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[]);
  const actions = [...new Set(statements.flatMap(({ Action }) => Action))];

  expect(actions.length).toBeGreaterThan(5);
  expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
});
