import { Aws, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageIdSource, ImageProfile, ImageResizePipeline, OutputFormat } from '../../src';
import { configOf, createApp, createBucket, createStack, rightsOf, synthesize, warningsOf } from '../helpers/cdk';

const AVATAR = ImageProfile.of('avatar', { width: 64, height: 64 });

describe('addSource', () => {
  test('takes what the pipeline says where the source says nothing', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', {
      sourcePrefix: 'photos/', include: ['*.jpg'], exclude: ['tmp/**'], outputPrefix: 'out/', profiles: [AVATAR],
    });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'people/' });
    expect(configOf(synthesize(stack))).toMatchObject({
      profileSets: [[{ name: 'avatar' }]],
      sources: [
        { bucket: 'PipelineSourceBucket', prefix: 'photos/', include: ['*.jpg'], exclude: ['tmp/**'], outputPrefix: 'out/', profileSet: 0 },
        { bucket: 'PipelineSourceBucket', prefix: 'people/', include: ['*.jpg'], exclude: ['tmp/**'], outputPrefix: 'out/', profileSet: 0 },
      ],
    });
  });

  test('takes profiles, patterns and an output prefix of the source\'s own', () => {
    const stack = createStack();
    const bucket = createBucket(stack);
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'photos/', include: ['*.jpg'] });
    pipeline.addSource(bucket, { prefix: 'people/', profiles: [AVATAR], include: [], exclude: ['old/**'], outputPrefix: 'avatars/' });
    expect(configOf(synthesize(stack))).toMatchObject({
      profileSets: [[{ name: 'thumbnail' }, { name: 'medium' }, { name: 'large' }], [{ name: 'avatar' }]],
      sources: [{ profileSet: 0 }, { prefix: 'people/', include: [], exclude: ['old/**'], outputPrefix: 'avatars/', profileSet: 1 }],
    });
  });

  test('takes the size that uploaders may ask for from the pipeline, or has its own', () => {
    const stack = createStack();
    const [box, square] = [ImageProfile.of('box', { width: 400, height: 300 }), ImageProfile.of('square', { width: 90, height: 90 })];
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', requestedSize: box });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'c/', requestedSize: square });
    expect(configOf(synthesize(stack)).sources.map(({ requested }) => requested)).toMatchObject([
      { name: 'box', width: 400, height: 300 }, { name: 'box' }, { name: 'square', width: 90 },
    ]);
  });

  test.each([
    ['without a limit of its height', ImageProfile.of('wide', { width: 400 }),
      'requestedSize "wide" must be a profile with width and height, which limit what can be asked for, received {"width":400}'],
    ['that is a factor', ImageProfile.of('half', { scale: 0.5 }), 'requestedSize "half" must be a profile with width and height'],
    ['with the name of a profile', ImageProfile.of('thumbnail', { width: 9, height: 9 }), 'profiles must have different names, requestedSize included'],
  ])('fails for a requested size %s', (_, requestedSize, message) => {
    expect(() => new ImageResizePipeline(createStack(), 'Pipeline', { requestedSize })).toThrow(message);
  });

  test('does not inherit the prefix of the first source', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'photos/', outputPrefix: 'photos/' });
    pipeline.addSource(createBucket(stack), { outputPrefix: 'other/' });
    expect(configOf(synthesize(stack)).sources[1]).toMatchObject({ bucket: 'Bucket', prefix: '' });
  });

  test('shares equal profiles between sources, however they were written', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', profiles: [AVATAR] });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', profiles: [ImageProfile.of('avatar', { height: 64, width: 64 })] });
    expect(configOf(synthesize(stack)).profileSets).toHaveLength(1);
  });

  test('allows the role to read the source and to write its output prefix, and nothing beside them', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', outputPrefix: 'x/' });
    pipeline.addSource(createBucket(stack), { prefix: 'b/', outputPrefix: 'y/' });
    expect(rightsOf(synthesize(stack), 'PipelineRole').filter((right) => right.startsWith('s3:'))).toEqual([
      's3:GetObject Bucket.Arn/b/*',
      's3:GetObject PipelineOutputBucket.Arn/x/*',
      's3:GetObject PipelineOutputBucket.Arn/y/*',
      's3:GetObject PipelineSourceBucket.Arn/a/*',
      's3:ListBucket Bucket.Arn',
      's3:ListBucket PipelineSourceBucket.Arn',
      's3:PutObject PipelineOutputBucket.Arn/x/*',
      's3:PutObject PipelineOutputBucket.Arn/y/*',
    ]);
  });

  test('fails and changes nothing when the source overlaps another one', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'photos/' });
    for (const prefix of ['', 'photos/', 'photos/2024/', 'ph']) {
      expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix })).toThrow(new Error(
        `[Stack/Pipeline] source Stack/Pipeline/SourceBucket/${prefix}* must not overlap source Stack/Pipeline/SourceBucket/photos/*: `
        + 'use prefixes of which neither begins with the other'));
    }
    expect(configOf(synthesize(stack)).sources).toHaveLength(1);
  });

  test.each(['prefix', 'outputPrefix'])('fails for a wildcard in %s', (option) => {
    const pipeline = new ImageResizePipeline(createStack(), 'Pipeline', { sourcePrefix: 'photos/' });
    expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix: 'people/', [option]: 'team-?/' })).toThrow(new Error(
      `[Stack/Pipeline] ${option} must be a literal beginning of keys without * and ?, received "team-?/"`));
  });

  test('fails for a bucket that was imported twice', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: Bucket.fromBucketName(stack, 'One', 'photos') });
    expect(() => pipeline.addSource(Bucket.fromBucketArn(stack, 'Two', 'arn:aws:s3:::photos'), { prefix: 'a/' }))
      .toThrow('source Stack/Two/a/* must not overlap source Stack/One/*');
  });

  test.each([['no profiles', [], 'profiles must be at least one profile, received []'], ['a name twice', [AVATAR, AVATAR], 'profiles must have different names']])(
    'fails with %s', (_, profiles, message) => {
      const pipeline = new ImageResizePipeline(createStack(), 'Pipeline', { sourcePrefix: 'a/' });
      expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', profiles: profiles as ImageProfile[] })).toThrow(message);
    });

  test('fails when profiles of the source do not fit the output key', () => {
    const pipeline = new ImageResizePipeline(createStack(), 'Pipeline', { sourcePrefix: 'a/', outputKey: '{key}.{ext}', profiles: [AVATAR] });
    expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', profiles: [AVATAR, ImageProfile.of('other', { width: 1 })] }))
      .toThrow('outputKey must be different for every rendition of an image, but avatar as jpeg and other as jpeg can both become "{key}.jpg"');
    expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', profiles: [ImageProfile.of('other', { width: 1, formats: [OutputFormat.webp()] })] }))
      .not.toThrow();
  });

  test('fails with a second source where the key is the image id', () => {
    const pipeline = new ImageResizePipeline(createStack(), 'Pipeline', { sourcePrefix: 'a/', catalog: { imageId: ImageIdSource.KEY } });
    expect(() => pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' })).toThrow(new Error(
      '[Stack/Pipeline] catalog.imageId must be ImageIdSource.METADATA with more than one source, received ImageIdSource.KEY: keys of different sources can be the same'));
  });

  test('says once what two sources are warned of', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', outputKey: '{dir}{name}/{profile}.{ext}' });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' });
    synthesize(stack);
    expect(warningsOf(stack)).toHaveLength(1);
  });
});

