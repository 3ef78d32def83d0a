import { Aws, CfnParameter, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ImageAdjustment, ImageIdSource, ImageProfile, ImageResizePipeline, ImageResizePipelineProps, ImageWatermark, MetadataPolicy, ResizeTrigger,
} from '../../src';
import { METADATA_POLICIES } from '../../src/contract';
import { configOf, createStack, propertiesOf, synthesize, warningsOf } from '../helpers/cdk';

function configWith(props: ImageResizePipelineProps) {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', props);
  return configOf(synthesize(stack));
}

test('every option of processing reaches the handler', () => {
  expect(configWith({
    processing: {
      maxInputSize: Size.mebibytes(10),
      maxInputPixels: 1_000_000,
      metadata: MetadataPolicy.KEEP_COPYRIGHT,
      keepAnimation: false,
      acceptSvg: true,
      acceptHeic: true,
      copyUserMetadata: true,
      deleteSource: true,
      deleteRenditions: false,
    },
  }).processing).toEqual({
    maxInputBytes: 10 * 1024 * 1024,
    maxInputPixels: 1_000_000,
    metadata: 'copyright',
    animation: false,
    acceptSvg: true,
    acceptHeic: true,
    copyUserMetadata: true,
    deleteSource: true,
    deleteRenditions: false,
  });
});

test('every option of the catalog reaches the handler', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', {
    catalog: { partitionKey: 'resource-id', imageId: ImageIdSource.KEY, expireAfter: Duration.days(30), listingShards: 64 },
  });
  const template = synthesize(stack);
  expect(configOf(template).catalog).toEqual({ table: 'PipelineTable', partitionKey: 'resource-id', imageId: 'key', shards: 64, expireAfter: 30 * 24 * 3600 });
  expect(propertiesOf(template, 'AWS::DynamoDB::Table').KeySchema).toEqual([{ AttributeName: 'resource-id', KeyType: 'HASH' }]);
});

test('metadata policies are those of the handler', () => {
  expect(Object.values(MetadataPolicy).sort()).toEqual([...METADATA_POLICIES].sort());
});

test('patterns, output key and profiles of the pipeline hold for its first source', () => {
  expect(configWith({
    sourcePrefix: 'uploads/',
    include: ['**/*.jpg'],
    exclude: ['tmp/**'],
    outputPrefix: 'resized/',
    outputKey: '{dir}{name}.{sourceExt}/{profile}.{ext}',
    profiles: [ImageProfile.THUMBNAIL],
  })).toMatchObject({
    outputKey: '{dir}{name}.{sourceExt}/{profile}.{ext}',
    profileSets: [[{ name: 'thumbnail' }]],
    sources: [{ prefix: 'uploads/', include: ['**/*.jpg'], exclude: ['tmp/**'], outputPrefix: 'resized/' }],
  });
});

test.each<[string, ImageResizePipelineProps]>([
  ['one listing shard', { catalog: { listingShards: 1 } }],
  ['records that expire after a day', { catalog: { expireAfter: Duration.days(1) } }],
  ['the largest input that fits into memory', { processing: { maxInputSize: Size.gibibytes(2) } }],
  ['an input of one byte', { processing: { maxInputSize: Size.bytes(1) } }],
  ['one pixel', { processing: { maxInputPixels: 1 } }],
  ['a gigapixel', { processing: { maxInputPixels: 1_000_000_000 } }],
  ['a partition key with dots and dashes', { catalog: { partitionKey: 'resource-id.v_1' } }],
  ['renditions that go with their source', { processing: { deleteRenditions: true, deleteSource: false } }],
])('takes %s', (_, props) => {
  expect(() => configWith(props)).not.toThrow();
});

