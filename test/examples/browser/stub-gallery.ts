import { createReadStream, existsSync, readFileSync, statSync } from 'fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { gzipSync } from 'zlib';
import busboy from 'busboy';
import sharp from 'sharp';

const WEB = join(__dirname, '..', '..', '..', 'examples', 'web');

/** As the README of the page has it, with everything from one origin. */
const POLICY = "default-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json', jpg: 'image/jpeg', png: 'image/png',
};

/** The largest first. */
const PROFILES = ['large', 'thumbnail'] as const;

/** Of a sunset. */
const THUMB_HASH = '1QcSHQRnh493V4dIh4eXh1h4kJUI';

/** As servers of pages compress it. */
const COMPRESSED = /\.(html|js|css|svg|json)$/;

export const MAX_BYTES = 2 * 1024 ** 2;

type Shape = readonly [width: number, height: number];
export const SHAPES: readonly Shape[] = [[600, 400], [400, 600], [800, 360], [500, 500], [640, 480], [1200, 300], [300, 800]];

export interface StubImage {
  readonly imageId: string;
  readonly fileName: string;
  readonly shape: Shape;
  status: 'PROCESSING' | 'COMPLETED' | 'FAILED';
  readonly uploadedAt: number;
}

/** The gallery's page in front of an API that does at once what it is told, or fails when it is told to. */
export class StubGallery {
  /** @param draw JPEGs of each shape; one colour for each unless they are drawn */
  static async start(draw = plain): Promise<StubGallery> {
    const pictures = new Map(await Promise.all(SHAPES.map(async (shape, at) => [shape.join('x'), await draw(shape, at)] as const)));
    const stub = new StubGallery(pictures);
    await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  images: StubImage[] = [];
  /** Answers of the API to uploads, instead of taking them. */
  refuse?: () => number | undefined;
  /** Whether uploads stay `PROCESSING`. */
  holds = false;
  /** What is known of originals besides, as `exif`. */
  facts: object = {};
  /** What links to pictures end with, as `?X-Amz-Date=...`. */
  signature = '';
  /** Of the versions, the largest first. */
  profiles: readonly string[] = PROFILES;
  /** Requests that came, as `GET /api/images`. */
  readonly requests: string[] = [];
  private count = 0;
  private readonly server: Server;

  private constructor(private readonly pictures: ReadonlyMap<string, Buffer>) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Ready images of every shape, the last one newest. */
  fill(count: number): void {
    for (let each = 0; each < count; each += 1) this.add(`picture ${each + 1}.jpg`, SHAPES[each % SHAPES.length], 'COMPLETED');
  }

  add(fileName: string, shape: Shape, status: StubImage['status']): StubImage {
    this.count += 1;
    const image: StubImage = { imageId: `image-${this.count}`, fileName, shape, status, uploadedAt: Date.UTC(2026, 0, 1) + this.count * 1000 };
    this.images.unshift(image);
    return image;
  }

  reset(): void {
    this.images = [];
    this.count = 0;
    this.requests.length = 0;
    this.refuse = undefined;
    this.holds = false;
    this.profiles = PROFILES;
    this.facts = {};
    this.signature = '';
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    this.requests.push(`${request.method} ${pathname}`);
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('cache-control', 'no-cache');
    const [, area, name, imageId] = pathname.split('/');
    if (pathname === '/config.json') return json(response, 200, { api: 'api', uploads: 'multipart', title: 'Gallery', maxBytes: MAX_BYTES, deletes: true });
    if (area === 'pictures' && name) return this.picture(response, name);
    if (area !== 'api') return file(response, pathname === '/' ? '/index.html' : decodeURIComponent(pathname));
    if (request.method === 'POST') return this.upload(request, response);
    if (imageId === undefined) return json(response, 200, this.list(searchParams));
    const image = this.images.find((each) => each.imageId === imageId);
    if (!image) return json(response, 404, { code: 'NOT_FOUND', message: 'there is no such image' });
    if (request.method === 'DELETE') {
      this.images = this.images.filter((each) => each !== image);
      return json(response, 202, { imageId });
    }
    return json(response, 200, this.view(image));
  }

  private view(image: StubImage): object {
    return view(image, this.profiles, this.facts, this.signature);
  }

  private list(query: URLSearchParams): object {
    const limit = Number(query.get('limit'));
    const status = query.get('status');
    const all = this.images.filter((image) => status === null || image.status === status);
    const from = Number(query.get('cursor') ?? 0);
    const images = all.slice(from, from + limit).map((image) => this.view(image));
    return { images, ...(from + limit < all.length && { cursor: String(from + limit) }) };
  }

  private picture(response: ServerResponse, name: string): void {
    response.setHeader('cache-control', 'max-age=3600').setHeader('content-type', 'image/jpeg').end(this.pictures.get(name.replace('.jpg', '')));
  }

  private upload(request: IncomingMessage, response: ServerResponse): void {
    const refused = this.refuse?.();
    if (refused !== undefined) {
      request.resume();
      return json(response, refused, { code: 'UNAVAILABLE', message: 'try again soon' });
    }
    const form = busboy({ headers: request.headers });
    form.on('file', (_name, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => void this.store(filename ?? '', Buffer.concat(chunks)).then((image) => json(response, 201, this.view(image))));
    });
    form.on('error', () => response.destroy());
    request.pipe(form);
  }

