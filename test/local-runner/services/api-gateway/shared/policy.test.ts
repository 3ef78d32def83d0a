import { allows } from '../../../../../local-runner/services/api-gateway/shared/policy';

const ARN = 'arn:aws:execute-api:eu-west-1:000000000000:abc/$default/GET/images';
const statement = (Effect: string, Resource: string | string[], Action = 'execute-api:Invoke') => ({ Effect, Action, Resource });

test.each<[string, boolean, ReturnType<typeof statement>[]]>([
  ['the method itself', true, [statement('Allow', ARN)]],
  ['one of several patterns', true, [statement('Allow', ['other', 'arn:aws:execute-api:*:*:abc/*/G?T/*'])]],
  ['every action', true, [statement('Allow', '*', '*')]],
  ['another method', false, [statement('Allow', ARN.replace('GET', 'PUT'))]],
  ['another action', false, [statement('Allow', '*', 'execute-api:ManageConnections')]],
  ['a denial beside it', false, [statement('Allow', '*'), statement('Deny', ARN)]],
  ['nothing', false, []],
])('a policy that allows %s: %s', (_, expected, Statement) => {
  expect(allows({ Statement }, ARN)).toBe(expected);
});

test('a statement with conditions allows nothing', () => {
  expect(allows({ Statement: [{ ...statement('Allow', '*'), Condition: {} }] }, ARN)).toBe(false);
});
