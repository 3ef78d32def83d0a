import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageProfile, ImageUploadApi, UploadMethod } from '../../src';
import { IMAGE_API_VARIABLE, ImageApiConfig, parseImageApiConfig } from '../../src/contract';
import { createStack, plain, propertiesOf, rightsOf, statementsOf, warningsOf } from '../helpers/cdk';
import { apiWith } from '../helpers/image-upload-api';

const KEY_ARN = 'arn:aws:kms:eu-central-1:111111111111:key/1';

function configOf(template: Template): ImageApiConfig {
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'ApiFunction');
  return parseImageApiConfig({ [IMAGE_API_VARIABLE]: plain(Environment.Variables[IMAGE_API_VARIABLE]) as string });
}

const routesOf = (template: Template) => Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
  .map(({ Properties: { RouteKey, AuthorizationType } }) => `${RouteKey} ${AuthorizationType}`).sort();

describe('an API without options', () => {
  const { stack, api, synthesized } = apiWith();
  const template = synthesized();

  test('has the routes of the contract, each for those whom the authorizer lets in', () => {
    expect(routesOf(template)).toEqual(['GET /images AWS_IAM', 'GET /images/{imageId} AWS_IAM', 'POST /uploads AWS_IAM']);
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api')).not.toHaveProperty('CorsConfiguration');
  });

  test('runs the packaged function with a pinned runtime', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'ApiFunction')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1024,
      Timeout: 20,
      LoggingConfig: { LogGroup: 'ApiLogGroup' },
      Role: 'ApiRole.Arn',
    });
  });

  test('tells the function the whole configuration', () => {
    expect(configOf(template)).toEqual({
      version: 1,
      serviceName: expect.stringMatching(/^Stack-Api-[0-9A-F]{8}$/),
      upload: {
        bucket: 'PipelineSourceBucket',
        prefix: '',
        source: { prefix: '', include: [], exclude: [] },
        path: '/uploads',
        method: 'POST',
        maxBytes: 64 * 1024 * 1024,
        contentTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff'],
        expirySeconds: 300,
      },
      links: { expirySeconds: 900 },
      catalog: { table: 'PipelineTable', partitionKey: 'imageId', shards: 4 },
      deletes: false,
    });
  });

  test('allows its role what the routes do, and nothing else', () => {
    expect(statementsOf(template, 'ApiRole')).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['ApiLogGroup.Arn'] },
      { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: ['PipelineTable.Arn'] },
      { Effect: 'Allow', Action: ['dynamodb:Query'], Resource: ['PipelineTable.Arn/index/by-status'] },
      { Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['PipelineSourceBucket.Arn/*'] },
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['PipelineOutputBucket.Arn/*'] },
    ]);
    expect(propertiesOf(template, 'AWS::IAM::Role', 'ApiRole')).not.toHaveProperty('ManagedPolicyArns');
  });

  test('is throttled, and logs only what clients do not choose', () => {
    const stage = propertiesOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { DestinationArn: 'ApiAccessLogGroup.Arn' },
    });
    expect(JSON.parse(stage.AccessLogSettings.Format)).toEqual({
      requestId: '$context.requestId',
      requestTimeEpoch: '$context.requestTimeEpoch',
      sourceIp: '$context.identity.sourceIp',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLength: '$context.responseLength',
      responseLatency: '$context.responseLatency',
      integrationStatus: '$context.integrationStatus',
      errorResponseType: '$context.error.responseType',
    });
  });

  test('keeps its logs for a month, and when the stack is deleted', () => {
    for (const id of ['ApiLogGroup', 'ApiAccessLogGroup']) expect(propertiesOf(template, 'AWS::Logs::LogGroup', id)).toEqual({ RetentionInDays: 30 });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  });

  test('hands out what it created', () => {
    expect([api.httpApi, api.apiFunction, api.role, api.logGroup, api.accessLogGroup].map(({ node }) => node.path))
      .toEqual(['Stack/Api/HttpApi', 'Stack/Api/Function', 'Stack/Api/Role', 'Stack/Api/LogGroup', 'Stack/Api/AccessLogGroup']);
    expect(plain(stack.resolve(api.url))).toBe('ApiHttpApi.ApiEndpoint');
  });

  test('warns of nothing, and leaves the bucket\'s CORS rules alone', () => {
    expect(warningsOf(stack)).toEqual([]);
    template.allResourcesProperties('AWS::S3::Bucket', { CorsConfiguration: Match.absent() });
  });

  test('keeps its logical ids', () => {
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Api')).sort()).toEqual([
      'ApiAccessLogGroupE5C79101',
      'ApiFunction6BF808ED',
      'ApiHttpApi4C294DC0',
      'ApiHttpApiGETimagesE12489AA',
      'ApiHttpApiGETimagesIntegrationPermission0983B158',
      'ApiHttpApiGETimagesimageId30741F78',
      'ApiHttpApiGETimagesimageIdIntegrationPermissionE383397C',
      'ApiHttpApiPOSTuploads96E8AAA2',
      'ApiHttpApiPOSTuploadsIntegration79B55F69',
      'ApiHttpApiPOSTuploadsIntegrationPermission3F29A9FF',
      'ApiLogGroup1717FE17',
      'ApiRoleDE7A08EC',
      'ApiRoleDefaultPolicyEAA3579A',
      'ApiStage4697DF29',
    ]);
  });
});

