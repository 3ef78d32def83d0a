import { Aws, CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ImageIdSource, ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi, ImageUploadApiProps } from '../../src';
import { IMAGE_API_VARIABLE } from '../../src/contract';
import { createApp, createStack, plain, propertiesOf } from '../helpers/cdk';
import { apiWith } from '../helpers/image-upload-api';

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
  expect(() => apiWith(props, pipelineProps)).toThrow(new Error(`[Stack/Api] ${message}`));
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
    .toThrow(new Error(`[Web/Api] pipeline must be ${message}`));
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
