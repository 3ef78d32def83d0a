import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApiPutUploadStack, ApiPutUploadStackProps } from '../../../examples/api-put-upload/api-put-upload-stack';
import { synthesize as synthesizeApp } from '../../../local-runner/template/synthesize';
import { configOf, createApp, plain, propertiesOf, rightsOf, synthesize, warningsOf } from '../../helpers/cdk';

const BUCKET = 'ImagesSourceBucket';

function create(props?: ApiPutUploadStackProps) {
  const stack = new ApiPutUploadStack(createApp(), 'Stack', props);
  return { stack, template: synthesize(stack) };
}

const { stack, template } = create();
const method = propertiesOf(template, 'AWS::ApiGateway::Method');

test('the app synthesises without warnings, and with the choices that its context makes', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'api-put-upload-test-'));
  try {
    await synthesizeApp(join(__dirname, '..', '..', '..', 'examples', 'api-put-upload'), outdir);
    expect(readFileSync(join(outdir, 'manifest.json'), 'utf8')).not.toContain('aws:cdk:warning');
    expect(JSON.parse(readFileSync(join(outdir, 'ApiPutUpload.template.json'), 'utf8')).Outputs).toMatchObject({
      UploadUrl: {}, UploadArn: {}, InputBucketName: {}, OutputBucketName: {}, TableName: {},
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}, 60_000);

test('warns of nothing', () => {
  expect(warningsOf(stack)).toEqual([]);
});

describe('the API', () => {
  test('has one method, PUT /{bucket}/{filename}, for the source bucket alone', () => {
    template.resourceCountIs('AWS::ApiGateway::Method', 1);
    expect(method.HttpMethod).toBe('PUT');
    const resources = Object.values(template.findResources('AWS::ApiGateway::Resource')).map(({ Properties }) => plain(Properties));
    expect(resources).toEqual([
      { RestApiId: 'UploadApi', ParentId: 'UploadApi.RootResourceId', PathPart: BUCKET },
      { RestApiId: 'UploadApi', ParentId: 'UploadBucketPath', PathPart: '{filename}' },
    ]);
  });

  test('takes requests that are signed with AWS credentials', () => {
    expect(method.AuthorizationType).toBe('AWS_IAM');
  });

  test('is open only where the stack says so', () => {
    const open = new ApiPutUploadStack(createApp(), 'Stack', { open: true });
    expect(() => synthesize(open)).toThrow(/^AwsSolutions-APIG4 [^\n]*$/);
    expect(propertiesOf(Template.fromStack(open), 'AWS::ApiGateway::Method').AuthorizationType).toBe('NONE');
  });

  test('hands image bytes on as they are', () => {
    expect(propertiesOf(template, 'AWS::ApiGateway::RestApi').BinaryMediaTypes)
      .toEqual(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff', 'application/octet-stream']);
    expect(method.Integration).toMatchObject({ PassthroughBehavior: 'WHEN_NO_MATCH' });
    expect(method.Integration).not.toHaveProperty('ContentHandling');
    expect(method.Integration).not.toHaveProperty('RequestTemplates');
  });

  test('writes to S3 with a role of its own, under the file name, with type and image id', () => {
    expect(method.Integration).toMatchObject({
      Type: 'AWS',
      IntegrationHttpMethod: 'PUT',
      Uri: `arn:AWS::Partition:apigateway:AWS::Region:s3:path/${BUCKET}/{key}`,
      Credentials: 'UploadRole.Arn',
      RequestParameters: {
        'integration.request.path.key': 'method.request.path.filename',
        'integration.request.header.Content-Type': 'method.request.header.Content-Type',
        'integration.request.header.x-amz-meta-image-id': 'method.request.header.x-amz-meta-image-id',
      },
    });
  });

  test('asks for a content type before S3 is asked', () => {
    expect(method.RequestParameters).toEqual({
      'method.request.path.filename': true,
      'method.request.header.Content-Type': true,
      'method.request.header.x-amz-meta-image-id': false,
    });
    expect(propertiesOf(template, 'AWS::ApiGateway::RequestValidator')).toMatchObject({ ValidateRequestParameters: true });
    expect(method.RequestValidatorId).toBe('UploadParameters');
  });

  test('tells the entity tag of what was stored', () => {
    expect(method.Integration.IntegrationResponses[0]).toEqual({
      StatusCode: '200', ResponseParameters: { 'method.response.header.ETag': 'integration.response.header.ETag' },
    });
  });

  test.each([
    [400, '400', 'STORAGE_REFUSED'], [403, '403', 'STORAGE_DENIED'], [404, '404', 'BUCKET_NOT_FOUND'], [405, '400', 'STORAGE_REFUSED'],
    [411, '400', 'STORAGE_REFUSED'], [307, '500', 'STORAGE_FAILED'], [500, '500', 'STORAGE_FAILED'], [503, '500', 'STORAGE_FAILED'],
  ])('answers S3\'s %i with %s and code %s, by one pattern only', (status, answer, code) => {
    const found = method.Integration.IntegrationResponses.filter(({ SelectionPattern: pattern }: any) => pattern && new RegExp(`^(?:${pattern})$`).test(String(status)));
    expect(found).toEqual([expect.objectContaining({ StatusCode: answer })]);
    expect(JSON.parse(found[0].ResponseTemplates['application/json'])).toEqual({ code, message: expect.any(String) });
    expect(method.MethodResponses).toContainEqual(expect.objectContaining({ StatusCode: answer }));
  });

  test('leaves S3\'s success to the response without a pattern', () => {
    const patterns: string[] = method.Integration.IntegrationResponses.map(({ SelectionPattern: pattern }: any) => pattern).filter(Boolean);
    expect(patterns.filter((pattern) => new RegExp(`^(?:${pattern})$`).test('200'))).toEqual([]);
  });

  test.each([
    ['DEFAULT_5XX', 'INTERNAL_ERROR'], ['REQUEST_TOO_LARGE', 'TOO_LARGE'], ['MISSING_AUTHENTICATION_TOKEN', 'NOT_FOUND_OR_NOT_SIGNED'],
  ])('answers %s as JSON with code %s', (type, code) => {
    const responses = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse', { Properties: { ResponseType: type } }));
    expect(responses).toHaveLength(1);
    expect(JSON.parse(responses[0].Properties.ResponseTemplates['application/json'])).toEqual({ code, message: expect.any(String) });
    expect(responses[0].Properties).not.toHaveProperty('StatusCode');
  });

  test('answers every other refusal as JSON, in API Gateway\'s own words', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse', { Properties: { ResponseType: 'DEFAULT_4XX' } }));
    const filled = Properties.ResponseTemplates['application/json']
      .replace('$context.error.responseType', 'BAD_REQUEST_PARAMETERS').replace('$context.error.messageString', '"say \\"type\\""');
    expect(JSON.parse(filled)).toEqual({ code: 'BAD_REQUEST_PARAMETERS', message: 'say "type"' });
  });

  test('logs accesses as JSON, in a log group that goes with the stack', () => {
    const { AccessLogSetting, MethodSettings } = propertiesOf(template, 'AWS::ApiGateway::Stage');
    expect(AccessLogSetting.DestinationArn).toBe('UploadAccessLogs.Arn');
    expect(JSON.parse(AccessLogSetting.Format)).toMatchObject({ status: '$context.status', ip: '$context.identity.sourceIp', user: '$context.identity.user' });
    expect(MethodSettings).toMatchObject([{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
  });
});

describe('the role of the integration', () => {
  test('may put objects into the source bucket, and do nothing else', () => {
    expect(rightsOf(template, 'UploadRole')).toEqual([`s3:AbortMultipartUpload ${BUCKET}.Arn/*`, `s3:PutObject ${BUCKET}.Arn/*`]);
    expect(propertiesOf(template, 'AWS::IAM::Role', 'UploadRole')).not.toHaveProperty('ManagedPolicyArns');
  });

  test('is for API Gateway alone', () => {
    expect(propertiesOf(template, 'AWS::IAM::Role', 'UploadRole').AssumeRolePolicyDocument.Statement)
      .toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } }]);
  });
});