  private async store(fileName: string, content: Buffer): Promise<StubImage> {
    const facts = await sharp(content).resize(8).toBuffer().then(() => sharp(content).metadata(), () => undefined);
    const shape = facts && SHAPES.find(([width, height]) => Math.abs(width / height - facts.width / facts.height) < 0.01);
    return this.add(fileName, shape ?? SHAPES[0], this.holds ? 'PROCESSING' : facts ? 'COMPLETED' : 'FAILED');
  }
}

function plain([width, height]: Shape, at: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: 60 + 25 * at, g: 180 - 20 * at, b: 140 } } }).jpeg().toBuffer();
}

/** An image as the API has it: the original has ten times the bytes of its largest version. */
function view(image: StubImage, profiles: readonly string[], facts: object, signature: string): object {
  const { imageId, fileName, shape: [width, height], status, uploadedAt } = image;
  const at = new Date(uploadedAt).toISOString();
  const url = `/pictures/${width}x${height}.jpg${signature}`;
  const rendition = (profile: string, format: string, scale: number, reductionPercent: number) => ({
    name: `${profile}.${format}`,
    profile,
    format,
    contentType: `image/${format}`,
    reductionPercent,
    url,
    width: Math.round(width * scale),
    height: Math.round(height * scale),
    bytes: Math.round(200_000 * (1 - reductionPercent / 100)),
  });
  const isReady = status === 'COMPLETED';
  const [larger, smallest] = [profiles.slice(0, -1), profiles.at(-1)!];
  return {
    imageId,
    status,
    fileName,
    uploadedAt: at,
    ...(status !== 'PROCESSING' && { processedAt: at }),
    ...(status !== 'FAILED' && { original: { width, height, format: 'jpeg', bytes: 200_000, thumbHash: THUMB_HASH, ...facts } }),
    renditions: isReady ? [rendition(smallest, 'jpeg', 0.5, 95), ...larger.flatMap((profile) => [rendition(profile, 'jpeg', 1, 80), rendition(profile, 'webp', 1, 90)])] : [],
    ...(isReady && { source: { url } }),
    ...(status === 'FAILED' && { failure: { code: 'CORRUPT_IMAGE', message: 'This JPEG image is damaged or incomplete.' } }),
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(body)));
}

function file(response: ServerResponse, path: string): void {
  const place = join(WEB, path);
  if (!existsSync(place) || !statSync(place).isFile()) return void response.writeHead(404).end();
  response.setHeader('content-type', TYPES[path.split('.').at(-1)!] ?? 'application/octet-stream');
  if (!COMPRESSED.test(place)) return void createReadStream(place).pipe(response);
  response.setHeader('content-encoding', 'gzip').end(gzipSync(readFileSync(place)));
}
