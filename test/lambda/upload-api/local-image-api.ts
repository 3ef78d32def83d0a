import { gunzipSync } from 'zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ImageApiConfig, ImageApiUploadConfig, ImageRecord, LISTED_STATUSES, ListedStatus, listingAttributes, renderImageApiConfig } from '../../../src/contract';
import { s3ClientConfig } from '../../../src/lambda/shared/s3-client-config';
import { Records } from '../../../src/lambda/upload-api/records';
import { Api, createApi } from '../../../src/lambda/upload-api/routes';
import { SIGNING_CONFIG, SignedRequests, SourceObjects } from '../../../src/lambda/upload-api/signed-requests';
import { LocalHandler } from '../../helpers/handler';

export interface ApiOptions {
  readonly upload?: Partial<ImageApiUploadConfig>;
  readonly links?: Partial<ImageApiConfig['links']>;
  readonly deletes?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: Record<string, unknown>;
}

export interface Call {
  readonly imageId?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** The body as it is sent, instead of `body`. */
  readonly text?: string;
  readonly contentType?: string;
  readonly base64?: boolean;
  readonly headers?: Record<string, string>;
}

/** The code of the upload API on the embedded services of a handler, called as API Gateway would. */
export class LocalImageApi {
  /** The log lines since it was made. */
  readonly logs: Record<string, unknown>[] = [];
  readonly config: ImageApiConfig;
  private readonly api: Api;

  constructor(private readonly pipeline: LocalHandler, options: ApiOptions = {}) {
    const { config } = pipeline.services;
    this.config = renderImageApiConfig({
      serviceName: 'Api',
      upload: {
        bucket: pipeline.sourceBucket,
        prefix: 'uploads/',
        source: { prefix: '', include: [], exclude: [] },
        path: '/uploads',
        method: 'POST',
        maxBytes: 100_000,
        contentTypes: ['image/jpeg', 'image/png'],
        expirySeconds: 300,
        ...options.upload,
      },
      links: { expirySeconds: 900, ...options.links },
      catalog: { table: config.catalog.table, partitionKey: config.catalog.partitionKey, shards: config.catalog.shards },
      deletes: options.deletes ?? true,
    });
    const collect = (level: string) => (message: unknown, extra: unknown) => this.logs.push({ level, message, ...(extra as object) });
    const { endpoint, region, credentials } = pipeline.client.config;
    const s3 = new S3Client({ ...s3ClientConfig({}), ...SIGNING_CONFIG, endpoint, region, credentials, forcePathStyle: true });
    this.api = createApi({
      config: this.config,
      records: new Records(pipeline.dynamodb.client, this.config.catalog, this.config.upload.expirySeconds),
      requests: new SignedRequests(s3),
      objects: new SourceObjects(s3),
      logger: { info: collect('INFO'), error: collect('ERROR') } as never,
    });
  }

  async call(routeKey: string, { imageId, query, body, text: given, contentType = 'application/json', base64 = false, headers: sent = {} }: Call = {}): Promise<Answer> {
    const content = given ?? (body === undefined ? undefined : JSON.stringify(body));
    const event = {
      version: '2.0',
      routeKey,
      headers: { ...sent, ...(content !== undefined && { 'content-type': contentType }) },
      queryStringParameters: query,
      pathParameters: imageId === undefined ? undefined : { imageId },
      requestContext: { requestId: 'request-1' },
      isBase64Encoded: base64,
      body: content,
    } as unknown as APIGatewayProxyEventV2;
    const { statusCode, body: answer, headers, isBase64Encoded } = await this.api(event);
    const text = isBase64Encoded ? gunzipSync(Buffer.from(answer!, 'base64')).toString() : answer;
    return { status: statusCode!, body: text === undefined ? undefined : JSON.parse(text), headers: headers! };
  }

  upload(body: unknown): Promise<Answer> {
    return this.call('POST /uploads', { body });
  }

  list(query?: Record<string, string>, headers?: Record<string, string>): Promise<Answer> {
    return this.call('GET /images', { query, headers });
  }

  get(imageId: string): Promise<Answer> {
    return this.call('GET /images/{imageId}', { imageId });
  }

  delete(imageId: string): Promise<Answer> {
    return this.call('DELETE /images/{imageId}', { imageId });
  }

  /** Puts a record as the pipeline would. */
  async record(imageId: string, status: ImageRecord['status'], uploadedAt: string, more: Partial<ImageRecord> = {}): Promise<void> {
    const { table } = this.config.catalog;
    await this.pipeline.dynamodb.client.send(new PutCommand({ TableName: table, Item: this.item(imageId, status, uploadedAt, more) }));
  }

  item(imageId: string, status: ImageRecord['status'], uploadedAt: string, more: Partial<ImageRecord> = {}): Record<string, unknown> {
    const isListed = (LISTED_STATUSES as readonly string[]).includes(status);
    return {
      imageId,
      status,
      sourceBucket: this.pipeline.sourceBucket,
      sourceKey: `uploads/${imageId}/cat.jpg`,
      fileName: 'cat.jpg',
      uploadedAt,
      updatedAt: uploadedAt,
      attempts: 1,
      ...(isListed ? listingAttributes(imageId, status as ListedStatus, uploadedAt, this.config.catalog.shards) : {}),
      ...more,
    };
  }

  async recordAll(items: readonly Record<string, unknown>[]): Promise<void> {
    const { table } = this.config.catalog;
    for (let at = 0; at < items.length; at += 25) {
      const RequestItems = { [table]: items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } })) };
      await this.pipeline.dynamodb.client.send(new BatchWriteCommand({ RequestItems }));
    }
  }
}

/** Sends a form as a browser would. */
export function postForm({ url, fields }: { url: string; fields: Record<string, string> }, file: Buffer | string): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), 'blob');
  return fetch(url, { method: 'POST', body: form });
}

/** Sends a body as a browser would. */
export function putBody({ url, headers }: { url: string; headers: Record<string, string> }, body: Buffer | string): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body: new Uint8Array(Buffer.from(body)) });
}
