import { deflateSync } from 'node:zlib';
import { probe } from '../../../../src/lambda/resize/image';
import { open, photo } from '../../../helpers/images';
import { pixelAt, processing, renditionOf, renditionsOf } from '../../../helpers/renditions';
import { tiff, TiffForm } from '../../../helpers/tiff';

const [WIDTH, HEIGHT] = [32, 32];

/** A TIFF whose pixels all have these samples, each of which is given as its bytes. */
function plain(samples: readonly (readonly number[])[], form: Partial<TiffForm> = {}): Buffer {
  const pixels = WIDTH * HEIGHT;
  const chunky = () => [Buffer.concat(Array.from({ length: pixels }, () => Buffer.from(samples.flat())))];
  const planes = () => samples.map((sample) => Buffer.concat(Array.from({ length: pixels }, () => Buffer.from(sample))));
  const bits = samples.map(({ length }) => length * 8);
  const strips = form.planar === 2 ? planes() : chunky();
  return tiff({ width: WIDTH, height: HEIGHT, bits, photometric: samples.length < 3 ? 1 : 2, strips, ...form });
}

const bytes = (...samples: number[]) => samples.map((sample) => [sample]);
const words = (...samples: number[]) => samples.map((sample) => [sample, sample]);
const packed = (bits: number, form: Partial<TiffForm> = {}) => tiff({
  width: WIDTH, height: HEIGHT, bits: [bits], strips: [Buffer.alloc((WIDTH * HEIGHT * bits) / 8, 0x55)], ...form,
});

/** The pixel alone and beside another rendition, on white. */
async function shown(image: Buffer): Promise<number[][]> {
  const spec = { name: 'one', width: 16, formats: ['png'] as const };
  const both = [await renditionOf(image, spec), (await renditionsOf(image, [spec, { name: 'other', width: 24 }]))['one.png']];
  return Promise.all(both.map(async (made) => pixelAt(made, 8, 8)));
}

describe('a TIFF is the picture that it is elsewhere', () => {
  test.each<[string, Buffer, number[]]>([
    ['grey', plain(bytes(120)), [120, 120, 120]],
    ['grey where 0 is white', plain(bytes(120), { photometric: 0 }), [135, 135, 135]],
    ['grey of 4 bits where 0 is white', packed(4, { photometric: 0 }), [170, 170, 170]],
    ['grey of 2 bits where 0 is white', packed(2, { photometric: 0 }), [170, 170, 170]],
    ['grey with alpha where 0 is white', plain(bytes(120, 200), { photometric: 0, extraSamples: [2] }), [135, 135, 135, 200]],
    ['grey of 16 bits', plain(words(120)), [120, 120, 120]],
    ['grey of 4 bits', packed(4), [85, 85, 85]],
    ['grey with alpha', plain(bytes(120, 200), { extraSamples: [2] }), [120, 120, 120, 200]],
    ['RGB', plain(bytes(10, 120, 200)), [10, 120, 200]],
    ['RGB of 16 bits', plain(words(10, 120, 200)), [10, 120, 200]],
    ['RGB in planes', plain(bytes(10, 120, 200), { planar: 2 }), [10, 120, 200]],
    ['RGB with alpha', plain(bytes(60, 120, 200, 200), { extraSamples: [2] }), [60, 120, 200, 200]],
    ['RGB with alpha in planes', plain(bytes(60, 120, 200, 200), { extraSamples: [2], planar: 2 }), [60, 120, 200, 200]],
    ['RGB in a tile', plain(bytes(10, 120, 200), { tile: 32 }), [10, 120, 200]],
    ['RGB whose kind of samples is not told', plain(bytes(10, 120, 200), { sampleFormat: 4 }), [10, 120, 200]],
  ])('with %s', async (_, image, colour) => {
    for (const pixel of await shown(image)) expect(pixel).toEqual(colour.map((channel) => expect.closeTo(channel, -1)));
  });
});