describe('buckets with equal keys', () => {
  function twoBuckets(outputPrefix: string | undefined, outputKey?: string) {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'a/', outputKey });
    pipeline.addSource(createBucket(stack), { outputPrefix });
    return stack;
  }

  test.each([undefined, 'a/', 'a/b/', ''])('fail with the output prefixes "a/" and %j', (outputPrefix) => {
    expect(() => twoBuckets(outputPrefix)).toThrow(new Error(
      '[Stack/Pipeline] outputPrefix must be apart from that of source Stack/Pipeline/SourceBucket/*, whose keys can be the same as those of Stack/Bucket/*, '
      + `received ${JSON.stringify(outputPrefix ?? 'a/')}: use output prefixes of which neither begins with the other`));
  });

  test('may have output prefixes of their own', () => {
    expect(() => synthesize(twoBuckets('b/'))).not.toThrow();
  });

  test('may share one where the output key holds the image id', () => {
    expect(() => synthesize(twoBuckets(undefined, '{imageId}/{profile}.{ext}'))).not.toThrow();
  });

  test('may share one where their prefixes are apart', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/' });
    pipeline.addSource(createBucket(stack), { prefix: 'b/' });
    expect(() => synthesize(stack)).not.toThrow();
  });
});

describe('one bucket for images and renditions', () => {
  function inOneBucket(sourcePrefix?: string, outputPrefix?: string) {
    const stack = createStack();
    const bucket = createBucket(stack);
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, outputBucket: bucket, sourcePrefix, outputPrefix });
    return { stack, bucket, pipeline };
  }

  test('is taken with prefixes that are apart', () => {
    const { stack } = inOneBucket('uploads/', 'renditions/');
    const template = synthesize(stack);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    expect(configOf(template)).toMatchObject({ outputBucket: 'Bucket', sources: [{ bucket: 'Bucket', prefix: 'uploads/', outputPrefix: 'renditions/' }] });
  });

  test.each([
    [undefined, undefined], ['uploads/', undefined], [undefined, 'renditions/'], ['images/', 'images/'], ['images/', 'images/small/'], ['images/in/', 'images/'],
    [undefined, `renditions/${Aws.REGION}/`], ['media/', `media/${Aws.REGION}/`], [`media/${Aws.REGION}/`, 'media/'],
  ])('fails with the prefixes %j and %j', (sourcePrefix, outputPrefix) => {
    expect(() => inOneBucket(sourcePrefix, outputPrefix)).toThrow(new Error(
      `[Stack/Pipeline] source Stack/Bucket/${sourcePrefix ?? ''}* must not overlap the renditions Stack/Bucket/${outputPrefix ?? ''}*, which would be resized again without end: `
      + 'use another output bucket, or set sourcePrefix and outputPrefix to prefixes of which neither begins with the other'));
  });

  test('fails when a later source reads what an earlier one writes', () => {
    const { bucket, pipeline } = inOneBucket('uploads/', 'renditions/');
    expect(() => pipeline.addSource(bucket, { prefix: 'renditions/large/' })).toThrow('source Stack/Bucket/renditions/large/* must not overlap the renditions Stack/Bucket/renditions/*');
  });

  test('fails when a later source writes what an earlier one reads', () => {
    const { bucket, pipeline } = inOneBucket('uploads/', 'renditions/');
    expect(() => pipeline.addSource(bucket, { prefix: 'more/', outputPrefix: 'uploads/small/' }))
      .toThrow('source Stack/Bucket/uploads/* must not overlap the renditions Stack/Bucket/uploads/small/*');
  });

  test('fails for the output bucket under another construct', () => {
    const stack = createStack();
    const sourceBucket = Bucket.fromBucketName(stack, 'In', 'photos');
    const outputBucket = Bucket.fromBucketName(stack, 'Out', 'photos');
    expect(() => new ImageResizePipeline(stack, 'Pipeline', { sourceBucket, outputBucket })).toThrow('source Stack/In/* must not overlap the renditions Stack/Out/*');
  });

  test('is taken with prefixes that are known only at deployment; the handler then leaves its own renditions alone', () => {
    const stack = createStack();
    const bucket = createBucket(stack);
    const sourcePrefix = new CfnParameter(stack, 'Prefix').valueAsString;
    new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, outputBucket: bucket, sourcePrefix, outputPrefix: 'renditions/' });
    expect(() => synthesize(stack)).not.toThrow();
  });
});