describe('deletion', () => {
  const { synthesized } = apiWith({ uploadPrefix: 'photos/web/' }, { sourcePrefix: 'photos/', processing: { deleteRenditions: true } });
  const template = synthesized();

  test('has a route where the pipeline deletes renditions', () => {
    expect(routesOf(template)).toContain('DELETE /images/{imageId} AWS_IAM');
    expect(configOf(template)).toMatchObject({ deletes: true, upload: { prefix: 'photos/web/', source: { prefix: 'photos/' } } });
  });

  test('may delete uploads and their records, and no rendition', () => {
    expect(rightsOf(template, 'ApiRole').filter((right) => /Delete|PutObject/.test(right))).toEqual([
      'dynamodb:DeleteItem PipelineTable.Arn', 's3:DeleteObject PipelineSourceBucket.Arn/photos/web/*', 's3:PutObject PipelineSourceBucket.Arn/photos/web/*',
    ]);
  });
});

test('every option takes effect', () => {
  const { synthesized } = apiWith({
    uploadMethod: UploadMethod.PUT,
    uploadPath: '/v1/upload-image',
    uploadPrefix: 'web',
    maxUploadSize: Size.mebibytes(5),
    contentTypes: ['image/png', 'image/svg+xml'],
    uploadExpiry: Duration.hours(1),
    linkExpiry: Duration.seconds(1),
    throttle: { rateLimit: 5.5, burstLimit: 7 },
    renditionsUrl: 'https://cdn.example.com/images//',
  }, {
    include: ['**/*.png'],
    processing: { acceptSvg: true },
    requestedSize: ImageProfile.of('custom', { width: 640, height: 480 }),
    catalog: { partitionKey: 'id', listingShards: 2 },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const template = synthesized();
  expect(configOf(template)).toMatchObject({
    upload: {
      prefix: 'web',
      source: { include: ['**/*.png'] },
      path: '/v1/upload-image',
      method: 'PUT',
      maxBytes: 5 * 1024 * 1024,
      contentTypes: ['image/png', 'image/svg+xml'],
      expirySeconds: 3600,
      requestedSize: { width: 640, height: 480 },
    },
    links: { expirySeconds: 1, baseUrl: 'https://cdn.example.com/images' },
    catalog: { partitionKey: 'id', shards: 2 },
  });
  expect(routesOf(template)).toContain('POST /v1/upload-image AWS_IAM');
  expect(propertiesOf(template, 'AWS::ApiGatewayV2::Stage').DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 5.5, ThrottlingBurstLimit: 7 });
  // Links need no signature, so the function has no right to read.
  expect(rightsOf(template, 'ApiRole').filter((right) => right.startsWith('s3:'))).toEqual(['s3:PutObject PipelineSourceBucket.Arn/web*']);
  template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
});

test('originals of uploads are read only where there are links to them', () => {
  const readsIn = (prefix: string, originalLinks?: boolean) => rightsOf(apiWith({ originalLinks, uploadPrefix: 'in/web/' }, { sourcePrefix: 'in/' }).synthesized(), 'ApiRole')
    .filter((right) => right.startsWith('s3:GetObject') && right.includes(prefix));

  expect(readsIn('PipelineSourceBucket', true)).toEqual(['s3:GetObject PipelineSourceBucket.Arn/in/web/*']);
  expect(readsIn('PipelineSourceBucket', false)).toEqual([]);
  expect(readsIn('PipelineSourceBucket')).toEqual([]);
  expect(configOf(apiWith({ originalLinks: true }).synthesized()).links).toEqual({ expirySeconds: 900, originals: true });
});

test('HEIC may be uploaded where the pipeline accepts it', () => {
  const { synthesized } = apiWith({}, { processing: { acceptHeic: true } });
  expect(configOf(synthesized()).upload.contentTypes).toEqual(expect.arrayContaining(['image/jpeg', 'image/heic', 'image/heif']));
});

test('links reach renditions of sources that are added later', () => {
  const { pipeline, synthesized } = apiWith({}, { sourcePrefix: 'a/', outputPrefix: 'a-out/' });
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', outputPrefix: 'b-out/' });
  expect(rightsOf(synthesized(), 'ApiRole').filter((right) => right.startsWith('s3:GetObject')))
    .toEqual(['s3:GetObject PipelineOutputBucket.Arn/a-out/*', 's3:GetObject PipelineOutputBucket.Arn/b-out/*']);
});

describe('authorizers', () => {
  test('of tokens guard every route', () => {
    const { synthesized } = apiWith({ authorizer: new HttpJwtAuthorizer('Users', 'https://issuer.example.com', { jwtAudience: ['web'] }) });
    expect(routesOf(synthesized())).toEqual(['GET /images JWT', 'GET /images/{imageId} JWT', 'POST /uploads JWT']);
  });

  test('are left out only where that is asked for', () => {
    const stack = createStack('OpenStack');
    const { synthesized } = apiWith({ authorizer: new HttpNoneAuthorizer() }, {}, stack);
    expect(routesOf(synthesized())).toEqual(['GET /images NONE', 'GET /images/{imageId} NONE', 'POST /uploads NONE']);
  });
});

describe('web pages of other origins', () => {
  const corsOrigins = ['https://example.com', 'http://localhost:8080'];

  test.each([
    [UploadMethod.POST, { AllowedMethods: ['POST'], AllowedHeaders: [] }],
    [UploadMethod.PUT, { AllowedMethods: ['PUT'], AllowedHeaders: ['content-type', 'if-none-match', 'x-amz-meta-*'] }],
  ])('may use the API and upload by %s', (uploadMethod, rule) => {
    const template = apiWith({ corsOrigins, uploadMethod }).synthesized();
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api').CorsConfiguration).toEqual({
      AllowOrigins: corsOrigins,
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization', 'content-type', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
      MaxAge: 3600,
    });
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'PipelineSourceBucket').CorsConfiguration.CorsRules).toEqual([
      { AllowedOrigins: corsOrigins, MaxAge: 3600, ...rule },
    ]);
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'PipelineOutputBucket')).not.toHaveProperty('CorsConfiguration');
  });

  test('may delete where that is possible', () => {
    const template = apiWith({ corsOrigins: ['*'] }, { processing: { deleteRenditions: true } }).synthesized();
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api').CorsConfiguration).toMatchObject({ AllowOrigins: ['*'], AllowMethods: ['GET', 'POST', 'DELETE'] });
  });

  test('need a rule on an imported bucket, which a warning shows', () => {
    const stack = createStack();
    apiWith({ corsOrigins, uploadMethod: UploadMethod.PUT }, { sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos') }, stack).synthesized();
    expect(warningsOf(stack)).toContainEqual({
      path: '/Stack/Api',
      id: 'cdk-image-resize-pipeline:importedBucketCors',
      message: 'the CORS rules of bucket Stack/Photos cannot be changed from here: add '
        + '{"AllowedOrigins":["https://example.com","http://localhost:8080"],"AllowedMethods":["PUT"],'
        + '"AllowedHeaders":["content-type","if-none-match","x-amz-meta-*"],"MaxAgeSeconds":3600}',
    });
  });
});