describe('the account\'s role for logs', () => {
  test('is set, and stays when the stack goes, because the account\'s settings name it', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    template.hasResource('AWS::IAM::Role', { DeletionPolicy: 'Retain', Properties: { ManagedPolicyArns: Match.anyValue() } });
  });

  test('is left alone where there is one', () => {
    create({ cloudWatchRole: false }).template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

test('outputs the address, and what callers must be allowed to invoke', () => {
  const { UploadUrl, UploadArn } = plain(template.toJSON().Outputs) as any;
  expect(UploadUrl.Value).toBe(`https://UploadApi.execute-api.AWS::Region.AWS::URLSuffix/UploadApiDeploymentStageprod/${BUCKET}/`);
  expect(UploadArn.Value).toBe(`arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:UploadApi/UploadApiDeploymentStageprod/PUT/${BUCKET}/*`);
});

test('the pipeline halves images, names them after their source, and keeps records by resource-id', () => {
  expect(configOf(template)).toMatchObject({
    outputKey: 'resized-{key}',
    profileSets: [[{ name: 'half', scale: 0.5, formats: [{ format: 'original' }], metadata: { 'resized-by': 'api-put-upload', 'scale': '0.5' } }]],
    catalog: { partitionKey: 'resource-id', imageId: 'metadata' },
  });
  expect(propertiesOf(template, 'AWS::DynamoDB::Table').KeySchema).toEqual([{ AttributeName: 'resource-id', KeyType: 'HASH' }]);
});

test('nothing that holds data outlives the stack', () => {
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) template.allResources(type, { DeletionPolicy: 'Delete' });
});
