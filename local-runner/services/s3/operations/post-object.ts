import { Readable } from 'stream';
import { Authenticator } from '../exchange/authentication';
import { BucketExchange } from '../exchange/call';
import { commitObject, NewObject, writeHeaders } from '../exchange/commit';
import { Form, readForm } from '../exchange/form';
import { declaredMd5, MAX_OBJECT_BYTES, tooLarge, verifyChecksum } from '../exchange/payload';
import { FormFields, PostPolicy } from '../exchange/post-policy';
import { sendEmpty, sendXml } from '../exchange/respond';
import { Bucket, StoredObject } from '../storage/store';
import { ChecksumAlgorithm, declaredChecksum } from '../wire/checksums';
import { encodePath } from '../wire/encoding';
import { invalidArgument, S3Error } from '../wire/errors';
import { parseMetadata } from '../wire/metadata';
import { assertKey, Headers } from '../wire/request';

/** The upload of a browser form. The signed policy in the form decides what may be uploaded. */
export async function postObject(call: BucketExchange, authenticator: Authenticator): Promise<void> {
  const { fields, object } = await readForm<Received>(
    call.request,
    async (form, file) => receive(call, authenticator, form, file),
    (received) => call.spool.discard(received.object.file.path),
  );
  acknowledge(call, fields, commitObject(call, object, 'ObjectCreated:Post'));
}

interface Received {
  readonly fields: FormFields;
  readonly object: NewObject;
}

async function receive(call: BucketExchange, authenticator: Authenticator, form: Form, file: Readable): Promise<Received> {
  const fields = new Map(form.fields);
  // The policy speaks about the form as it is once the variables are filled in.
  const filename = form.filename.slice(Math.max(form.filename.lastIndexOf('/'), form.filename.lastIndexOf('\\')) + 1);
  for (const [name, value] of fields) fields.set(name, value.replaceAll('${filename}', () => filename));

  const encodedPolicy = fields.get('policy');
  // Nothing is public here, so a form without a policy may upload nothing.
  if (encodedPolicy === undefined) throw new S3Error('AccessDenied');
  const required = (name: string): string => {
    const value = fields.get(name);
    if (value) return value;
    throw invalidArgument(`Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`, name, '');
  };
  const key = required('key');
  await authenticator.authenticateForm(required, encodedPolicy);
  if (fields.has('x-amz-security-token')) throw new S3Error('InvalidToken');
  const policy = PostPolicy.parse(encodedPolicy);
  policy.assertForm(fields, call.bucket.name);
  assertKey(key);
  if (fields.has('tagging')) throw new S3Error('NotImplemented', { details: { Operation: 'PostObject with tagging' } });

  const headers = asHeaders(fields);
  const metadata = parseMetadata(headers);
  const md5 = declaredMd5(headers);
  const declared = declaredChecksum(headers);
  const algorithms: ChecksumAlgorithm[] = declared ? [declared.algorithm] : [];
  const limit = Math.min(policy.maxSize, MAX_OBJECT_BYTES);
  const spooled = await call.spool.write(file, algorithms, { limit, error: (size) => tooLarge(size, limit) });
  try {
    policy.assertSize(spooled.size);
    if (md5 && !md5.equals(spooled.md5)) throw new S3Error('BadDigest');
    const checksum = verifyChecksum(declared, spooled);
    return { fields, object: { key, file: spooled, etag: spooled.md5.toString('hex'), metadata, checksum } };
  } catch (error) {
    call.spool.discard(spooled.path);
    throw error;
  }
}

/** Form fields in place of the headers that a PutObject request would have. */
function asHeaders(fields: FormFields): Headers {
  return { ...Object.fromEntries(fields), 'x-amz-acl': fields.get('acl') };
}

function acknowledge({ request, response, bucket }: BucketExchange, fields: FormFields, object: StoredObject): void {
  const location = `http://${request.headers.host}${encodePath(`/${bucket.name}/${object.key}`)}`;
  const etag = `"${object.etag}"`;
  const headers = { ...writeHeaders(bucket, object), location };
  const redirect = redirectTarget(fields, bucket, object);
  if (redirect) return sendEmpty(response, 303, { ...headers, location: redirect });
  switch (fields.get('success_action_status')) {
    case '200': return sendEmpty(response, 200, headers);
    case '201': return sendXml(response, 'PostResponse', { Location: location, Bucket: bucket.name, Key: object.key, ETag: etag }, headers, 201);
    default: return sendEmpty(response, 204, headers);
  }
}

/** S3 ignores what is no URL. */
function redirectTarget(fields: FormFields, bucket: Bucket, object: StoredObject): string | undefined {
  const target = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (!target || !URL.canParse(target)) return undefined;
  const url = new URL(target);
  url.searchParams.set('bucket', bucket.name);
  url.searchParams.set('key', object.key);
  url.searchParams.set('etag', `"${object.etag}"`);
  return url.href;
}
