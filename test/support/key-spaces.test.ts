import { Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { describe as describeSpace, isSameBucket, mayBeginWith, overlap, prefixesOverlap, requirePrefix } from '../../src/support/key-spaces';
import { createApp, createBucket, createStack } from '../helpers/cdk';

describe('isSameBucket', () => {
  const app = createApp();
  const stack = createStack('Stack', app);
  const other = createStack('Other', app);
  const created = createBucket(stack, 'Created');
  const named = (scope: Stack, id: string, name: string) => Bucket.fromBucketName(scope, id, name);
  const parameter = new CfnParameter(stack, 'Name').valueAsString;

  test.each<[string, IBucket, IBucket]>([
    ['one construct', created, created],
    ['two imports of one name', named(stack, 'A', 'photos'), named(stack, 'B', 'photos')],
    ['imports of one name into two stacks', named(stack, 'C', 'photos'), named(other, 'D', 'photos')],
    ['an import by name and one by ARN', named(stack, 'E', 'photos'), Bucket.fromBucketArn(stack, 'F', 'arn:aws:s3:::photos')],
    ['a created bucket and an import of its name', created, named(stack, 'G', created.bucketName)],
    ['imports of one parameter', named(stack, 'H', parameter), named(stack, 'I', parameter)],
  ])('knows %s', (_, one, another) => {
    expect(isSameBucket(one, another)).toBe(true);
    expect(isSameBucket(another, one)).toBe(true);
  });

  test.each<[string, IBucket, IBucket]>([
    ['two created buckets', created, createBucket(stack, 'Created2')],
    ['buckets of one id in two stacks', created, createBucket(other, 'Created')],
    ['two names', named(stack, 'J', 'photos'), named(stack, 'K', 'videos')],
    ['a name and a parameter, which may differ', named(stack, 'L', 'photos'), named(stack, 'M', parameter)],
  ])('takes %s for two', (_, one, another) => {
    expect(isSameBucket(one, another)).toBe(false);
  });
});

test.each([
  ['', '', true],
  ['', 'a/', true],
  ['a/', 'a/', true],
  ['a/', 'a/b/', true],
  ['a', 'ab', true],
  ['a/', 'b/', false],
  ['a/b/', 'a/c/', false],
  ['a/', 'a-b/', false],
])('prefixes %j and %j overlap: %s', (one, other, expected) => {
  expect(prefixesOverlap(one, other)).toBe(expected);
  expect(prefixesOverlap(other, one)).toBe(expected);
});

describe('prefixes with tokens', () => {
  test.each([
    ['', `${Aws.REGION}/`],
    ['', `media/${Aws.REGION}/`],
    ['media/', `media/${Aws.REGION}/`],
    ['me', `media/${Aws.REGION}/`],
    ['media/', `media/${Aws.REGION}/${Aws.ACCOUNT_ID}`],
  ])('overlap for certain: %j and %j', (one, other) => {
    expect(prefixesOverlap(one, other)).toBe(true);
    expect(prefixesOverlap(other, one)).toBe(true);
  });

  test.each([
    ['that differ before the token', 'photos/', `media/${Aws.REGION}/`],
    ['that differ before both tokens', `photos/${Aws.REGION}/`, `media/${Aws.REGION}/`],
    ['that begin with a token', 'media/', `${Aws.REGION}/`],
    ['of which the token may continue the other', 'media/eu/', `media/${Aws.REGION}/`],
    ['of which both continue with a token', `media/${Aws.REGION}/`, `media/${Aws.ACCOUNT_ID}/`],
    ['of which one begins like the text of a token', '$', `${Aws.REGION}/`],
  ])('%s are taken to be apart: %j and %j', (_, one, other) => {
    expect(prefixesOverlap(one, other)).toBe(false);
    expect(prefixesOverlap(other, one)).toBe(false);
  });
});

test.each([
  ['u/a/', 'u/', true],
  ['u/', 'u/a/', false],
  ['u/', '', true],
  [`u/${Aws.REGION}/`, 'u/', true],
  [`u/${Aws.REGION}/`, 'u/eu-', true],
  [`${Aws.REGION}/`, 'u/', true],
  [`v/${Aws.REGION}/`, 'u/', false],
  ['u/eu/', `u/${Aws.REGION}/`, true],
  ['u', `u/${Aws.REGION}/`, false],
  ['v/', `${Aws.REGION}/`, true],
  [`v/${Aws.REGION}/`, `u/${Aws.REGION}/`, false],
])('prefix %j may begin with %j: %s', (prefix, beginning, expected) => {
  expect(mayBeginWith(prefix, beginning)).toBe(expected);
});

test.each(['uploads/*', '?', `a*/${Aws.REGION}/`, `${Aws.REGION}/a?`])('fails for a prefix with a wildcard of IAM: %j', (prefix) => {
  expect(() => requirePrefix('sourcePrefix', prefix)).toThrow(new Error(
    `sourcePrefix must be a literal beginning of keys without * and ?, received ${JSON.stringify(prefix)}`));
});

test.each(['', 'uploads/', `${Aws.REGION}/`, `uploads/${Aws.REGION}/`])('takes the prefix %j', (prefix) => {
  expect(() => requirePrefix('sourcePrefix', prefix)).not.toThrow();
});

test('equal prefixes of two buckets do not overlap', () => {
  const stack = createStack();
  expect(overlap({ bucket: createBucket(stack, 'A'), prefix: '' }, { bucket: createBucket(stack, 'B'), prefix: '' })).toBe(false);
});

test('a key space is described by the bucket\'s path and the prefix', () => {
  expect(describeSpace({ bucket: createBucket(createStack(), 'Photos'), prefix: 'in/' })).toBe('Stack/Photos/in/*');
});
