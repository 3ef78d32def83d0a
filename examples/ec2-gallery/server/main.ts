import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createApp } from './app';
import { Catalog } from './catalog';
import { Listing } from './listing';
import { parseSettings } from './settings';
import { Storage } from './storage';
import { Uploads } from './uploads';

const settings = parseSettings(process.env);

// An endpoint of one's own, such as of an S3 on this machine, has no subdomains for buckets.
const s3 = new S3Client({ forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) });
const table = [DynamoDBDocumentClient.from(new DynamoDBClient({})), settings.tableName, settings.listingShards] as const;
const catalog = new Catalog(...table);
const listing = new Listing(...table);
const storage = new Storage(s3, settings, settings.linkSeconds);
const uploads = new Uploads(catalog, storage, settings, settings.maxUploads);

void start();

async function start(): Promise<void> {
  const app = await createApp({ ...settings, catalog, listing, storage, uploads, linkOrigins: await storage.linkOrigins() });
  process.once('SIGTERM', () => void stop());
  await app.listen({ host: '127.0.0.1', port: settings.port });

  /** Lets running uploads finish, within bounds. */
  async function stop(): Promise<void> {
    app.log.info('stopping');
    const timer = setTimeout(() => uploads.cancelAll(), settings.shutdownSeconds * 1000);
    await app.close();
    clearTimeout(timer);
    app.log.info('stopped');
  }
}
