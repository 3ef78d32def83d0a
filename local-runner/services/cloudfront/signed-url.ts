import { createVerify } from 'crypto';

/** Why a request for restricted content is refused: codes of CloudFront. */
export type Refusal = 'MissingKey' | 'AccessDenied';

/** Query parameters that belong to the signature and not to the origin. */
const PARAMETERS = ['Expires', 'Signature', 'Key-Pair-Id', 'Policy', 'Hash-Algorithm'];

/**
 * Checks a signed URL with a canned policy.
 *
 * @param bases scheme and host of the distribution, under its names
 * @param target path and query of the request
 * @param keys PEM of the public keys that may sign, by their ids
 * @returns undefined when the URL is right
 */
export function refusalOf(bases: readonly string[], target: string, keys: ReadonlyMap<string, string>, now: number): Refusal | undefined {
  const parameters = new URLSearchParams(target.slice(target.indexOf('?')));
  const keyId = parameters.get('Key-Pair-Id');
  const [expires, signature] = [parameters.get('Expires'), parameters.get('Signature')];
  if (keyId === null) return 'MissingKey';
  const key = keys.get(keyId);
  if (key === undefined || signature === null || !/^\d+$/.test(expires ?? '') || Number(expires) * 1000 <= now) return 'AccessDenied';
  const bytes = Buffer.from(signature.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');
  const signs = (base: string) => {
    const policy = { Statement: [{ Resource: base + withoutSignature(target), Condition: { DateLessThan: { 'AWS:EpochTime': Number(expires) } } }] };
    // CloudFront's canned policies are signed in this way.
    return createVerify('RSA-SHA1').update(JSON.stringify(policy)).verify(key, bytes);
  };
  return bases.some(signs) ? undefined : 'AccessDenied';
}

/** Path and query without the parts of a signature. */
export function withoutSignature(target: string): string {
  const [path, query] = split(target);
  const others = query.split('&').filter((parameter) => parameter !== '' && !PARAMETERS.includes(parameter.split('=')[0]));
  return others.length > 0 ? `${path}?${others.join('&')}` : path;
}

/** Path, and query without its question mark. */
export function split(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}
