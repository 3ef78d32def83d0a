import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageIdSource, ImageProfile, ImageResizePipeline, ImageResizePipelineProps, OutputFormat, ResizeTrigger } from '../../src';
import { createApp, createBucket, createStack, synthesize, warningsOf } from '../helpers/cdk';

type Props = ImageResizePipelineProps | ((stack: Stack) => ImageResizePipelineProps);

/** Two pipelines of a stack that share what `common` makes. */
function two(common: (stack: Stack) => ImageResizePipelineProps, one: Props, other: Props): Stack {
  const stack = createStack();
  const shared = common(stack);
  const of = (props: Props) => ({ ...shared, ...(typeof props === 'function' ? props(stack) : props) });
  new ImageResizePipeline(stack, 'One', of(one));
  new ImageResizePipeline(stack, 'Other', of(other));
  return stack;
}

const sharedOutput = (stack: Stack) => ({ outputBucket: createBucket(stack, 'Renditions'), trigger: ResizeTrigger.eventBridge() });
const sharedBuckets = (stack: Stack) => ({ ...sharedOutput(stack), sourceBucket: createBucket(stack, 'Photos') });
const sharedTable = (stack: Stack) => ({
  catalog: { table: Table.fromTableName(stack, 'Images', 'images') }, trigger: ResizeTrigger.eventBridge(),
});
const catalog = (more: object) => (stack: Stack) => ({ catalog: { table: stack.node.findChild('Images') as Table, ...more } });

const bySharedOutputs = (stack: Stack) => warningsOf(stack).filter(({ id }) => id === 'cdk-image-resize-pipeline:sharedOutputs').map(({ message }) => message);