describe('pipelines that feed each other', () => {
  test('in a chain are taken', () => {
    const stack = createStack();
    const first = new ImageResizePipeline(stack, 'First');
    new ImageResizePipeline(stack, 'Second', { sourceBucket: first.outputBucket });
    expect(() => synthesize(stack)).not.toThrow();
  });

  test('in a circle of two fail, at both', () => {
    const stack = createStack();
    const first = new ImageResizePipeline(stack, 'First', { sourceBucket: createBucket(stack) });
    new ImageResizePipeline(stack, 'Second', { sourceBucket: first.outputBucket, outputBucket: first.sourceBucket });
    const message = (outputs: string, pipeline: string) =>
      `[${pipeline}] pipelines must not feed each other in a circle, but renditions ${outputs} come back to ${pipeline} as images`;
    expect(() => synthesize(stack)).toThrow(message('Stack/First/OutputBucket/*', 'Stack/First'));
    expect(() => synthesize(stack)).toThrow(message('Stack/Bucket/*', 'Stack/Second'));
  });

  test('in a circle of three, across stacks of one stage, fail', () => {
    const stage = new Stage(createApp(), 'Stage');
    const names = ['photos', 'small', 'tiny'];
    names.forEach((name, at) => {
      const stack = new Stack(stage, `Stack${at}`);
      new ImageResizePipeline(stack, 'Pipeline', {
        sourceBucket: Bucket.fromBucketName(stack, 'In', name), outputBucket: Bucket.fromBucketName(stack, 'Out', names[(at + 1) % 3]),
      });
    });
    expect(() => stage.synth()).toThrow('pipelines must not feed each other in a circle');
  });

  test('in a circle that prefixes cut are taken', () => {
    const stack = createStack();
    const bucket = createBucket(stack);
    const first = new ImageResizePipeline(stack, 'First', { sourceBucket: bucket, sourcePrefix: 'photos/' });
    new ImageResizePipeline(stack, 'Second', { sourceBucket: first.outputBucket, outputBucket: bucket, outputPrefix: 'tiny/' });
    expect(() => synthesize(stack)).not.toThrow();
  });
});

test('a bucket of another region or account fails as a source, and changes nothing', () => {
  const stack = createStack('Stack', createApp(), { env: { region: 'eu-west-1', account: '111111111111' } });
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  const bucket = (name: string, env: { region?: string; account?: string }) => Bucket.fromBucketAttributes(stack, name, { bucketName: name, ...env });
  expect(() => pipeline.addSource(bucket('far', { region: 'us-east-1' })))
    .toThrow(new Error('[Stack/Pipeline] addSource: bucket must be in the region of the pipeline, eu-west-1, received "us-east-1"'));
  expect(() => pipeline.addSource(bucket('foreign', { account: '222222222222' })))
    .toThrow(new Error('[Stack/Pipeline] addSource: bucket must be in the account of the pipeline, 111111111111, received "222222222222"'));
  expect(configOf(synthesize(stack)).sources).toHaveLength(1);
});
