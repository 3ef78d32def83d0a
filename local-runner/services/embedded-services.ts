import { randomBytes } from 'crypto';
import { mkdir, mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { LocalTables } from './dynamodb/local-tables';
import { Credentials, LocalS3 } from './s3';
import { LocalServer } from '../http/local-server';

/** The servers of an app, and clients of them. */
export interface Services {
  /** A directory of the app that goes with it. */
  readonly temporary: string;
  readonly s3: LocalS3;
  readonly s3Client: S3Client;
  readonly tables: LocalTables;
  readonly dynamodbClient: DynamoDBClient;
  /** Takes what is put on event buses. */
  readonly events: LocalServer;
  /** Of the app; they may do everything. */
  readonly credentials: Credentials;
  /** Credentials and endpoints, by which every function finds the servers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the servers and removes all data. */
  readonly stop: () => Promise<void>;
}

/** @param host address of this machine on which buckets can be reached; all else is for this machine alone */
export async function startServices(region: string, host?: string): Promise<Services> {
  const cleanups: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  try {
    const temporary = await mkdtemp(join(tmpdir(), 'local-app-'));
    cleanups.push(() => rm(temporary, { recursive: true, force: true }));
    const home = join(temporary, 'home');
    await mkdir(home);

    const credentials = { accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`, secretAccessKey: randomBytes(20).toString('hex') };
    const s3 = await LocalS3.start({ credentials, region, host, temporaryDirectory: temporary });
    cleanups.push(() => s3.stop());
    const tables = await LocalTables.start();
    cleanups.push(() => tables.stop());
    const events = await LocalServer.listen();
    cleanups.push(() => events.stop());
    const s3Client = new S3Client({ endpoint: s3.endpoint, region, credentials, forcePathStyle: true });
    cleanups.push(() => s3Client.destroy());
    const dynamodbClient = new DynamoDBClient({ endpoint: tables.endpoint, region, credentials });
    cleanups.push(() => dynamodbClient.destroy());

    const environment = {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: events.origin,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      // The template names a newer Node.js than this machine may have.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Keeps the SDK from the developer's own settings.
      HOME: home,
    };
    return { temporary, s3, s3Client, tables, dynamodbClient, events, credentials, environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
