import { CfnElement, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { invalid } from './checks';

/** The keys of a bucket that begin with a prefix. */
export interface KeySpace {
  readonly bucket: IBucket;
  readonly prefix: string;
}

/** Whether an object can be in both. What depends on the value of a token is taken to be apart. */
export function overlap(a: KeySpace, b: KeySpace): boolean {
  return isSameBucket(a.bucket, b.bucket) && prefixesOverlap(a.prefix, b.prefix);
}

export function prefixesOverlap(a: string, b: string): boolean {
  return surelyBeginsWith(a, b) || surelyBeginsWith(b, a);
}

/** Whether a prefix begins with another one, or would with some values of their tokens. */
export function mayBeginWith(prefix: string, beginning: string): boolean {
  const [head, start] = [literalHead(prefix), literalHead(beginning)];
  return head.startsWith(start) || (Token.isUnresolved(prefix) && start.startsWith(head));
}

/** S3 takes `*` and `?` of a prefix as they are, IAM as wildcards: grants would be wider than the prefix. */
export function requirePrefix(path: string, prefix: string): void {
  // The placeholders of tokens have neither.
  if (/[*?]/.test(prefix)) throw invalid(path, 'a literal beginning of keys without * and ?', prefix);
}

/** Whether two constructs are known to stand for one bucket. */
export function isSameBucket(a: IBucket, b: IBucket): boolean {
  if (a === b || (a.bucketName === b.bucketName && isReference(a.bucketName))) return true;
  if (!Token.isUnresolved(a.bucketName) && !Token.isUnresolved(b.bucketName)) return a.bucketName === b.bucketName;
  const stack = Stack.of(a);
  return stack === Stack.of(b) && JSON.stringify(stack.resolve(a.bucketName)) === JSON.stringify(stack.resolve(b.bucketName));
}

/** Whether a text is the attribute of a resource, which is the same in every stack. */
function isReference(text: string): boolean {
  if (!Token.isUnresolved(text)) return false;
  const { length, firstToken } = Tokenization.reverseString(text);
  return length === 1 && firstToken !== undefined && Reference.isReference(firstToken) && CfnElement.isCfnElement(firstToken.target);
}

export function describe({ bucket, prefix }: KeySpace): string {
  return `${bucket.node.path}/${prefix}*`;
}

function surelyBeginsWith(prefix: string, beginning: string): boolean {
  return !Token.isUnresolved(beginning) && literalHead(prefix).startsWith(beginning);
}

/** The text before the first token. */
function literalHead(prefix: string): string {
  if (!Token.isUnresolved(prefix)) return prefix;
  const { firstToken, firstValue } = Tokenization.reverseString(prefix);
  return firstToken ? '' : firstValue;
}