describe('fails as UNSUPPORTED_FORMAT, naming what cannot be read,', () => {
  const float = [...Buffer.from(new Float32Array([0.5]).buffer)];
  test.each<[string, Buffer, RegExp]>([
    ['signed samples', plain(bytes(10, 120, 200), { sampleFormat: 2 }), /has signed samples/],
    ['floating-point samples', plain([float], { sampleFormat: 3 }), /has floating-point samples/],
    ['floating-point colours', plain([float, float, float], { sampleFormat: 3 }), /has floating-point samples/],
    ['32 bits', plain([[1, 2, 3, 4]]), /samples of 32 bits/],
    ['12 bits', packed(12), /samples of 12 bits/],
    ['6 bits', packed(6), /samples of 6 bits/],
    ['different depths', tiff({ width: WIDTH, height: HEIGHT, bits: [5, 6, 5], photometric: 2, strips: [Buffer.alloc(2 * WIDTH * HEIGHT)] }), /different depths \(5, 6, 5 bits\)/],
    ['RGB of 4 bits', tiff({ width: WIDTH, height: HEIGHT, bits: [4, 4, 4], photometric: 2, strips: [Buffer.alloc(2 * WIDTH * HEIGHT)] }), /several samples of 4 bits/],
    ['grey with alpha in planes', plain(bytes(120, 200), { extraSamples: [2], planar: 2 }), /a plane of grey and one of alpha/],
    ['premultiplied alpha where 0 is white', plain(bytes(120, 200), { photometric: 0, extraSamples: [1] }), /premultiplied alpha beside grey/],
    ['CMYK of 16 bits with alpha', plain(words(10, 120, 200, 0, 90), { photometric: 5, extraSamples: [2] }), /alpha beside CMYK of 16 bits/],
    ['YCbCr without JPEG', plain(bytes(10, 120, 200), { photometric: 6 }), /YCbCr colours without JPEG/],
    ['Lab of 8 bits', plain(bytes(10, 120, 200), { photometric: 8 }), /Lab colours of 8 bits/],
    ['ICC Lab', plain(bytes(10, 120, 200), { photometric: 9 }), /ICC Lab colours/],
    ['a mask', packed(1, { photometric: 4 }), /a transparency mask/],
    ['other inks', plain(bytes(10, 120, 200, 0), { photometric: 5, tags: { 332: { type: 3, values: [2] } } }), /other inks/],
    ['tiles of planes', plain(bytes(10, 120, 200), { planar: 2, tile: 32 }), /tiles of separate planes/],
    ['planes of 4 bits', packed(4, { planar: 2 }), /planes of 4 bits/],
    ['a channel that may be anything', plain(bytes(10, 120, 200, 0), { extraSamples: [0] }), /a channel of unspecified meaning/],
    ['ZSTD', plain(bytes(10), { compression: 50000 }), /ZSTD compression/],
    ['LZMA', plain(bytes(10), { compression: 34925 }), /LZMA compression/],
    ['old JPEG', plain(bytes(10), { compression: 6 }), /JPEG compression of the kind/],
    ['an unknown compression', plain(bytes(10), { compression: 4711 }), /compression 4711/],
  ])('%s', async (_, image, message) => {
    await expect(probe(image, processing())).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT', detail: expect.stringMatching(message) });
  });
});

test.each(['none', 'lzw', 'deflate', 'packbits', 'jpeg', 'ccittfax4'] as const)('the compression %s is read', async (compression) => {
  const bilevel = compression === 'ccittfax4';
  const image = await (bilevel ? open(photo(32, 32)).toColourspace('b-w').tiff({ compression, bitdepth: 1 }) : open(photo(32, 32)).tiff({ compression })).toBuffer();
  await expect(renditionOf(image)).resolves.toBeDefined();
});

test('deflate under its older number is read', async () => {
  const image = plain(bytes(10, 120, 200), { compression: 32946, strips: [deflateSync(Buffer.alloc(3 * WIDTH * HEIGHT, 77))] });
  expect((await shown(image))[0]).toEqual([77, 77, 77]);
});

describe('what libtiff remarks on metadata refuses no picture', () => {
  const ascii = { type: 2, values: Buffer.from('no end') } as const;
  const remarks: Record<string, Partial<TiffForm>> = {
    'text without its end': { tags: { 270: ascii, 305: ascii } },
    'tags that are not sorted': { unsorted: true },
    'a directory that names itself as the next': { loop: true },
    'tags that nobody knows': { tags: { 65000: { type: 7, values: Buffer.alloc(9) } } },
    'a resolution of the wrong type': { tags: { 282: { type: 3, values: [72] } } },
  };

  test.each(Object.keys(remarks))('%s, in strips and in tiles', async (name) => {
    for (const tile of [undefined, 32]) {
      const image = plain(bytes(10, 120, 200), { tile, ...remarks[name] });
      for (const pixel of await shown(image)) expect(pixel).toEqual([10, 120, 200]);
    }
  });
});

describe('fails as CORRUPT_IMAGE for pixels that cannot be read', () => {
  const whole = async (compression: 'none' | 'lzw' | 'deflate' | 'packbits' | 'jpeg', tile: boolean) =>
    open(photo(256, 256)).tiff({ compression, tile, tileWidth: 64, tileHeight: 64, predictor: 'none' }).toBuffer();

  /** The file with the place or the length of a strip or tile in its middle overwritten. */
  function misplaced(image: Buffer, tags: readonly number[], value: number): Buffer {
    const damaged = Buffer.from(image);
    const start = image.readUInt32LE(4);
    const entries = Array.from({ length: image.readUInt16LE(start) }, (_, index) => start + 2 + 12 * index);
    const entry = entries.find((at) => tags.includes(image.readUInt16LE(at)))!;
    const [bytesEach, count] = [image.readUInt16LE(entry + 2) === 3 ? 2 : 4, image.readUInt32LE(entry + 4)];
    const place = (bytesEach * count <= 4 ? entry + 8 : image.readUInt32LE(entry + 8)) + bytesEach * Math.floor(count / 2);
    damaged.writeUIntLE(value, place, bytesEach);
    return damaged;
  }

  test.each(['none', 'lzw', 'deflate', 'packbits', 'jpeg'] as const)('in %s', async (compression) => {
    for (const tile of [false, true]) {
      const image = await whole(compression, tile);
      await expect(renditionOf(image)).resolves.toBeDefined();
      const damaged = {
        beyond: misplaced(image, [273, 324], image.length + 100),
        empty: misplaced(image, [279, 325], 0),
        short: misplaced(image, [279, 325], 10),
      };
      for (const [name, file] of Object.entries(damaged)) {
        const ending = await renditionOf(file).then(() => 'COMPLETED', ({ code }) => code);
        expect([compression, tile, name, ending]).toEqual([compression, tile, name, 'CORRUPT_IMAGE']);
      }
    }
  });
});
