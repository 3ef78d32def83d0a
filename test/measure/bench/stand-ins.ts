import { createHash } from 'node:crypto';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** S3 and DynamoDB that answer at once: to every GET an image, to every write that it is done. A DELETE takes the number of bytes stored. */
export class StandIns {
  static async start(): Promise<StandIns> {
    const standIns = new StandIns();
    await new Promise<void>((resolve) => standIns.server.listen(0, '127.0.0.1', resolve));
    return standIns;
  }

  /** Bytes of objects since somebody took the number. */
  private stored = 0;
  private readonly images = new Map<string, { body: Buffer; etag: string }>();
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  private constructor() {}

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The key is the path of its file. */
  addImage(key: string, body: Buffer): void {
    this.images.set(key, { body, etag: createHash('md5').update(body).digest('hex') });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET') {
      const key = decodeURIComponent(new URL(url, 'http://s3').pathname).replace(/^\/source\//, '');
      const image = this.images.get(key) ?? this.images.get(`/${key}`);
      if (!image) return void response.writeHead(404).end();
      return void response.writeHead(200, { 'content-length': image.body.length, 'etag': `"${image.etag}"` }).end(image.body);
    }
    const body = await buffer(request);
    if (method === 'DELETE') {
      response.end(String(this.stored));
      this.stored = 0;
      return;
    }
    if (method === 'PUT') {
      this.stored += body.length;
      return void response.writeHead(200, { etag: '"0"' }).end();
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  }
}
