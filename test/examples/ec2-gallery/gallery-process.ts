import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { bundleServer } from '../../../examples/ec2-gallery/server-bundle';
import { LocalTables } from '../../../local-runner/services/dynamodb/local-tables';
import { LocalS3 } from '../../../local-runner/services/s3';

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const TABLE = 'images';

export const SOURCE = 'originals';
export const OUTPUT = 'renditions';
export const SHARDS = 4;
export const MIB = 1024 * 1024;
export const BOUNDARY = 'gallery-test-boundary';
/** What there is of images when there are none. */
export const NO_TRACES = { records: 0, objects: 0, uploads: 0 };

export type LogLine = Readonly<Record<string, unknown>>;

/** S3 and DynamoDB on this machine, and the bundle of the server as it goes to the instance. */
export class GalleryCloud {
  static async start(): Promise<GalleryCloud> {
    const folder = mkdtempSync(join(tmpdir(), 'ec2-gallery-'));
    const web = join(folder, 'front-end');
    mkdirSync(web);
    writeFileSync(join(web, 'index.html'), '<!doctype html><title>Gallery</title>');
    writeFileSync(join(web, 'app.js'), 'export const page = 1;');
    writeFileSync(join(web, 'jsconfig.json'), '{}');
    bundleServer(web, join(folder, 'bundle'));

    const s3 = await LocalS3.start({ credentials: CREDENTIALS, region: REGION, temporaryDirectory: folder });
    s3.createBucket(SOURCE);
    s3.createBucket(OUTPUT);
    const tables = await LocalTables.start();
    const cloud = new GalleryCloud(folder, s3, tables);
    await cloud.createTable();
    return cloud;
  }

  readonly client: S3Client;
  private readonly dynamodb: DynamoDBClient;
  private readonly documents: DynamoDBDocumentClient;

