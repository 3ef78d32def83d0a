import { Aws, CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageIdSource, ImageProfile, ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi, ImageUploadApiProps, UploadMethod } from '../src';
import { createApp, createStack, plain, propertiesOf, rightsOf, statementsOf, synthesize, warningsOf } from './helpers/cdk';
import { IMAGE_API_VARIABLE, ImageApiConfig, parseImageApiConfig } from '../src/contract';

const KEY_ARN = 'arn:aws:kms:eu-central-1:111111111111:key/1';

function configOf(template: Template): ImageApiConfig {
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'ApiFunction');
  return parseImageApiConfig({ [IMAGE_API_VARIABLE]: plain(Environment.Variables[IMAGE_API_VARIABLE]) as string });
}

function apiWith(props: Partial<ImageUploadApiProps> = {}, pipelineProps: ImageResizePipelineProps = {}, stack = createStack()) {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
  const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), ...props });
  return { stack, pipeline, api, synthesized: () => synthesize(stack) };
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

test('tokens pass, and bounds that are known are checked all the same', () => {
  const stack = createStack();
  const text = (id: string) => new CfnParameter(stack, id).valueAsString;
  const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { synthesized } = apiWith({
    uploadPrefix: text('Prefix'),
    maxUploadSize: Size.bytes(number('Size')),
    contentTypes: [text('Type')],
    corsOrigins: [text('Origin')],
    uploadExpiry: Duration.seconds(number('Expiry')),
    linkExpiry: Duration.seconds(number('LinkExpiry')),
    throttle: { rateLimit: number('Rate'), burstLimit: number('Burst') },
    renditionsUrl: text('Url'),
  }, {}, stack);
  const template = synthesized();
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'ApiFunction');
  expect(plain(Environment.Variables[IMAGE_API_VARIABLE])).toContain('"prefix":"Prefix","source":{"prefix":"","include":[],"exclude":[]},"path":"/uploads","method":"POST","maxBytes":Size,"contentTypes":["Type"],"expirySeconds":Expiry}');
});

test('two APIs live beside one pipeline', () => {
  const { stack, pipeline, synthesized } = apiWith();
  new ImageUploadApi(stack, 'Second', { pipeline, authorizer: new HttpIamAuthorizer(), uploadMethod: UploadMethod.PUT });
  synthesized().resourceCountIs('AWS::ApiGatewayV2::Api', 2);
});

const path = new CfnParameter(createStack('Parameters'), 'Path').valueAsString;

test.each<[string, Partial<ImageUploadApiProps>, ImageResizePipelineProps, string]>([
  ['ids from keys', {}, { catalog: { imageId: ImageIdSource.KEY } },
    'pipeline must have catalog.imageId ImageIdSource.METADATA, received ImageIdSource.KEY: the API names each image before it is uploaded'],
  ['a prefix beside the source', { uploadPrefix: 'b/' }, { sourcePrefix: 'a/' },
    'uploadPrefix must be a prefix that begins with that of the pipeline\'s first source, "a/", received "b/"'],
  ['a prefix beside the source, with a token', { uploadPrefix: `v/${Aws.REGION}/` }, { sourcePrefix: 'u/' },
    `uploadPrefix must be a prefix that begins with that of the pipeline's first source, "u/", received "v/${Aws.REGION}/"`],
  ['a wildcard in the prefix', { uploadPrefix: 'u/*' }, { sourcePrefix: 'u/' },
    'uploadPrefix must be a literal beginning of keys without * and ?, received "u/*"'],
  ['a long prefix', { uploadPrefix: 'ü'.repeat(257) }, {}, `uploadPrefix must be at most 512 bytes, received "${'ü'.repeat(257)}"`],
  ['a large upload', { maxUploadSize: Size.mebibytes(2) }, { processing: { maxInputSize: Size.mebibytes(1) } },
    "maxUploadSize must be a whole number from 1 to 1048576 bytes, the pipeline's processing.maxInputSize, received 2097152"],
  ['no bytes', { maxUploadSize: Size.bytes(0) }, {}, "maxUploadSize must be a whole number from 1 to 67108864 bytes, the pipeline's processing.maxInputSize, received 0"],
  ['no content type', { contentTypes: [] }, {}, 'contentTypes must be at least one media type, received []'],
  ['HEIC', { contentTypes: ['image/png', 'image/heic'] }, {},
    'contentTypes[1] must be one that the pipeline accepts (image/jpeg, image/png, image/webp, image/avif, image/gif, image/tiff), received "image/heic"'],
  ['SVG that is not accepted', { contentTypes: ['image/svg+xml'] }, {},
    'contentTypes[0] must be one that the pipeline accepts (image/jpeg, image/png, image/webp, image/avif, image/gif, image/tiff), received "image/svg+xml"'],
  ['an origin with a path', { corsOrigins: ['https://example.com/'] }, {},
    'corsOrigins[0] must be an origin such as https://example.com without a path, or *, received "https://example.com/"'],
  ['a host for an origin', { corsOrigins: ['*', 'example.com'] }, {},
    'corsOrigins[1] must be an origin such as https://example.com without a path, or *, received "example.com"'],
  ['no time to upload', { uploadExpiry: Duration.seconds(0) }, {}, 'uploadExpiry must be a whole number from 1 to 3600 seconds, received 0'],
  ['half a second', { uploadExpiry: Duration.millis(1500) }, {}, 'uploadExpiry must be a whole number from 1 to 3600 seconds, received 1.5'],
  ['links for a day', { linkExpiry: Duration.days(1) }, {}, 'linkExpiry must be a whole number from 1 to 3600 seconds, received 86400'],
  ['no requests', { throttle: { rateLimit: 0 } }, {}, 'throttle.rateLimit must be a number from 1 to 1000000 requests per second, received 0'],
  ['half a request', { throttle: { burstLimit: 1.5 } }, {}, 'throttle.burstLimit must be a whole number from 1 to 1000000 requests, received 1.5'],
  ['a URL with a query', { renditionsUrl: 'https://cdn.example.com/?a=b' }, {},
    'renditionsUrl must be an http or https URL without query and fragment, received "https://cdn.example.com/?a=b"'],
  ['a path with a parameter', { uploadPath: '/{proxy+}' }, {},
    'uploadPath must be segments of letters, digits, dots, dashes, tildes and underscores, each after a slash, received "/{proxy+}"'],
  ['a path that is a token', { uploadPath: path }, {}, `uploadPath must be known at synth, received ${JSON.stringify(path)}: API Gateway routes by it`],
])('fails with %s', (_, props, pipelineProps, message) => {
  expect(() => apiWith(props, pipelineProps)).toThrow(new Error(message));
});

