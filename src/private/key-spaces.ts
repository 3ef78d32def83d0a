import { Stack, Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/** The keys of a bucket that begin with a prefix. */
export interface KeySpace {
  readonly bucket: IBucket;
  readonly prefix: string;
}

/** Whether an object can be in both. Prefixes that are not known at synth are taken to be apart. */
export function overlap(a: KeySpace, b: KeySpace): boolean {
  return isSameBucket(a.bucket, b.bucket) && prefixesOverlap(a.prefix, b.prefix);
}

export function prefixesOverlap(a: string, b: string): boolean {
  if (Token.isUnresolved(a) || Token.isUnresolved(b)) return false;
  return a.startsWith(b) || b.startsWith(a);
}

/** Whether two constructs are known to stand for one bucket. */
export function isSameBucket(a: IBucket, b: IBucket): boolean {
  if (a === b) return true;
  if (!Token.isUnresolved(a.bucketName) && !Token.isUnresolved(b.bucketName)) return a.bucketName === b.bucketName;
  const stack = Stack.of(a);
  return stack === Stack.of(b) && JSON.stringify(stack.resolve(a.bucketName)) === JSON.stringify(stack.resolve(b.bucketName));
}

export function describe({ bucket, prefix }: KeySpace): string {
  return `${bucket.node.path}/${prefix}*`;
}
