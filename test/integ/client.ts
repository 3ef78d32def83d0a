import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface Picture {
  readonly width: number;
  readonly height: number;
}

/** What the client does when it is invoked: a field each. */
export interface ClientRequest {
  /** Uploads a picture of this many pixels; with `damaged` only its beginning. */
  readonly put?: Picture & { readonly bucket: string; readonly key: string; readonly imageId: string; readonly damaged?: boolean };
  /** Asks an upload API where to put a picture, and puts it there. */
  readonly announce?: Picture & { readonly url: string; readonly fileName: string };
  /** Asks an upload API for its newest image. Answers with its status, and whether its links work. */
  readonly newest?: { readonly url: string };
  /** Reads an address. Answers with the content type, or with the status where there is nothing. */
  readonly read?: { readonly url: string };
}

/**
 * The code of somebody who uploads. It needs nothing but Node.js and the SDK of the runtime, and makes its pictures itself: a test has no
 * binary files, and its template is the same on every machine.
 */
export const CLIENT_CODE = `
const zlib = require('node:zlib');

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(zlib.crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG whose colours run from corner to corner. */
function png(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    rows.set([255 * x / width, 255 * y / height, 128], y * (1 + width * 3) + 1 + x * 3);
  }
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

async function json(url, options) {
  const response = await fetch(url, options);
  const text = await response.text();
  if (!response.ok) throw new Error(url + ' answered ' + response.status + ': ' + text);
  return JSON.parse(text);
}

exports.png = png;
exports.handler = async ({ put, announce, newest, read }) => {
  if (put) {
    const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
    const picture = png(put.width, put.height);
    const Body = put.damaged ? picture.subarray(0, 60) : picture;
    await new S3Client().send(new PutObjectCommand({ Bucket: put.bucket, Key: put.key, Body, ContentType: 'image/png', Metadata: { 'image-id': put.imageId } }));
    return 'stored';
  }
  if (announce) {
    const Body = png(announce.width, announce.height);
    const request = { fileName: announce.fileName, contentType: 'image/png', bytes: Body.length };
    const headers = { 'content-type': 'application/json' };
    const upload = await json(announce.url + '/uploads', { method: 'POST', headers, body: JSON.stringify(request) });
    const response = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: Body });
    if (!response.ok) throw new Error('S3 answered ' + response.status + ': ' + await response.text());
    return 'stored';
  }
  if (newest) {
    const { images: [image] } = await json(newest.url + '/images?limit=1');
    const links = image.renditions.map(({ url }) => url);
    const answers = await Promise.all(links.map((url) => fetch(url)));
    return image.status + (answers.length > 0 && answers.every(({ ok }) => ok) ? ', and every link works' : '');
  }
  const response = await fetch(read.url);
  return response.ok ? response.headers.get('content-type') : String(response.status);
};
`.trim();

/** The client as a function of the stack that is tested. */
export function createClient(scope: Construct): IFunction {
  return new Function(scope, 'Client', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(CLIENT_CODE),
    timeout: Duration.minutes(1),
    memorySize: 512,
    logGroup: new LogGroup(scope, 'ClientLogs', { removalPolicy: RemovalPolicy.DESTROY, retention: RetentionDays.ONE_DAY }),
  });
}
