import { DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { StoredObject } from './verdict';
import type { CatalogConfig } from '../../../contract';

/** What S3 answers where the object is another by now, or gone. */
const CHANGED = [404, 409, 412];

const statusOf = (error: unknown) => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

/** The metadata of an object, unless it is another by now. */
export async function metadataOf(s3: S3Client, { bucket, key, etag }: StoredObject): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${etag}"` }))).Metadata ?? {};
  } catch (error) {
    if (CHANGED.includes(statusOf(error))) return undefined;
    throw error;
  }
}

/** @returns false where the object is another by now */
export async function deleteObject(s3: S3Client, { bucket, key, etag }: StoredObject): Promise<boolean> {
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${etag}"` }));
    return true;
  } catch (error) {
    if (CHANGED.includes(statusOf(error))) return false;
    throw error;
  }
}

/**
 * Takes a rendition out of its record, before it is deleted: what a completed record says is there, is there.
 *
 * @returns false where the record is another by now
 */
export async function forgetRendition(
  dynamodb: DynamoDBDocumentClient, { table, partitionKey }: CatalogConfig, rendition: StoredObject & { readonly imageId: string }, name: string,
): Promise<boolean> {
  const { bucket, key, etag, imageId } = rendition;
  try {
    await dynamodb.send(new UpdateCommand({
      TableName: table,
      Key: { [partitionKey]: imageId },
      UpdateExpression: 'REMOVE #renditions.#name DELETE #outputs :place',
      ConditionExpression: '#status = :completed AND #renditions.#name.#bucket = :bucket AND #renditions.#name.#key = :key AND #renditions.#name.#etag = :etag',
      ExpressionAttributeNames: {
        '#renditions': 'renditions', '#name': name, '#outputs': 'outputs', '#status': 'status', '#bucket': 'bucket', '#key': 'key', '#etag': 'etag',
      },
      ExpressionAttributeValues: { ':place': new Set([`${bucket}/${key}`]), ':completed': 'COMPLETED', ':bucket': bucket, ':key': key, ':etag': etag },
    }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
