/** Small files that claim, or unpack to, far more than their bytes: what an uploader sends to exhaust memory or time. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { jpegBomb, pngBomb, pngChunk, tiffHeader, webpBomb, gifBomb } from '../helpers/headers';
import { coded, grid, heif, ispe, largeHeic, picture, tiles } from '../helpers/heif';
import { animation, open, photo, solid } from '../helpers/images';

export interface Bomb {
  readonly name: string;
  /** How it ends; absent where it is an image within every limit, and becomes renditions. */
  readonly code?: 'TOO_LARGE' | 'CORRUPT_IMAGE' | 'UNSUPPORTED_FORMAT';
  /** Whether only renditions of one frame can be made. */
  readonly isStill?: true;
  make(): Buffer | Promise<Buffer>;
}

const PNG_HEADER_BYTES = 33;
const MEGABYTE = 1024 * 1024;

const TIFF = { 256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 64, 279: 4096 };

/** They claim more pixels than are allowed, and end by their header. */
export const OVER_THE_LIMIT: readonly Bomb[] = [
  { name: 'PNG that unpacks to 900 megapixels', make: () => flatPng(30_000, 30_000), code: 'TOO_LARGE' },
  { name: 'PNG header of 2^31 - 1 pixels a side', make: () => pngBomb(0x7fffffff, 0x7fffffff), code: 'CORRUPT_IMAGE' },
  { name: 'GIF of 65535 x 65535 pixels', make: () => gifBomb(65535, 65535), code: 'TOO_LARGE' },
  { name: 'GIF of 100,000 frames', make: () => gifBomb(64, 64, 100_000), isStill: true },
  { name: 'WebP of 16383 x 16383 pixels', make: () => webpBomb(16383, 16383), code: 'TOO_LARGE' },
  { name: 'WebP whose canvas claims 2^24 pixels a side', make: () => withCanvas(2 ** 24, 2 ** 24), code: 'CORRUPT_IMAGE' },
  { name: 'WebP whose canvas claims 16383 x 16383 pixels', make: () => withCanvas(16383, 16383), code: 'TOO_LARGE' },
  { name: 'TIFF of 65535 x 65535 pixels', make: () => tiffHeader({ ...TIFF, 256: 65535, 257: 65535 }), code: 'TOO_LARGE' },
  { name: 'JPEG of 65500 x 65500 pixels', make: async () => jpegBomb(await open(photo(16, 16)).jpeg().toBuffer(), 65500, 65500), code: 'TOO_LARGE' },
  { name: 'HEIC of 20000 x 20000 pixels in one tile', make: () => heif(tiles(1, ['red'], 20_000, 20_000)), code: 'TOO_LARGE' },
  { name: 'AVIF of 65535 x 65535 pixels', make: () => withAvifSize(64, 64, 65535, 65535), code: 'TOO_LARGE' },
];

/** They claim what is allowed, and hide more or lie about the rest. */
export const WITHIN_THE_LIMIT: readonly Bomb[] = [
  { name: 'PNG that unpacks to 100 megapixels', make: () => flatPng(10_000, 10_000) },
  { name: 'PNG that unpacks to more rows than it has', make: () => flatPng(10_000, 100, 10_000) },
  { name: 'PNG with a compressed profile of 128 megabytes', make: () => profilePng(128), code: 'TOO_LARGE' },
  { name: 'PNG with a gigabyte of compressed texts', make: () => textsPng(128, 8), code: 'TOO_LARGE' },
  { name: 'PNG of one row of 99 megapixels', make: () => flatPng(99_000_000, 1), code: 'TOO_LARGE' },
  { name: 'AVIF of 25 megapixels that claims 64 x 64', make: () => withAvifSize(5_000, 5_000, 64, 64), code: 'TOO_LARGE' },
  { name: 'AVIF of 64 x 64 pixels that claims 49 megapixels', make: () => withAvifSize(64, 64, 7_000, 7_000), code: 'UNSUPPORTED_FORMAT' },
  { name: 'HEIC of 50 megapixels in tiles', make: () => largeHeic(49_900_000) },
  { name: 'HEIC of 49 megapixels in one tile', make: () => heif(tiles(1, ['red'], 7_000, 7_000)), code: 'CORRUPT_IMAGE' },
  { name: 'HEIC of a megapixel that claims 64 x 64', make: () => heif({ items: [{ ...picture(coded('smooth')), properties: [coded('smooth').hvcC, ispe(64, 64)] }] }), code: 'UNSUPPORTED_FORMAT' },
  { name: 'HEIC that is its own tile', make: () => heif({ items: [grid(1, 1, 64, 64)], references: [{ type: 'dimg', from: 1, to: [1] }] }), code: 'CORRUPT_IMAGE' },
  { name: 'JPEG of 16 pixels that claims 99 megapixels', make: async () => jpegBomb(await open(photo(4, 4)).jpeg().toBuffer(), 9_950, 9_950) },
  { name: 'progressive JPEG of 99 megapixels in thousands of scans', make: () => scansJpeg(9_950, 9_950, 4_000), code: 'CORRUPT_IMAGE' },
  { name: 'GIF of 99 megapixels in one pixel', make: () => gifBomb(9_950, 9_950) },
  { name: 'GIF of 90 frames of a megapixel in one pixel each', make: () => gifBomb(1_000, 1_000, 90) },
  { name: 'GIF whose second frame is larger than its screen', make: () => growingGif(8, 65535) },
  { name: 'WebP of 99 megapixels in 27 bytes', make: () => webpBomb(9_950, 9_950), code: 'CORRUPT_IMAGE' },
  { name: 'TIFF whose one strip claims four gigabytes', make: () => tiffHeader({ ...TIFF, 256: 9_950, 257: 9_950, 278: 9_950, 279: 0xfffffff0 }), code: 'CORRUPT_IMAGE' },
  { name: 'TIFF with tiles of 2^31 pixels a side', make: () => tiffHeader({ ...TIFF, 322: 0x7ffffff0, 323: 0x7ffffff0, 324: 8, 325: 16 }), code: 'CORRUPT_IMAGE' },
  { name: 'TIFF with 65535 channels', make: () => tiffHeader({ ...TIFF, 277: 65535 }), code: 'CORRUPT_IMAGE' },
  { name: 'TIFF whose directories are a circle', make: () => circularTiff(), code: 'CORRUPT_IMAGE' },
];

