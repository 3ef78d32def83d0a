import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { Stack, Token } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageAdjustment, ImagePosition, ImageProfile, ImageWatermark, ImageWatermarkOptions } from '../../src';
import { pngChunks } from '../../src/contract';
import { open, paint, solid } from '../helpers/images';

let folder: string;
let logo: string;
const write = (name: string, content: Buffer | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watermark-'));
  logo = write('logo.png', await open(solid(8, 8, [1, 2, 3])).png().toBuffer());
});
afterAll(() => rmSync(folder, { recursive: true }));

const flipped = (bytes: Buffer, at: number, by = 1) => {
  const changed = Buffer.from(bytes);
  changed[at] += by;
  return changed;
};

function chunkOf(type: string, body: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}

/** The PNG with other chunks, whose checksums are right. */
function withChunks(png: Buffer, keeps: (type: string) => boolean, change: (type: string, body: Buffer) => Buffer = (_, body) => body): Buffer {
  const kept = pngChunks(png).filter(({ type }) => keeps(type));
  return Buffer.concat([png.subarray(0, 8), ...kept.map(({ type, body }) => chunkOf(type, change(type, Buffer.from(body))))]);
}

/** With one chunk more. */
function withBefore(png: Buffer, next: string, type: string, body: Buffer): Buffer {
  const at = png.indexOf(next) - 4;
  return Buffer.concat([png.subarray(0, at), chunkOf(type, body), png.subarray(at)]);
}

const withPixels = (png: Buffer, change: (packed: Buffer) => Buffer) => withChunks(png, () => true, (type, body) => (type === 'IDAT' ? change(body) : body));
const withHeader = (png: Buffer, change: (header: Buffer) => void) => withChunks(png, () => true, (type, body) => {
  if (type === 'IHDR') change(body);
  return body;
});

const rendered = (options?: ImageWatermarkOptions) => ImageAdjustment.watermark(ImageWatermark.fromAsset(logo), options)._render();

test('a watermark has defaults for all but its picture', () => {
  expect(rendered()).toEqual({
    name: 'watermark', image: expect.stringMatching(/^[0-9a-f]{16}\.png$/), scale: 0.25, margin: 0, opacity: 1, position: 'right bottom', tile: false,
  });
});

test('a watermark takes every option', () => {
  expect(rendered({ scale: 1, margin: 1000, opacity: 0.01, position: ImagePosition.TOP }))
    .toMatchObject({ scale: 1, margin: 1000, opacity: 0.01, position: 'top', tile: false });
  expect(rendered({ tile: true })).toMatchObject({ tile: true });
});

test('another content is another setting, and the same content elsewhere is none', async () => {
  const nameOf = (path: string) => ImageWatermark.fromAsset(path)._source.image;
  const copy = write('copy.png', await open(solid(8, 8, [1, 2, 3])).png().toBuffer());
  const other = write('other.png', await open(solid(8, 8, [1, 2, 4])).png().toBuffer());
  expect([nameOf(copy) === nameOf(logo), nameOf(other) === nameOf(logo)]).toEqual([true, false]);
});

test('a profile has the pictures of its adjustments', () => {
  const watermark = ImageWatermark.fromAsset(logo);
  const adjustments = [ImageAdjustment.blur(1), ImageAdjustment.watermark(watermark)];
  expect(ImageProfile.of('a', { width: 8, adjustments })._watermarks).toEqual([watermark]);
  expect(ImageProfile.of('a', { width: 8 })._watermarks).toEqual([]);
});

test.each([
  [{ scale: 0 }, 'scale must be a number from 0.01 to 1, received 0'],
  [{ scale: 1.1 }, 'scale must be a number from 0.01 to 1, received 1.1'],
  [{ margin: -1 }, 'margin must be a whole number from 0 to 1000 pixels, received -1'],
  [{ margin: 1001 }, 'margin must be a whole number from 0 to 1000 pixels, received 1001'],
  [{ opacity: 0 }, 'opacity must be a number from 0.01 to 1, received 0'],
  [{ opacity: 2 }, 'opacity must be a number from 0.01 to 1, received 2'],
  [{ position: ImagePosition.ATTENTION }, 'position must be a place, which no image decides, received "attention"'],
  [{ position: ImagePosition.FOCAL_POINT }, 'position must be a place, which no image decides, received "focal-point"'],
  [{ position: ImagePosition.TOP, tile: true }, 'position must be left out with tile, received "top"'],
])('fails with %j', (options, message) => {
  expect(() => rendered(options)).toThrow(new Error(`ImageAdjustment.watermark: ${message}`));
});

