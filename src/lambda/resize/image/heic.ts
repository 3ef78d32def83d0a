import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asBrowsersSee } from './avif-colour';
import { profileOf, requireStandardRange } from './cicp';
import { timeout } from './failures';
import { HeicAnswer, HeicFailure, HeicHeader, HeicRequest, PngMetadata } from './heic/protocol';
import { uprightXmp, withoutThumbnail } from './kept-metadata';
import { damaged, tooLargeForDecoder, unsupportedForm } from './words';
import { ProcessingConfig } from '../../../contract';

export interface Heic extends Pick<HeicHeader, 'width' | 'height' | 'alpha'> {
  /** Pixels that its decoder may meet. */
  readonly maxPixels: number;
  readonly exif?: Buffer;
  readonly xmp?: Buffer;
  /** What the PNG that is made of it has beside the pixels. */
  readonly metadata: PngMetadata;
}

/** Nothing is decoded for a header. */
const HEADER_SECONDS = 30;
const DECODER = join(__dirname, 'heic-decoder.mjs');

/**
 * What the boxes of a HEIC tell of its primary image.
 *
 * @throws PermanentError `UNSUPPORTED_FORMAT`, `TOO_LARGE`, `CORRUPT_IMAGE` or `TIMEOUT`
 */
export async function readHeic(data: Buffer, { metadata: policy }: ProcessingConfig, maxPixels: number): Promise<Heic> {
  const { width, height, alpha, ...header } = await ask<HeicHeader>({ ask: 'header', file: data, maxPixels }, Date.now() + HEADER_SECONDS * 1000);
  const [exif, xmp] = [header.exif, header.xmp].map((part) => part && Buffer.from(part));
  const kept = policy === 'all' ? { exif: exif && upright(withoutThumbnail(exif) ?? exif), xmp: xmp && (uprightXmp(xmp) ?? xmp) } : {};
  return { width, height, alpha, exif, xmp, maxPixels, metadata: { ...profileFor(header), ...kept } };
}

/**
 * A HEIC as a PNG of its pixels, its profile, and the metadata that is to be kept.
 *
 * @param deadline epoch milliseconds
 * @throws PermanentError `UNSUPPORTED_FORMAT`, `TOO_LARGE`, `CORRUPT_IMAGE` or `TIMEOUT`
 */
export async function heicAsPng(data: Buffer, { width, height, maxPixels, metadata }: Heic, deadline: number): Promise<Buffer> {
  const { buffer, byteOffset, length } = await ask<Uint8Array>({ ask: 'png', file: data, maxPixels, metadata }, deadline);
  const png = Buffer.from(buffer, byteOffset, length);
  const decoded = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
  if (decoded.width === width && decoded.height === height) return png;
  throw damaged('heic', { detail: `the heic image cannot be decoded: it states ${width}x${height} pixels and has ${decoded.width}x${decoded.height}` });
}

/** Only a profile that fits the pixels; code points become one. */
function profileFor({ icc, codePoints, grey }: Pick<HeicHeader, 'icc' | 'codePoints' | 'grey'>): Pick<PngMetadata, 'icc' | 'grey'> {
  if (icc) {
    const space = Buffer.from(icc).toString('latin1', 16, 20);
    return space === 'RGB ' || (space === 'GRAY' && grey) ? { icc, grey: space === 'GRAY' } : { grey: false };
  }
  if (!codePoints) return { grey: false };
  const points = asBrowsersSee(codePoints);
  requireStandardRange(points, 'heic');
  return { icc: profileOf(points), grey: false };
}

const ORIENTATION_TAG = 0x0112;

/** The orientation of a HEIC is that of its boxes, which libheif applies; that of its EXIF says it once more. */
function upright(exif: Buffer): Buffer {
  const order = exif.toString('latin1', 0, 2);
  if (exif.length < 8 || !['II', 'MM'].includes(order)) return exif;
  const [u16, u32] = order === 'II' ? [(at: number) => exif.readUInt16LE(at), (at: number) => exif.readUInt32LE(at)]
    : [(at: number) => exif.readUInt16BE(at), (at: number) => exif.readUInt32BE(at)];
  const directory = u32(4);
  const entries = directory + 2 <= exif.length ? u16(directory) : 0;
  for (let at = directory + 2, nth = 0; nth < entries && at + 12 <= exif.length; at += 12, nth += 1) {
    if (u16(at) !== ORIENTATION_TAG) continue;
    const edited = Buffer.from(exif);
    edited.set(order === 'II' ? [1, 0, 0, 0] : [0, 1, 0, 0], at + 8);
    return edited;
  }
  return exif;
}

/** A thread per question: it can be ended while it decodes, and takes its memory along. */
async function ask<T>(request: HeicRequest, deadline: number): Promise<T> {
  const milliseconds = deadline - Date.now();
  if (milliseconds <= 0) throw timeout();
  const worker = new Worker(DECODER, { workerData: request, execArgv: [], stdout: true, stderr: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<HeicAnswer<T>>((resolve, reject) => {
      if (milliseconds < MAX_TIMER_MS) timer = setTimeout(() => reject(timeout()), milliseconds);
      worker.once('message', resolve).once('error', reject);
      worker.once('exit', (status) => reject(new Error(`the decoder of HEIC ended with status ${status}`)));
    });
    if ('failure' in answer) throw failureOf(answer.failure);
    return answer.answer;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** What a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31;

function failureOf({ kind, detail }: HeicFailure): Error {
  switch (kind) {
    case 'too large': return tooLargeForDecoder('heic', { detail: `the heic image is too large to be decoded: ${detail}` });
    case 'hidden': return unsupportedForm('heic', 'holds far more than it shows', { detail: `the heic image is cropped to less than can be decoded of it: ${detail}` });
    case 'unsupported': return unsupportedForm('heic', 'is stored in an unusual way', { detail: `the heic image cannot be decoded: ${detail}` });
    case 'no still': return unsupportedForm('heic', 'has no picture that can be read', { detail: `the heic image has no still that can be read: ${detail}` });
    case 'damaged': return damaged('heic', { detail: `the heic image cannot be decoded: ${detail}` });
  }
}
