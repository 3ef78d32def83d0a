import { Account, PLACE } from './account';
import { Call, Context } from './simulator';

type Right = Pick<Call, 'action' | 'resource' | 'context'>;
export type Input = Readonly<Record<string, any>>;

/** What S3 asks of the bucket's customer key for a request. */
type KeyUse = 'kms:Decrypt' | 'kms:GenerateDataKey';

/** What a request of the SDK takes: everything that AWS checks before it answers. */
export function rightsFor(account: Account, command: string, input: Input): Right[] {
  const rights = COMMANDS[command];
  if (!rights) throw new Error(`the rights that ${command} takes are not known: it must be one of ${Object.keys(COMMANDS).join(', ')}`);
  return rights(input, account);
}

const COMMANDS: Readonly<Record<string, (input: Input, account: Account) => Right[]>> = {
  GetObjectCommand: (input, account) => onObject(account, input, input.VersionId ? 's3:GetObjectVersion' : 's3:GetObject', 'kms:Decrypt'),
  // Metadata is not encrypted; checksums are.
  HeadObjectCommand: (input, account) => onObject(
    account, input, input.VersionId ? 's3:GetObjectVersion' : 's3:GetObject', ...(input.ChecksumMode ? ['kms:Decrypt' as const] : []),
  ),
  PutObjectCommand: (input, account) => [
    ...store(account, input, 'kms:GenerateDataKey'),
    ...(input.IfMatch ? onObject(account, input, 's3:GetObject') : []),
  ],
  CreateMultipartUploadCommand: (input, account) => store(account, input, 'kms:GenerateDataKey'),
  // S3 reads what it has of an upload to add to it.
  UploadPartCommand: (input, account) => onObject(account, input, 's3:PutObject', 'kms:GenerateDataKey', 'kms:Decrypt'),
  CompleteMultipartUploadCommand: (input, account) => onObject(account, input, 's3:PutObject', 'kms:Decrypt'),
  AbortMultipartUploadCommand: (input, account) => onObject(account, input, 's3:AbortMultipartUpload'),
  DeleteObjectCommand: (input, account) => [
    ...onObject(account, input, input.VersionId ? 's3:DeleteObjectVersion' : 's3:DeleteObject'),
    // To compare the ETag takes the right to read it.
    ...(input.IfMatch ? onObject(account, input, 's3:GetObject') : []),
  ],
  ListObjectsV2Command: ({ Bucket, Prefix }) => [{
    action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}`, context: Prefix === undefined ? undefined : { 's3:prefix': Prefix },
  }],
  GetItemCommand: (input, account) => onTable(account, 'dynamodb:GetItem', input.TableName, leadingKey(input.Key)),
  PutItemCommand: (input, account) => onTable(account, 'dynamodb:PutItem', input.TableName),
  UpdateItemCommand: (input, account) => onTable(account, 'dynamodb:UpdateItem', input.TableName, leadingKey(input.Key)),
  DeleteItemCommand: (input, account) => onTable(account, 'dynamodb:DeleteItem', input.TableName, leadingKey(input.Key)),
  BatchGetItemCommand: ({ RequestItems }, account) => Object.keys(RequestItems).flatMap((table) => onTable(account, 'dynamodb:BatchGetItem', table)),
  PutEventsCommand: ({ Entries }) => Entries.map(({ EventBusName: bus }: { EventBusName: string }) => ({
    action: 'events:PutEvents', resource: bus.startsWith('arn:') ? bus : `arn:aws:events:${PLACE.region}:${PLACE.account}:event-bus/${bus}`,
  })),
  QueryCommand: ({ TableName, IndexName }, account) => onTable(account, 'dynamodb:Query', IndexName ? `${TableName}/index/${IndexName}` : TableName),
};

/** Parameters of a stored object that take rights beyond storing it. */
const MORE_RIGHTS = ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP', 'ObjectLockMode', 'ObjectLockLegalHoldStatus', 'Tagging'];

function store(account: Account, input: Input, use: KeyUse): Right[] {
  const more = MORE_RIGHTS.filter((name) => input[name] !== undefined);
  if (more.length > 0) throw new Error(`the rights that ${more.join(', ')} take are not known`);
  return onObject(account, input, 's3:PutObject', use);
}

function onObject(account: Account, { Bucket, Key }: Input, action: string, ...uses: KeyUse[]): Right[] {
  const resource = `arn:aws:s3:::${Bucket}/${Key}`;
  return [{ action, resource }, ...onKey(account.keyOf(resource), 's3', uses)];
}

function onTable(account: Account, action: string, path: string, context?: Context): Right[] {
  const resource = `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/${path}`;
  return [{ action, resource, context }, ...onKey(account.keyOf(resource), 'dynamodb', ['kms:Decrypt'])];
}

function onKey(key: string | undefined, service: string, uses: readonly KeyUse[]): Right[] {
  return key ? uses.map((action) => ({ action, resource: key, context: { 'kms:ViaService': `${service}.${PLACE.region}.amazonaws.com` } })) : [];
}

function leadingKey(key: Readonly<Record<string, { readonly S: string }>>): Context {
  return { 'dynamodb:LeadingKeys': Object.values(key)[0].S };
}