test.each<[string, ImageResizePipelineProps, string]>([
  ['no listing shard', { catalog: { listingShards: 0 } }, 'catalog.listingShards must be a whole number from 1 to 64, received 0'],
  ['65 listing shards', { catalog: { listingShards: 65 } }, 'catalog.listingShards must be a whole number from 1 to 64, received 65'],
  ['records that expire within the day', { catalog: { expireAfter: Duration.hours(23) } },
    'catalog.expireAfter must be at least one day, which is longer than the pauses between the tries of an image, received "Duration.hours(23)"'],
  ['a partition key with spaces', { catalog: { partitionKey: 'image id' } },
    'catalog.partitionKey must be 1 to 255 letters, digits, dots, dashes and underscores, received "image id"'],
  ['an empty partition key', { catalog: { partitionKey: '' } },
    'catalog.partitionKey must be 1 to 255 letters, digits, dots, dashes and underscores, received ""'],
  ['inputs of no bytes', { processing: { maxInputSize: Size.bytes(0) } },
    'processing.maxInputSize must be a whole number from 1 to 2147483648 bytes, received 0'],
  ['inputs that do not fit into memory', { processing: { maxInputSize: Size.gibibytes(3) } },
    'processing.maxInputSize must be a whole number from 1 to 2147483648 bytes, received 3221225472'],
  ['no pixel', { processing: { maxInputPixels: 0 } }, 'processing.maxInputPixels must be a whole number from 1 to 1000000000, received 0'],
  ['more than a gigapixel', { processing: { maxInputPixels: 1_000_000_001 } },
    'processing.maxInputPixels must be a whole number from 1 to 1000000000, received 1000000001'],
  ['half a pixel', { processing: { maxInputPixels: 0.5 } }, 'processing.maxInputPixels must be a whole number from 1 to 1000000000, received 0.5'],
  ['sources whose deletion deletes what was just made', { processing: { deleteSource: true, deleteRenditions: true } },
    'processing.deleteSource must be false with deleteRenditions, received true: the deletion of the source would delete the renditions that were just made'],
  ['an empty pattern', { include: ['*.jpg', ''] }, 'include[1] must be a pattern of keys after the prefix, which do not begin with a slash, received ""'],
  ['a pattern from the root', { exclude: ['/drafts/**'] },
    'exclude[0] must be a pattern of keys after the prefix, which do not begin with a slash, received "/drafts/**"'],
  ['a wildcard in the prefix of images', { sourcePrefix: 'uploads/*' },
    'sourcePrefix must be a literal beginning of keys without * and ?, received "uploads/*"'],
  ['a wildcard in the prefix of renditions', { outputPrefix: 'v?/' }, 'outputPrefix must be a literal beginning of keys without * and ?, received "v?/"'],
  ['no profiles', { profiles: [] }, 'profiles must be at least one profile, received []'],
  ['more renditions than a record holds', { profiles: Array.from({ length: 201 }, (_, at) => ImageProfile.of(`p${at}`, { width: at + 1 })) },
    'profiles must be at most 200 renditions of an image, requestedSize included, received 201'],
  ['two profiles of one name', { profiles: [ImageProfile.THUMBNAIL, ImageProfile.MEDIUM, ImageProfile.THUMBNAIL] },
    'profiles must have different names, requestedSize included, received ["thumbnail","medium","thumbnail"]: rename one "thumbnail"'],
  ['a template without tokens', { outputKey: 'thumbnail.jpg' },
    'outputKey must be a template with tokens such as {key} and {profile}, received "thumbnail.jpg"'],
  ['a template that names renditions alike', { outputKey: '{key}' },
    'outputKey must be different for every rendition of an image, but thumbnail as jpeg and medium as jpeg can both become "{key}", '
    + 'received "{key}": add {profile}'],
  ['a removal policy that buckets do not have', { removalPolicy: RemovalPolicy.SNAPSHOT },
    'removalPolicy must be RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE, received "snapshot"'],
])('fails with %s', (_, props, message) => {
  expect(() => configWith(props)).toThrow(new Error(`[Stack/Pipeline] ${message}`));
});