  private constructor(readonly folder: string, readonly s3: LocalS3, private readonly tables: LocalTables) {
    this.client = new S3Client({ endpoint: s3.endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
    this.dynamodb = new DynamoDBClient({ endpoint: tables.endpoint, region: REGION, credentials: CREDENTIALS });
    this.documents = DynamoDBDocumentClient.from(this.dynamodb);
  }

  /** The environment of the service on the instance, with this machine's AWS. */
  environment(): Record<string, string> {
    return {
      PORT: '0',
      WEB_FOLDER: join(this.folder, 'bundle', 'web'),
      TITLE: 'Gallery under test',
      TABLE_NAME: TABLE,
      LISTING_SHARDS: String(SHARDS),
      SOURCE_BUCKET: SOURCE,
      SOURCE_PREFIX: 'uploads/',
      OUTPUT_BUCKET: OUTPUT,
      MAX_UPLOAD_BYTES: String(8 * MIB),
      MAX_UPLOADS: '2',
      LINK_SECONDS: '300',
      SHUTDOWN_SECONDS: '30',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_S3: this.s3.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: this.tables.endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
  }

  async put(item: Readonly<Record<string, unknown>>): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: TABLE, Item: item }));
  }

  /** Many at a time. */
  async putAll(items: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    for (let at = 0; at < items.length; at += 25) {
      const puts = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
      await this.documents.send(new BatchWriteCommand({ RequestItems: { [TABLE]: puts } }));
    }
  }

  /** How often the table was queried. */
  get queries(): number {
    return this.tables.requests['DynamoDB Query'] ?? 0;
  }

  async remove(imageId: string): Promise<void> {
    await this.documents.send(new DeleteCommand({ TableName: TABLE, Key: { imageId } }));
  }

  async items(): Promise<Record<string, any>[]> {
    const { Items = [] } = await this.documents.send(new ScanCommand({ TableName: TABLE, ConsistentRead: true }));
    return Items;
  }

  async originals(): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: SOURCE }));
    return Contents.map(({ Key }) => Key!);
  }

  async unfinishedUploads(): Promise<string[]> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: SOURCE }));
    return Uploads.map(({ Key }) => Key!);
  }

  /** What there is of images in whatever state. */
  async traces(): Promise<{ records: number; objects: number; uploads: number }> {
    const [records, objects, uploads] = await Promise.all([this.items(), this.originals(), this.unfinishedUploads()]);
    return { records: records.length, objects: objects.length, uploads: uploads.length };
  }

  async stop(): Promise<void> {
    this.client.destroy();
    this.dynamodb.destroy();
    await this.s3.stop();
    await this.tables.stop();
    rmSync(this.folder, { recursive: true });
  }

  private async createTable(): Promise<void> {
    const string = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
    await this.tables.create(this.dynamodb, TABLE, {
      AttributeDefinitions: ['imageId', 'listingPartition', 'listingSort'].map(string),
      KeySchema: [{ AttributeName: 'imageId', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [{
        IndexName: 'by-status',
        KeySchema: [{ AttributeName: 'listingPartition', KeyType: 'HASH' }, { AttributeName: 'listingSort', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      }],
    });
  }
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The server as a process of its own. */
export class GalleryProcess {
  static async start(cloud: GalleryCloud, environment: Readonly<Record<string, string>> = {}): Promise<GalleryProcess> {
    const child = spawn(process.execPath, [join(cloud.folder, 'bundle', 'server.mjs')], {
      env: { ...cloud.environment(), ...environment, HOME: cloud.folder }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new GalleryProcess(child);
    started.origin = String((await started.logged((line) => /listening at/.test(String(line.message)))).message).replace(/^.*(http:\S+).*$/, '$1');
    return started;
  }

  readonly logs: LogLine[] = [];
  readonly exit: Promise<unknown>;
  origin = '';

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.logs.push(JSON.parse(line) as LogLine));
    this.exit = once(child, 'exit').then(([code]) => code as unknown);
  }

  async logged(matches: (line: LogLine) => boolean): Promise<LogLine> {
    return until(() => this.logs.find(matches));
  }

  async get<T = any>(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: T }> {
    const response = await fetch(`${this.origin}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** As a browser of another site or a proxy may ask: with headers that `fetch` keeps to itself. */
  async ask({ method, path, type, body, headers }: Asked): Promise<{ status: number; body: any }> {
    const asked = request(`${this.origin}${path}`, { method, headers: { ...(type && { 'content-type': type }), ...headers } }).end(body);
    const [response] = await once(asked, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return { status: response.statusCode as number, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  async upload(content: Buffer, fileName = 'cat.jpg', type = 'image/jpeg') {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(content)], { type }), fileName);
    return this.get('/api/images', { method: 'POST', body: form });
  }

  /** Begins a form whose rest comes later, or never. */
  beginUpload(head = partHead()): SlowUpload {
    return new SlowUpload(this.origin, head);
  }

  /** Bytes of memory that the process holds. */
  residentBytes(): number {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))!;
    return Number(kibibytes) * 1024;
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exit;
  }
}

/** An upload whose bytes a test sends one by one. */
export class SlowUpload {
  readonly answer: Promise<{ status: number; body: any }>;
  private readonly request: ClientRequest;

  constructor(origin: string, head: string) {
    this.request = request(`${origin}/api/images`, { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } });
    this.answer = once(this.request, 'response').then(async ([response]) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { status: response.statusCode as number, body: JSON.parse(Buffer.concat(chunks).toString()) };
    });
    // Those who hang up want no answer.
    this.answer.catch(() => undefined);
    this.request.write(head);
  }

  async send(content: Buffer | string): Promise<void> {
    await new Promise<void>((resolve, reject) => this.request.write(content, (error) => (error ? reject(error) : resolve())));
  }

  finish(): void {
    this.request.end(`\r\n--${BOUNDARY}--\r\n`);
  }

  hangUp(): void {
    this.request.on('error', () => undefined);
    this.request.destroy();
  }
}

export function partHead(name = 'image', fileName: string | null = 'slow.jpg', type = 'image/jpeg'): string {
  const file = fileName === null ? '' : `; filename="${fileName}"`;
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\nContent-Type: ${type}\r\n\r\n`;
}

export function bytes(length: number): Buffer {
  return Buffer.alloc(length, 'some bytes of a picture ');
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(20);
  }
}