describe('supplied resources', () => {
  test('that are imported are known by their names, and their keys may be used as far as it takes', () => {
    const stack = createStack();
    const bucket = (name: string) => Bucket.fromBucketAttributes(stack, name, { bucketName: name, encryptionKey: Key.fromKeyArn(stack, `${name}Key`, `${KEY_ARN}${name}`) });
    const table = Table.fromTableAttributes(stack, 'Images', { tableArn: 'arn:aws:dynamodb:eu-central-1:111111111111:table/images', globalIndexes: ['by-status'] });
    const { synthesized } = apiWith({}, { sourceBucket: bucket('photos'), outputBucket: bucket('renditions'), catalog: { table } }, stack);
    const template = synthesized();
    expect(configOf(template)).toMatchObject({ upload: { bucket: 'photos' }, catalog: { table: 'images' } });
    expect(rightsOf(template, 'ApiRole')).toEqual([
      'dynamodb:GetItem arn:aws:dynamodb:eu-central-1:111111111111:table/images',
      'dynamodb:PutItem arn:aws:dynamodb:eu-central-1:111111111111:table/images',
      'dynamodb:Query arn:aws:dynamodb:eu-central-1:111111111111:table/images/index/by-status',
      `kms:Decrypt ${KEY_ARN}renditions`,
      `kms:GenerateDataKey ${KEY_ARN}photos`,
      'logs:CreateLogStream ApiLogGroup.Arn',
      'logs:PutLogEvents ApiLogGroup.Arn',
      's3:GetObject arn:AWS::Partition:s3:::renditions/*',
      's3:PutObject arn:AWS::Partition:s3:::photos/*',
    ]);
  });

  test('a customer key of the pipeline encrypts the environment, and may be used for all it stands for', () => {
    const stack = createStack();
    const { synthesized } = apiWith({}, { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }, stack);
    const template = synthesized();
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'ApiFunction').KmsKeyArn).toBe('Key.Arn');
    expect(rightsOf(template, 'ApiRole').filter((right) => right.startsWith('kms:'))).toEqual(expect.arrayContaining(['kms:Decrypt Key.Arn', 'kms:GenerateDataKey Key.Arn']));
  });
});

test('two APIs live beside one pipeline', () => {
  const { stack, pipeline, synthesized } = apiWith();
  new ImageUploadApi(stack, 'Second', { pipeline, authorizer: new HttpIamAuthorizer(), uploadMethod: UploadMethod.PUT });
  synthesized().resourceCountIs('AWS::ApiGatewayV2::Api', 2);
});