test.each([[['*.jpg']], [['*.jpg', 'photo?.png']]])('fails for a pipeline that includes %j, which no upload can match', (include) => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { include });
  expect(() => new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() })).toThrow(
    'include must be patterns of which one can match uploads, whose keys are <uploadPrefix><image id>/<file name>');
});

test.each([
  ['region', { region: 'us-east-1', account: '111111111111' }, 'in the region of the API, us-east-1, received "eu-west-1"'],
  ['account', { region: 'eu-west-1', account: '222222222222' }, 'in the account of the API, 222222222222, received "111111111111"'],
])('fails for a pipeline of another %s', (_, env, message) => {
  const app = createApp();
  const pipeline = new ImageResizePipeline(createStack('Images', app, { env: { region: 'eu-west-1', account: '111111111111' } }), 'Pipeline');
  expect(() => new ImageUploadApi(createStack('Web', app, { env }), 'Api', { pipeline, authorizer: new HttpIamAuthorizer() }))
    .toThrow(new Error(`pipeline must be ${message}`));
});

describe.each([['Table', Table, 'AWS::DynamoDB::Table'], ['TableV2', TableV2, 'AWS::DynamoDB::GlobalTable']])('a table of the construct %s', (_, Kind, type) => {
  const string = (name: string) => ({ name, type: AttributeType.STRING });
  const create = (stack: Stack) => new Kind(stack, 'Images', { partitionKey: string('imageId'), pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
  const failure = (received: string) => `catalog.table of the pipeline must be a table with the index by-status, by which images are listed, received ${received}: `
    + 'add a global secondary index by-status with the partition key listingPartition and the sort key listingSort, both strings, and all attributes';

  test('lists images by an index, also by one that is added later', () => {
    const stack = createStack();
    const table = create(stack);
    const { synthesized } = apiWith({}, { catalog: { table } }, stack);
    table.addGlobalSecondaryIndex({ indexName: 'by-status', partitionKey: string('listingPartition'), sortKey: string('listingSort') });
    expect(propertiesOf(synthesized(), type).GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'by-status' }]);
  });

  test('fails without the index', () => {
    const stack = createStack();
    const table = create(stack);
    table.addGlobalSecondaryIndex({ indexName: 'by-name', partitionKey: string('fileName') });
    expect(apiWith({}, { catalog: { table } }, stack).synthesized).toThrow(failure('["by-name"]'));
  });

  test('fails with an index of other keys', () => {
    const stack = createStack();
    const table = create(stack);
    table.addGlobalSecondaryIndex({ indexName: 'by-status', partitionKey: string('status'), sortKey: { name: 'listingSort', type: AttributeType.NUMBER } });
    expect(apiWith({}, { catalog: { table } }, stack).synthesized)
      .toThrow(failure('{"partitionKeys":[{"name":"status","type":"S"}],"sortKeys":[{"name":"listingSort","type":"N"}]}'));
  });
});