/** A grey PNG, whose rows are all there. */
function flatPng(width: number, height: number, rows = height): Buffer {
  const png = pngBomb(width, height);
  const header = Buffer.from(png.subarray(0, PNG_HEADER_BYTES));
  const grey = Buffer.concat([header.subarray(16, 24), Buffer.from([8, 0, 0, 0, 0])]);
  return Buffer.concat([
    header.subarray(0, 8), pngChunk('IHDR', grey),
    pngChunk('IDAT', deflateSync(Buffer.alloc((width + 1) * rows), { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function profilePng(megabytes: number): Buffer {
  const profile = pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(Buffer.alloc(megabytes * MEGABYTE), { level: 9 })]));
  const png = flatPng(64, 64);
  return Buffer.concat([png.subarray(0, PNG_HEADER_BYTES), profile, png.subarray(PNG_HEADER_BYTES)]);
}

function textsPng(count: number, megabytes: number): Buffer {
  const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(megabytes * MEGABYTE, ' '), { level: 9 })]));
  const png = flatPng(64, 64);
  return Buffer.concat([png.subarray(0, PNG_HEADER_BYTES), ...Array<Buffer>(count).fill(text), png.subarray(PNG_HEADER_BYTES)]);
}

/** A first frame of `small` pixels a side, and a second of `large`. */
function growingGif(small: number, large: number): Buffer {
  const [first, second] = [gifBomb(small, small), gifBomb(large, large)];
  const frames = 13 + 6;
  return Buffer.concat([first.subarray(0, -1), second.subarray(frames)]);
}

/** An animated WebP whose canvas claims another size. */
async function withCanvas(width: number, height: number): Promise<Buffer> {
  const webp = Buffer.from(await animation('webp', [solid(16, 16, [200, 0, 0]), solid(16, 16, [0, 0, 200])]));
  const canvas = webp.indexOf('VP8X') + 8;
  webp.writeUIntLE(width - 1, canvas + 4, 3);
  webp.writeUIntLE(height - 1, canvas + 7, 3);
  return webp;
}

/** A flat AVIF whose container claims another size than its AV1 data. */
async function withAvifSize(width: number, height: number, claimedWidth: number, claimedHeight: number): Promise<Buffer> {
  const flat = sharp({ create: { width, height, channels: 3, background: '#808080' } });
  const avif = Buffer.from(await flat.avif({ effort: 0, chromaSubsampling: '4:2:0' }).toBuffer());
  const size = avif.indexOf('ispe') + 8;
  avif.writeUInt32BE(claimedWidth, size);
  avif.writeUInt32BE(claimedHeight, size + 4);
  return avif;
}

/** Each scan makes a decoder pass over every block of the image again, and costs the uploader few bytes. */
async function scansJpeg(width: number, height: number, scans: number): Promise<Buffer> {
  const small = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } }).jpeg({ progressive: true }).toBuffer();
  const jpeg = Buffer.from(small);
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc2]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  const lastScan = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: scans }, () => lastScan), jpeg.subarray(-2)]);
}

function circularTiff(): Buffer {
  const tiff = Buffer.from(tiffHeader(TIFF));
  tiff.writeUInt32LE(8, tiff.length - 4);
  return tiff;
}
