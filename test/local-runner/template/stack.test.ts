import { Addresses } from '../../../local-runner/http/addresses';
import { resourceType } from '../../../local-runner/resources';
import { Template } from '../../../local-runner/template/assembly';
import { nameStacks } from '../../../local-runner/template/stack';

const PLACE = { account: '000000000000', region: 'eu-west-1' };

function stack(template: Template, name = 'Gallery') {
  return nameStacks([{ name, template, assets: new Map() }], PLACE, resourceType)[0];
}

test('resources without names get generated ones within the limits of their service', () => {
  const logicalId = `Originals${'x'.repeat(80)}1A2B3C4D`;
  const [bucket] = stack({ Resources: { [logicalId]: { Type: 'AWS::S3::Bucket' } } }).resources('AWS::S3::Bucket');

  expect(bucket.name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}1a2b3c4d$/);
  expect(bucket.arn).toBe(`arn:aws:s3:::${bucket.name}`);
});

test('given names are kept, also when they are made of other values', () => {
  const [table] = stack({
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: { 'Fn::Sub': 'images-${Stage}-${AWS::AccountId}' } } } },
  }).resources('AWS::DynamoDB::Table');

  expect(table).toMatchObject({ name: 'images-test-000000000000', arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/images-test-000000000000' });
});

test('properties and outputs refer to other resources', () => {
  const gallery = stack({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } } } },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    },
    Outputs: { Url: { Value: { Ref: 'Dead' } } },
  });

  expect(gallery.resources('AWS::SQS::Queue')[0].properties).toEqual({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead' } });
  expect(gallery.outputs()).toEqual({ Url: 'https://sqs.eu-west-1.amazonaws.com/000000000000/dead' });
});

test('resources and outputs whose condition does not hold are left out', () => {
  const gallery = stack({
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { Bucket: { Type: 'AWS::S3::Bucket', Condition: 'Never' } },
    Outputs: { Name: { Value: 'x', Condition: 'Never' } },
  });

  expect(gallery.resources('AWS::S3::Bucket')).toEqual([]);
  expect(gallery.outputs()).toEqual({});
});

test('machine images and zones have names', () => {
  const { Image, Zone } = stack({
    Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/ami' } },
    Outputs: { Image: { Value: { Ref: 'Image' } }, Zone: { Value: { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] } } },
  }).outputs();

  expect({ Image, Zone }).toEqual({ Image: 'ami-00000000000000000', Zone: 'eu-west-1b' });
});

test('addresses on this machine take the place of others in properties and outputs', () => {
  const addresses = new Addresses();
  const template: Template = {
    Resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api' },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { CorsConfiguration: { CorsRules: [{ AllowedOrigins: [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }] }] } } },
    },
    Outputs: { Url: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/images' } } },
  };
  const [gallery] = nameStacks([{ name: 'Gallery', template, assets: new Map() }], PLACE, resourceType, addresses);
  const [[host]] = gallery.hosts();
  addresses.set(host, 'http://127.0.0.1:1001');

  expect(host).toMatch(/^[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/);
  expect(gallery.resources('AWS::S3::Bucket')[0].properties).toEqual({ CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['http://127.0.0.1:1001'] }] } });
  expect(gallery.outputs()).toEqual({ Url: 'http://127.0.0.1:1001/images' });
});

test('a stack imports what another one exports', () => {
  const storage: Template = {
    Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'originals' } } },
    Outputs: { Shared: { Value: { Ref: 'Bucket' }, Export: { Name: 'Storage:Bucket' } } },
  };
  const pipeline: Template = { Resources: {}, Outputs: { Name: { Value: { 'Fn::ImportValue': 'Storage:Bucket' } } } };
  const stacks = nameStacks([{ name: 'Pipeline', template: pipeline, assets: new Map() }, { name: 'Storage', template: storage, assets: new Map() }], PLACE, resourceType);

  expect(stacks[0].outputs()).toEqual({ Name: 'originals' });
});

test('fails for resources that are neither run nor ignored, and names them all', () => {
  const template: Template = { Resources: { Site: { Type: 'AWS::CloudFront::Function' }, Role: { Type: 'AWS::IAM::Role' }, Pool: { Type: 'AWS::Cognito::UserPool' } } };

  expect(() => stack(template)).toThrow(
    'stack Gallery has resources that the local runner neither runs nor knowingly ignores: Site (AWS::CloudFront::Function), Pool (AWS::Cognito::UserPool)',
  );
});

test.each<[string, Template, string]>([
  ['an unknown attribute', { Resources: { B: { Type: 'AWS::S3::Bucket' } }, Outputs: { O: { Value: { 'Fn::GetAtt': ['B', 'Owner'] } } } }, 'asks for "Owner"'],
  ['an unknown resource', { Outputs: { O: { Value: { Ref: 'Nobody' } } } }, 'no resource or parameter "Nobody"'],
  ['a parameter without default', { Parameters: { P: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'P' } } } }, 'parameter Gallery.P must have a default value'],
  ['an export that is not there', { Outputs: { O: { Value: { 'Fn::ImportValue': 'Other' } } } }, 'no stack of the app exports "Other"'],
  ['a mapping that is not there', { Outputs: { O: { Value: { 'Fn::FindInMap': ['a', 'b', 'c'] } } } }, 'no mapping ["a","b","c"]'],
])('fails for %s', (_, template, message) => {
  expect(() => stack(template).outputs()).toThrow(message);
});