test.each([
  ['with transparency', { channels: 4 }, {}],
  ['grey', { channels: 3, grey: true }, {}],
  ['with a palette', { channels: 3 }, { palette: true }],
  ['with few colours', { channels: 3 }, { palette: true, colours: 2 }],
  ['interlaced', { channels: 3 }, { progressive: true }],
  ['of one pixel, interlaced', { channels: 3, side: 1 }, { progressive: true }],
  ['of 16 bits', { channels: 3, deep: true }, {}],
])('a PNG %s is taken', async (_, { channels, grey = false, deep = false, side = 9 }: { channels: number; grey?: boolean; deep?: boolean; side?: number }, options) => {
  const drawn = open(paint(side, side, (x, y) => [x * 20, y * 20, 90, 128].slice(0, channels)));
  const image = deep ? drawn.toColourspace('rgb16') : grey ? drawn.greyscale() : drawn;
  const path = write('taken.png', await image.png(options).toBuffer());
  expect(ImageWatermark.fromAsset(path)._source.image).toMatch(/^[0-9a-f]{16}\.png$/);
});

test('what was checked is what is deployed, whatever becomes of the file', async () => {
  const path = write('changing.png', await open(solid(8, 8, [9, 9, 9])).png().toBuffer());
  const { _source: source } = ImageWatermark.fromAsset(path);
  const before = readFileSync(path);
  write('changing.png', 'no picture any more');
  expect(source).toMatchObject({ content: before });
});

describe('an object', () => {
  const bucket = () => Bucket.fromBucketName(new Stack(), 'Bucket', 'brand');

  test('is known by its bucket, its key and its version', () => {
    expect(ImageAdjustment.watermark(ImageWatermark.fromBucket(bucket(), 'logo 1.png'))._render()).toMatchObject({ image: { bucket: 'brand', key: 'logo 1.png' } });
    expect(ImageWatermark.fromBucket(bucket(), 'logo.png', { objectVersion: 'v.1_-' })._source.image).toEqual({ bucket: 'brand', key: 'logo.png', versionId: 'v.1_-' });
  });

  test('can be named at deployment', () => {
    const [key, objectVersion] = ['Key', 'Version'].map((Ref) => Token.asString({ Ref }));
    expect(ImageWatermark.fromBucket(bucket(), key, { objectVersion })._source.image).toEqual({ bucket: 'brand', key, versionId: objectVersion });
  });

  test.each([
    ['', 'key must be that of an object, received ""'],
    ['logo*.png', 'key must be at most 1024 bytes without *, ? and ${, received "logo*.png"'],
    ['logo?.png', 'key must be at most 1024 bytes without *, ? and ${, received "logo?.png"'],
    ['${aws:username}.png', 'key must be at most 1024 bytes without *, ? and ${, received "${aws:username}.png"'],
  ])('fails with the key %j', (key, message) => {
    expect(() => ImageWatermark.fromBucket(bucket(), key)).toThrow(`ImageWatermark.fromBucket: ${message}`);
  });

  test('fails with a key that is too long', () => {
    expect(() => ImageWatermark.fromBucket(bucket(), 'x'.repeat(1025))).toThrow('ImageWatermark.fromBucket: key must be at most 1024 bytes');
    expect(() => ImageWatermark.fromBucket(bucket(), 'ä'.repeat(513))).toThrow('ImageWatermark.fromBucket: key must be at most 1024 bytes');
  });

  test('fails with a key that has a token and a wildcard', () => {
    expect(() => ImageWatermark.fromBucket(bucket(), `${Token.asString({ Ref: 'Prefix' })}/*.png`)).toThrow('without *, ? and ${');
  });

  test.each(['', 'a b'])('fails with the version %j', (objectVersion) => {
    expect(() => ImageWatermark.fromBucket(bucket(), 'logo.png', { objectVersion }))
      .toThrow(new Error(`ImageWatermark.fromBucket: objectVersion must be the id of a version, received ${JSON.stringify(objectVersion)}`));
  });
});