describe('two pipelines with one output bucket', () => {
  const remedy = 'use output prefixes of which neither begins with the other, or other names of profiles';

  test('fail where equal keys of two buckets become the same renditions', () => {
    expect(() => synthesize(two(sharedOutput, { outputPrefix: 'out/' }, { outputPrefix: 'out/' }))).toThrow(
      'pipelines Stack/One and Stack/Other must not store the same renditions, but Stack/One/SourceBucket/* and Stack/Other/SourceBucket/* '
      + `both become {key}/thumbnail.jpg in Stack/Renditions/out/*: ${remedy}`);
  });

  test.each<[string, Props, Props]>([
    ['for the same images', {}, {}],
    ['for images of which one source has more', { sourcePrefix: 'in/' }, {}],
    ['with the image id in the key', { outputKey: '{imageId}/{profile}.{ext}' }, { outputKey: '{imageId}/{profile}.{ext}' }],
    ['where one profile has the same name', { profiles: [ImageProfile.THUMBNAIL, ImageProfile.LARGE] }, { profiles: [ImageProfile.LARGE] }],
  ])('fail %s', (_, one, other) => {
    expect(() => synthesize(two(sharedBuckets, one, other))).toThrow('must not store the same renditions');
  });

  test.each<[string, (stack: Stack) => ImageResizePipelineProps, Props, Props]>([
    ['prefixes that are apart', sharedOutput, { outputPrefix: 'one/' }, { outputPrefix: 'other/' }],
    ['images of other prefixes, whose keys are in the renditions\'', sharedBuckets, { sourcePrefix: 'a/' }, { sourcePrefix: 'b/' }],
    ['other directories', sharedBuckets, { sourcePrefix: 'a/', outputKey: '{dir}{name}.{sourceExt}/{profile}.{ext}' }, { sourcePrefix: 'b/' }],
    ['other profiles', sharedBuckets, { profiles: [ImageProfile.THUMBNAIL] }, { profiles: [ImageProfile.LARGE] }],
    ['other formats', sharedBuckets, { profiles: [ImageProfile.of('a', { width: 1, formats: [OutputFormat.png()] })] }, { profiles: [ImageProfile.of('a', { width: 1 })] }],
    ['image ids of other images', sharedOutput, { outputKey: '{imageId}/{profile}.{ext}' }, { outputKey: '{imageId}/{profile}.{ext}' }],
    ['templates that begin otherwise', sharedOutput, { outputKey: 'a/{name}/{profile}.{ext}' }, { outputKey: 'b/{name}/{profile}.{ext}' }],
  ])('may have %s', (_, common, one, other) => {
    const stack = two(common, one, other);
    expect(() => synthesize(stack)).not.toThrow();
    expect(bySharedOutputs(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => ImageResizePipelineProps, Props, Props]>([
    ['of which one prefix is in the other', sharedOutput, { outputPrefix: 'out/' }, {}],
    ['with other templates', sharedOutput, { outputKey: '{name}-{profile}.{ext}' }, {}],
    ['with keys that leave out the directory', sharedBuckets,
      { sourcePrefix: 'a/', outputKey: '{name}/{profile}.{ext}' }, { sourcePrefix: 'b/', outputKey: '{name}/{profile}.{ext}' }],
  ])('are warned %s', (_, common, one, other) => {
    const stack = two(common, one, other);
    synthesize(stack);
    expect(bySharedOutputs(stack)).toEqual([expect.stringMatching(/^pipelines Stack\/One and Stack\/Other store renditions in .* where one can overwrite those of the other: use output prefixes/)]);
  });

  test('are seen across stacks, by name, and when a source is added later', () => {
    const app = createApp();
    const pipelines = ['A', 'B'].map((id) => {
      const stack = createStack(id, app);
      return new ImageResizePipeline(stack, 'Pipeline', { outputBucket: Bucket.fromBucketName(stack, 'Renditions', 'renditions'), outputPrefix: `${id}/` });
    });
    const more = createBucket(Stack.of(pipelines[0]), 'Bucket');
    pipelines[0].addSource(more, { prefix: 'more/', outputPrefix: 'B/' });
    expect(() => app.synth()).toThrow('pipelines A/Pipeline and B/Pipeline must not store the same renditions, but A/Bucket/more/* and B/Pipeline/SourceBucket/* both become {key}/thumbnail.jpg in A/Renditions/B/*');
  });

  test('may be known only at deployment', () => {
    const stack = createStack();
    const outputBucket = createBucket(stack, 'Renditions');
    for (const id of ['One', 'Other']) {
      const { valueAsString } = new CfnParameter(stack, `${id}Prefix`);
      new ImageResizePipeline(stack, id, { outputBucket, outputPrefix: valueAsString });
    }
    expect(() => synthesize(stack)).not.toThrow();
  });
});

describe('two pipelines with one table', () => {
  const who = 'of pipelines Stack/One and Stack/Other, which share table Stack/Images,';

  test.each<[string, (stack: Stack) => ImageResizePipelineProps, Props, Props, string]>([
    ['for the same images', (stack) => ({ ...sharedTable(stack), sourceBucket: createBucket(stack, 'Photos') }), {}, { sourcePrefix: 'a/' },
      `sources ${who} must not overlap, but Stack/Photos/* and Stack/Photos/a/* do, and an image has one record: give each a table`],
    ['whose image ids are keys', sharedTable, catalog({ imageId: ImageIdSource.KEY }), catalog({ imageId: ImageIdSource.KEY }),
      `catalog.imageId ${who} must not be ImageIdSource.KEY for both, as keys of different sources can be the same: give each a table`],
    ['with two names of its key', sharedTable, catalog({ partitionKey: 'id' }), {}, `catalog.partitionKey ${who} must be the same, received ["id","imageId"]`],
    ['with two numbers of shards', sharedTable, catalog({ listingShards: 8 }), {},
      `catalog.listingShards ${who} must be the same, as listings read so many, received [8,4]`],
  ])('fail %s', (_, common, one, other, message) => {
    expect(() => synthesize(two(common, one, other))).toThrow(message);
  });

  test.each<[string, Props, Props]>([
    ['images of two buckets', {}, {}],
    ['ids of which one comes from keys', catalog({ imageId: ImageIdSource.KEY }), {}],
  ])('may have %s', (_, one, other) => {
    expect(() => synthesize(two(sharedTable, one, other))).not.toThrow();
  });

  test.each<[string, (stack: Stack) => Table, boolean]>([
    ['one name of one region', (stack) => Table.fromTableName(stack, 'Images', 'images') as Table, true],
    ['one ARN', (stack) => Table.fromTableArn(stack, 'Images', 'arn:aws:dynamodb:eu-west-1:111111111111:table/images') as Table, true],
    ['two names', (stack) => Table.fromTableName(stack, 'Images', `images-${stack.stackName}`) as Table, false],
  ])('are compared across stacks by %s', (_, tableIn, same) => {
    const app = createApp();
    for (const id of ['A', 'B']) {
      const stack = createStack(id, app, { env: { region: 'eu-west-1', account: '111111111111' } });
      new ImageResizePipeline(stack, 'Pipeline', { catalog: { table: tableIn(stack), imageId: ImageIdSource.KEY } });
    }
    const synth = expect(() => app.synth());
    if (same) synth.toThrow('must not be ImageIdSource.KEY for both'); else synth.not.toThrow();
  });

  test('of one name in two regions are two tables', () => {
    const app = createApp();
    for (const region of ['eu-west-1', 'us-east-1']) {
      const stack = createStack(region, app, { env: { region, account: '111111111111' } });
      new ImageResizePipeline(stack, 'Pipeline', { catalog: { table: Table.fromTableName(stack, 'Images', 'images'), imageId: ImageIdSource.KEY } });
    }
    expect(() => app.synth()).not.toThrow();
  });
});

test.each(['status', 'outputs', 'expiresAt', 'listingPartition', 'pointsTo'])('fails when the table\'s key has the name of the record\'s attribute %s', (partitionKey) => {
  expect(() => new ImageResizePipeline(new Stack(new App()), 'Pipeline', { catalog: { partitionKey } }))
    .toThrow(/^\[Default\/Pipeline\] catalog\.partitionKey must be none of the record's own attributes \(status, sourceBucket, .*\), received "/);
});
