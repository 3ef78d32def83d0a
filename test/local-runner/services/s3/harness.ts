import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { IncomingHttpHeaders, request as httpRequest } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { LocalS3, S3EventRecord } from '../../../../local-runner/services/s3';

export const REGION = 'eu-west-1';
export const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'secret/with+chars' };
export const BUCKET = 'photos';

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A running server with one bucket, an SDK client for it, and views of what is really there. */
export class Harness {
  static async start(...buckets: { name: string; versioned: boolean }[]): Promise<Harness> {
    const directory = mkdtempSync(join(tmpdir(), 'local-s3-test-'));
    const s3 = await LocalS3.start({ credentials: CREDENTIALS, region: REGION, temporaryDirectory: directory });
    s3.createBucket(BUCKET);
    for (const { name, versioned } of buckets) s3.createBucket(name, { versioned });
    return new Harness(s3, directory);
  }

  readonly events: S3EventRecord[] = [];
  readonly client: S3Client;
  private readonly clients: S3Client[] = [];

  private constructor(readonly s3: LocalS3, private readonly directory: string) {
    s3.onEvent((record) => this.events.push(record));
    this.client = this.newClient();
  }

  newClient(config: S3ClientConfig = {}): S3Client {
    const client = new S3Client({
      endpoint: this.s3.endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true, maxAttempts: 1, ...config,
    });
    this.clients.push(client);
    return client;
  }

  /** How many bodies the server holds, complete or not. */
  bodiesOnDisk(): number {
    return readdirSync(this.directory).flatMap((name) => readdirSync(join(this.directory, name))).length;
  }

  /** Nothing is stored and nothing was announced. */
  expectNothingStored(): void {
    expect(this.bodiesOnDisk()).toBe(0);
    expect(this.events).toEqual([]);
  }

  async sign({ method, path, headers = {}, body }: RawRequest, signingDate: Date = new Date()): Promise<Record<string, string>> {
    const [pathname, query = ''] = path.split('?');
    const signer = new SignatureV4({ credentials: CREDENTIALS, region: REGION, service: 's3', sha256: Sha256, uriEscapePath: false });
    const signed = await signer.sign(new HttpRequest({
      method,
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host: new URL(this.s3.endpoint).host, ...headers },
      body,
    }), { signingDate });
    return signed.headers;
  }

  /** Sends a signed request. */
  async send(request: RawRequest): Promise<Response> {
    return this.sendAsIs({ ...request, headers: await this.sign(request) });
  }

  /** Sends exactly what it is given: `fetch` would normalise the path. */
  async sendAsIs({ method, path, headers = {}, body }: RawRequest): Promise<Response> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(this.s3.endpoint, { method, path, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks).toString() }));
        incoming.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.s3.stop();
    const left = readdirSync(this.directory);
    rmSync(this.directory, { recursive: true });
    expect(left).toEqual([]);
  }
}

/** What a refusal says, for `toMatchObject`. */
export function refusal(status: number, code: string): { status: number; body: unknown } {
  return { status, body: expect.stringContaining(`<Code>${code}</Code>`) };
}

/** The same for an SDK error. */
export function sdkError(status: number, name: string): { name: string; $metadata: unknown } {
  return { name, $metadata: expect.objectContaining({ httpStatusCode: status }) };
}