describe('fails for a file', () => {
  const refusal = (path: string) => {
    try {
      return ImageWatermark.fromAsset(path)._source.image;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('that is not there', () => {
    expect(refusal('none.png')).toBe(`ImageWatermark.fromAsset must be a file that is there, received "none.png": relative paths begin at ${process.cwd()}`);
  });

  test('that is a folder', () => {
    expect(refusal(folder)).toBe(`ImageWatermark.fromAsset must be a file that is there, received ${JSON.stringify(folder)}`);
  });

  test.each<[string, (png: Buffer) => Buffer | Promise<Buffer>, string]>([
    ['is a text', () => Buffer.from('text'), 'it does not begin as one'],
    ['is empty', () => Buffer.alloc(0), 'it does not begin as one'],
    ['is another format', () => open(solid(8, 8, [1, 2, 3])).jpeg().toBuffer(), 'it does not begin as one'],
    ['is cut off', (png) => png.subarray(0, -4), 'it ends within the chunk at byte'],
    ['ends between two chunks', (png) => png.subarray(0, 33), 'it ends within the chunk at byte 33'],
    ['was damaged on its way', (png) => flipped(png, png.indexOf('IDAT') + 6), 'the checksum of the chunk at byte'],
    ['states a chunk of more bytes than there are', (png) => flipped(png, 8), 'it ends within the chunk at byte 8'],
    ['has no pixels', (png) => withChunks(png, (type) => type !== 'IDAT'), 'it has no header or no pixels'],
    ['has no width', (png) => withHeader(png, (header) => header.writeUInt32BE(0, 0)), 'its header is wrong'],
    ['has colours that there are not', (png) => withHeader(png, (header) => header.writeUInt8(5, 9)), 'its header is wrong'],
    ['has no palette, and needs one', (png) => withHeader(png, (header) => header.writeUInt8(3, 9)), 'it has no palette, or a wrong one'],
    ['has a palette of nothing', (png) => withBefore(png, 'IDAT', 'PLTE', Buffer.alloc(0)), 'it has no palette, or a wrong one'],
    ['has a palette of half a colour', (png) => withBefore(png, 'IDAT', 'PLTE', Buffer.alloc(4)), 'it has no palette, or a wrong one'],
    ['has a palette of too many colours', (png) => withBefore(png, 'IDAT', 'PLTE', Buffer.alloc(900)), 'it has no palette, or a wrong one'],
    ['has a palette behind its pixels', (png) => withBefore(png, 'IEND', 'PLTE', Buffer.alloc(3)), 'it has no palette, or a wrong one'],
    ['has two headers', (png) => withBefore(png, 'IDAT', 'IHDR', png.subarray(16, 29)), 'it has two headers or palettes'],
    ['has what decoders must know, and do not', (png) => withBefore(png, 'IDAT', 'ABCD', Buffer.alloc(0)), 'is of no kind that decoders know'],
    ['has a chunk with a name that is none', (png) => withBefore(png, 'IDAT', 'te t', Buffer.alloc(0)), 'is of no kind that decoders know'],
    ['has something between its pixels', (png) => withBefore(withBefore(png, 'IEND', 'tEXt', Buffer.from('a\0b')), 'IEND', 'IDAT', Buffer.alloc(0)), 'it has something between its pixels'],
    ['has fewer pixels than it states', (png) => withHeader(png, (header) => header.writeUInt32BE(9, 4)), 'its pixels are 200 bytes, and its header says 225'],
    ['has more pixels than it states', (png) => withHeader(png, (header) => header.writeUInt32BE(1, 4)), 'its pixels cannot be unpacked: '],
    ['has pixels that are not compressed', (png) => withPixels(png, () => Buffer.from('no zlib')), 'its pixels cannot be unpacked: '],
    ['ends within its pixels', (png) => withPixels(png, (packed) => packed.subarray(0, -6)), 'its pixels cannot be unpacked: '],
    ['has an unknown filter', (png) => withPixels(png, (packed) => deflateSync(flipped(inflateSync(packed), 25, 7))), 'its pixels have an unknown filter'],
  ])('that %s', async (_, damage, problem) => {
    const path = write('damaged.png', await damage(await open(solid(8, 8, [1, 2, 3])).png({ palette: false }).toBuffer()));
    expect(refusal(path)).toContain(`ImageWatermark.fromAsset must be a whole PNG, received ${JSON.stringify(path)}: `);
    expect(refusal(path)).toContain(problem);
  });

  test('that has too many bytes', async () => {
    const png = await open(solid(8, 8, [1, 2, 3])).png().toBuffer();
    const path = write('large.png', Buffer.concat([png.subarray(0, 33), Buffer.alloc(2 * 1024 * 1024), png.subarray(33)]));
    expect(refusal(path)).toBe(`ImageWatermark.fromAsset must be a file of at most 2097152 bytes, received ${png.length + 2097152}: make ${path} smaller`);
  });

  test('that has too many pixels', async () => {
    const path = write('wide.png', await open(solid(4097, 1, [1, 2, 3])).png().toBuffer());
    expect(refusal(path)).toBe(`ImageWatermark.fromAsset must be at most 4096 pixels a side, received "4097x1": make ${path} smaller`);
  });

  test('that is not known at synth', () => {
    expect(refusal(Token.asString({ Ref: 'Path' }))).toContain('ImageWatermark.fromAsset must be known at synth');
  });
});
