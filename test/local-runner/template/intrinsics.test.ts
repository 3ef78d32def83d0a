import { holds, resolve, Scope } from '../../../local-runner/template/intrinsics';

const scope: Scope = {
  ref: (name) => ({ 'Bucket': 'my-bucket', 'AWS::Region': 'us-east-1', 'List': ['a', 'b'], 'AWS::NoValue': undefined })[name],
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => ({
    IsEast: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    IsWest: { 'Fn::Not': [{ Condition: 'IsEast' }] },
    Both: { 'Fn::And': [{ Condition: 'IsEast' }, { Condition: 'IsWest' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsEast' }, { Condition: 'IsWest' }] },
    Odd: { 'Fn::Contains': [['a'], 'a'] },
  })[name],
  mapping: (...path) => path.join('>'),
  importValue: (name) => `imported ${name}`,
};

test.each<[string, unknown, unknown]>([
  ['Ref', { Ref: 'Bucket' }, 'my-bucket'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
  ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Nested.Outputs.Name' }, 'Nested/Outputs.Name'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Bucket' }, 3]] }, 'a-my-bucket-3'],
  ['Fn::Join of a list', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
  ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}:${Bucket}:${Queue.Arn}:${!Literal}' }, 'us-east-1:my-bucket:Queue/Arn:${Literal}'],
  ['Fn::Sub with values', { 'Fn::Sub': ['${Bucket}/${Own}', { Own: { Ref: 'AWS::Region' } }] }, 'my-bucket/us-east-1'],
  ['Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['Fn::If', { 'Fn::If': ['IsEast', { Ref: 'Bucket' }, 'other'] }, 'my-bucket'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'key'] }, 'Map>us-east-1>key'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Bucket}-arn' } }, 'imported my-bucket-arn'],
  ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
  ['values within objects and lists', { a: [{ b: { Ref: 'Bucket' } }, 1, null] }, { a: [{ b: 'my-bucket' }, 1, null] }],
])('%s is resolved', (_, value, expected) => {
  expect(resolve(value, scope, 'Stack')).toEqual(expected);
});

test('AWS::NoValue removes properties and list entries', () => {
  expect(resolve({ gone: { Ref: 'AWS::NoValue' }, list: [{ Ref: 'AWS::NoValue' }, 'kept'] }, scope, 'Stack')).toEqual({ list: ['kept'] });
});

test('only the chosen branch of Fn::If is resolved', () => {
  expect(resolve({ 'Fn::If': ['IsEast', 'yes', { 'Fn::Unheard': 'of' }] }, scope, 'Stack')).toBe('yes');
});

test.each([['IsEast', true], ['IsWest', false], ['Both', false], ['Either', true]])('condition %s is %s', (name, expected) => {
  expect(holds(name, scope)).toBe(expected);
});

test('fails for an unknown function and says where it stands', () => {
  expect(() => resolve({ Outer: [{ Inner: { 'Fn::Cidr': [] } }] }, scope, 'Stack.Network')).toThrow(
    'Stack.Network.Outer[0].Inner uses Fn::Cidr, which the local runner does not know',
  );
});

test('fails for an index that selects nothing', () => {
  expect(() => resolve({ 'Fn::Select': [2, ['a', 'b']] }, scope, 'Stack')).toThrow('must select one of 2 values, received index 2');
});

test('fails for an unknown condition function', () => {
  expect(() => holds('Odd', scope)).toThrow('Conditions.Odd uses Fn::Contains');
});