test('values that are known only at deployment reach the handler', () => {
  const stack = createStack();
  const text = (id: string) => new CfnParameter(stack, id).valueAsString;
  const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  new ImageResizePipeline(stack, 'Pipeline', {
    sourcePrefix: text('SourcePrefix'),
    outputPrefix: text('OutputPrefix'),
    include: [text('Include')],
    catalog: { listingShards: number('Shards'), expireAfter: Duration.seconds(number('ExpireAfter')), partitionKey: text('PartitionKey') },
    processing: { maxInputSize: Size.bytes(number('MaxBytes')), maxInputPixels: number('MaxPixels') },
    resizeFunction: { memorySize: number('Memory'), reservedConcurrency: number('Reserved') },
    trigger: ResizeTrigger.queue({ maxConcurrency: number('Concurrency'), batchSize: number('BatchSize') }),
  });

  const template = synthesize(stack);
  const { Environment, MemorySize, ReservedConcurrentExecutions } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction');
  expect(Environment.Variables.IMAGE_RESIZE_CONFIG).toContain('"prefix":"SourcePrefix","include":["Include"],"outputPrefix":"OutputPrefix"');
  expect(Environment.Variables.IMAGE_RESIZE_CONFIG).toContain('"processing":{"maxInputBytes":MaxBytes,"maxInputPixels":MaxPixels}');
  expect(Environment.Variables.IMAGE_RESIZE_CONFIG).toContain('"partitionKey":"PartitionKey","imageId":"metadata","shards":Shards,"expireAfter":ExpireAfter');
  expect([MemorySize, ReservedConcurrentExecutions]).toEqual(['Memory', 'Reserved']);
  expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toMatchObject({ BatchSize: 'BatchSize', ScalingConfig: { MaximumConcurrency: 'Concurrency' } });
  expect(propertiesOf(template, 'Custom::S3BucketNotifications').NotificationConfiguration.QueueConfigurations[0].Filter)
    .toEqual({ Key: { FilterRules: [{ Name: 'prefix', Value: 'SourcePrefix' }] } });
});

test('text beside the tokens of a prefix is encoded in the filter of notifications', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: `my photos/${Aws.REGION}/${Aws.ACCOUNT_ID}+${Aws.REGION}/` });
  expect(propertiesOf(synthesize(stack), 'Custom::S3BucketNotifications').NotificationConfiguration.QueueConfigurations[0].Filter)
    .toEqual({ Key: { FilterRules: [{ Name: 'prefix', Value: 'my+photos/AWS::Region/AWS::AccountId%2BAWS::Region/' }] } });
});

describe('keys that can collide', () => {
  test.each([
    ['{name}.{sourceExt}/{profile}.{ext}', 'keys that differ only in their directory'],
    ['{dir}{name}/{profile}.{ext}', 'keys that differ only in their extension'],
  ])('%s is a warning that can be acknowledged', (outputKey, collision) => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputKey });
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Pipeline',
      id: 'cdk-image-resize-pipeline:outputKeyCollision',
      message: `outputKey ${JSON.stringify(outputKey)} gives ${collision} the same rendition key: the later image overwrites the earlier one's. `
        + 'Use {key} or {imageId} unless such keys never occur',
    }]);
    expect(pipeline.node.path).toBe('Stack/Pipeline');
  });

  test.each(['sourcePrefix', 'outputPrefix'])('a slash at the beginning of %s is a warning', (prop) => {
    const stack = createStack();
    new ImageResizePipeline(stack, 'Pipeline', { [prop]: '/images/' });
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Pipeline',
      id: 'cdk-image-resize-pipeline:leadingSlash',
      message: 'prefix "/images/" begins with a slash, which keys of S3 rarely do',
    }]);
  });

  test('a slash at the beginning of the key of a watermark is one warning', () => {
    const stack = createStack();
    const adjustments = [ImageAdjustment.watermark(ImageWatermark.fromBucket(Bucket.fromBucketName(stack, 'Logos', 'logos'), '/logo.png'))];
    new ImageResizePipeline(stack, 'Pipeline', { profiles: [ImageProfile.of('a', { width: 9, adjustments }), ImageProfile.of('b', { width: 8, adjustments })] });
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Pipeline',
      id: 'cdk-image-resize-pipeline:leadingSlash',
      message: 'watermark key "/logo.png" begins with a slash, which keys of S3 rarely do',
    }]);
  });
});

test('records that expire before their renditions are deleted are a warning', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { catalog: { expireAfter: Duration.days(30) }, processing: { deleteRenditions: true } });
  synthesize(stack);
  expect(warningsOf(stack)).toEqual([expect.objectContaining({ id: 'cdk-image-resize-pipeline:expiryLeavesRenditions' })]);
});
