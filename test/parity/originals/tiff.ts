import { deflateSync } from 'node:zlib';
import { greyProfile, matrixProfile, P3_PRIMARIES } from './icc';
import { greyPicture, greyPictureWithAlpha, picture, pictureWithAlpha, pixel } from './picture';
import { pack } from './png';
import { Choice, lacksPixels, Space } from './space';
import { tiffFile, TiffTags } from './tiff-file';
import { RawImage, storedFor } from '../../helpers/images';

const AXES = {
  colour: ['rgb', 'grey', 'grey-inverted', 'palette', 'cmyk', 'ycc', 'lab'],
  extra: ['none', 'alpha', 'premultiplied', 'unspecified', 'two-unspecified'],
  samples: ['8', '16', '1', '2', '4', '12', '32', 'signed-8', 'signed-16', 'float-32', 'float-64'],
  layout: ['strips', 'one-strip', 'tiles', 'planar', 'planar-tiles', 'pages'],
  packing: ['none', 'deflate', 'deflate-predictor', 'zstd', 'lzma', 'jpeg-old'],
  order: ['little', 'big'],
  profile: ['none', 'icc'],
  orientation: ['1', '2', '3', '4', '5', '6', '7', '8'],
  damage: ['none', 'unknown-tag', 'text-without-end', 'directory-loop', 'tags-unsorted', 'bytes-behind', 'lost-strip', 'offset-beyond-file'],
} as const;

type TiffChoice = Choice<typeof AXES>;

const isWhole = (samples: TiffChoice['samples']) => samples === '8' || samples === '16';

export const TIFFS: Space<typeof AXES> = {
  axes: AXES,
  exists({ colour, extra, samples, packing, layout, profile }) {
    const grey = colour === 'grey' || colour === 'grey-inverted';
    if (colour === 'palette' && !(extra === 'none' && ['8', '4', '2', '1'].includes(samples))) return false;
    if ((colour === 'ycc' || colour === 'lab') && !(extra === 'none' && samples === '8')) return false;
    if (colour === 'cmyk' && !isWhole(samples)) return false;
    if (['1', '2', '4', '12'].includes(samples) && !(grey || colour === 'palette')) return false;
    if (!isWhole(samples) && extra !== 'none') return false;
    if (packing === 'deflate-predictor' && !isWhole(samples)) return false;
    if ((colour === 'palette' || extra === 'two-unspecified') && layout.startsWith('planar')) return false;
    return profile === 'none' || grey || colour === 'rgb';
  },
  make: makeTiff,
  lacks: lacksPixels,
  joint: [
    { colour: ['rgb'], samples: ['16'], profile: ['icc'], metadata: ['icc', 'all'] },
    { colour: ['grey-inverted'], extra: ['premultiplied'], samples: ['8', '16'], layout: ['strips', 'one-strip', 'tiles'], packing: ['none', 'deflate'] },
  ],
  picture: withoutUnspecified,
  // ImageMagick shows it as a negative when it has alpha or less than 8 bits; the picture is the same.
  substitute: (choice) => (choice.colour === 'grey-inverted' ? { choice: { ...choice, colour: 'grey' } } : undefined),
};

const PHOTOMETRIC = { 'grey-inverted': 0, 'grey': 1, 'rgb': 2, 'palette': 3, 'cmyk': 5, 'ycc': 6, 'lab': 8 } as const;
const COMPRESSION = { 'none': 1, 'deflate': 8, 'deflate-predictor': 8, 'zstd': 50_000, 'lzma': 34_925, 'jpeg-old': 6 } as const;
const EXTRAS = { 'none': [], 'alpha': [2], 'premultiplied': [1], 'unspecified': [0], 'two-unspecified': [0, 0] } as const;
const TILE = 32;

function makeTiff(choice: TiffChoice): Buffer {
  const { colour, extra, samples, layout, packing, order, profile, orientation, damage } = choice;
  const littleEndian = order === 'little';
  const [format, bits] = sampleForm(samples);
  const image = samplesOf(choice);
  const channels = image.values[0].length;
  const planar = layout.startsWith('planar');
  const tiled = layout.endsWith('tiles');
  const pieces = cut(image, layout).map((piece) => packed(encodePiece(piece, channels, bits, format, littleEndian, packing === 'deflate-predictor'), packing));

  const tags: TiffTags = {
    256: image.width,
    257: image.height,
    258: Array<number>(channels).fill(bits),
    259: COMPRESSION[packing],
    262: PHOTOMETRIC[colour],
    274: Number(orientation),
    277: channels,
    284: planar ? 2 : 1,
    ...packing === 'deflate-predictor' ? { 317: 2 } : {},
    ...tiled ? { 322: TILE, 323: TILE } : { 278: layout === 'strips' || layout === 'pages' ? 16 : image.height },
    ...EXTRAS[extra].length > 0 ? { 338: [...EXTRAS[extra]] } : {},
    ...format === 1 ? {} : { 339: Array<number>(channels).fill(format) },
    ...colour === 'palette' ? { 320: paletteTag(bits) } : {},
    ...colour === 'ycc' ? { 530: [1, 1] } : {},
    ...colour === 'cmyk' ? { 332: 1 } : {},
    ...profile === 'icc' ? { 34675: colour === 'rgb' ? matrixProfile(P3_PRIMARIES, 2.2) : greyProfile(1) } : {},
    ...damage === 'unknown-tag' ? { 65_000: 7 } : {},
    ...damage === 'text-without-end' ? { 305: Buffer.from('made by code') } : {},
  };
  return tiffFile({ tags, pieces, tiled, littleEndian, damage, secondPage: layout === 'pages' });
}

/** ImageMagick takes samples of unspecified meaning for alpha. */
function withoutUnspecified({ colour, extra, profile }: TiffChoice): RawImage | undefined {
  return extra.includes('unspecified') && profile === 'none' && colour !== 'cmyk' ? imageFor(colour, false) : undefined;
}

/** Sample format (1 unsigned, 2 signed, 3 floating point) and bits. */
function sampleForm(samples: TiffChoice['samples']): [format: number, bits: number] {
  const [kind, bits] = samples.includes('-') ? samples.split('-') : ['', samples];
  return [{ '': 1, 'signed': 2, 'float': 3 }[kind]!, Number(bits)];
}

/** Values from 0 to 1, a pixel after the other. */
interface Samples { readonly width: number; readonly height: number; readonly values: readonly (readonly number[])[] }

function samplesOf({ colour, extra, samples, orientation }: TiffChoice): Samples {
  const upright = imageFor(colour, extra !== 'none');
  const stored = storedFor(upright, Number(orientation));
  const bits = sampleForm(samples)[1];
  const values = Array.from({ length: stored.width * stored.height }, (_, at) => {
    const found = pixel(stored, at % stored.width, Math.floor(at / stored.width)).map((value) => value / 255);
    const hidden = extra === 'none' ? undefined : found.pop()!;
    const colours = inkOf(found, colour, bits);
    if (extra === 'premultiplied') return [...colours.map((value) => value * hidden!), hidden!];
    return [...colours, ...EXTRAS[extra].map(() => hidden!)];
  });
  return { width: stored.width, height: stored.height, values };
}

function imageFor(colour: TiffChoice['colour'], alpha: boolean): RawImage {
  if (colour === 'grey' || colour === 'grey-inverted') return alpha ? greyPictureWithAlpha() : greyPicture();
  return alpha ? pictureWithAlpha() : picture();
}

function inkOf(values: readonly number[], colour: TiffChoice['colour'], bits: number): number[] {
  const [r, g, b] = values;
  switch (colour) {
    case 'grey': case 'rgb': return [...values];
    case 'grey-inverted': return values.map((value) => 1 - value);
    case 'palette': return [paletteIndex(values, bits) / (2 ** bits - 1)];
    case 'cmyk': {
      const k = 1 - Math.max(r, g, b);
      return [...values.map((value) => (k === 1 ? 0 : (1 - value - k) / (1 - k))), k];
    }
    case 'ycc': {
      const y = 0.299 * r + 0.587 * g + 0.114 * b;
      return [y, (b - y) * 0.564 + 128 / 255, (r - y) * 0.713 + 128 / 255];
    }
    case 'lab': return labOf(values);
  }
}

/** L* of 100 as 1; a* and b* as bytes with a sign. */
function labOf(values: readonly number[]): number[] {
  const [r, g, b] = values.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const [x, y, z] = [
    (0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.96422,
    0.2225045 * r + 0.7168786 * g + 0.0606169 * b,
    (0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.82521,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  const signed = (value: number) => ((Math.round(value) + 256) % 256) / 255;
  return [(116 * y - 16) / 100, signed(500 * (x - y)), signed(200 * (y - z))];
}

/** Levels of red, green and blue. */
const LEVELS: Readonly<Record<number, readonly number[]>> = { 8: [6, 6, 6], 4: [2, 4, 2], 2: [2, 2, 1], 1: [1, 2, 1] };

function paletteIndex(values: readonly number[], bits: number): number {
  return LEVELS[bits].reduce((index, level, at) => index * level + (level === 1 ? 0 : Math.round(values[at] * (level - 1))), 0);
}

function paletteTag(bits: number): number[] {
  const levels = LEVELS[bits];
  const size = 2 ** bits;
  return [0, 1, 2].flatMap((channel) => Array.from({ length: size }, (_, index) => {
    const below = levels.slice(channel + 1).reduce((product, level) => product * level, 1);
    const level = Math.floor(index / below) % levels[channel];
    return levels[channel] === 1 ? 32_768 : Math.round((65_535 * level) / (levels[channel] - 1));
  }));
}

/** The parts that are stored one after the other: strips or tiles, of all channels or one. */
function cut(image: Samples, layout: TiffChoice['layout']): Samples[] {
  const channels = image.values[0].length;
  const planes = layout.startsWith('planar') ? Array.from({ length: channels }, (_, plane) => ({ ...image, values: image.values.map((value) => [value[plane]]) })) : [image];
  return planes.flatMap((plane) => {
    if (layout.endsWith('tiles')) return tiles(plane);
    const rows = layout === 'strips' || layout === 'pages' ? 16 : plane.height;
    return Array.from({ length: Math.ceil(plane.height / rows) }, (_, at) => {
      const values = plane.values.slice(at * rows * plane.width, (at + 1) * rows * plane.width);
      return { width: plane.width, height: values.length / plane.width, values };
    });
  });
}

function tiles({ width, height, values }: Samples): Samples[] {
  const found: Samples[] = [];
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const inside = (at: number) => values[Math.min(height - 1, top + Math.floor(at / TILE)) * width + Math.min(width - 1, left + (at % TILE))];
      found.push({ width: TILE, height: TILE, values: Array.from({ length: TILE * TILE }, (_, at) => inside(at)) });
    }
  }
  return found;
}

function encodePiece({ width, height, values }: Samples, _: number, bits: number, format: number, littleEndian: boolean, predicted: boolean): Buffer {
  const rows = Array.from({ length: height }, (__, y) => {
    const row = values.slice(y * width, (y + 1) * width);
    if (format === 1 && bits <= 8) return pack(whole(row, bits, predicted), bits);
    if (bits === 12) return pack12(whole(row, bits, false));
    return wide(row, bits, format, littleEndian, predicted);
  });
  return Buffer.concat(rows);
}

function whole(row: readonly (readonly number[])[], bits: number, predicted: boolean): number[] {
  const full = 2 ** bits - 1;
  const samples = row.flatMap((values) => values.map((value) => Math.max(0, Math.min(full, Math.round(value * full)))));
  const step = row[0].length;
  return predicted ? samples.map((sample, at) => (at < step ? sample : (sample - samples[at - step] + full + 1) % (full + 1))) : samples;
}

function pack12(samples: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < samples.length; at += 2) {
    const [one, other = 0] = samples.slice(at, at + 2);
    bytes.push(Math.floor(one / 16), (one % 16) * 16 + Math.floor(other / 256), other % 256);
  }
  return Buffer.from(bytes);
}

function wide(row: readonly (readonly number[])[], bits: number, format: number, littleEndian: boolean, predicted: boolean): Buffer {
  const bytes = bits / 8;
  const count = row.length * row[0].length;
  const view = new DataView(new ArrayBuffer(count * bytes));
  if (format === 1 && bits === 16) {
    whole(row, 16, predicted).forEach((sample, at) => view.setUint16(at * 2, sample, littleEndian));
    return Buffer.from(view.buffer);
  }
  row.flat().forEach((value, at) => {
    if (format === 3 && bits === 32) view.setFloat32(at * 4, value, littleEndian);
    else if (format === 3) view.setFloat64(at * 8, value, littleEndian);
    else if (format === 2 && bits === 8) view.setInt8(at, Math.round(value * 255) - 128);
    else if (format === 2) view.setInt16(at * 2, Math.round(value * 65_535) - 32_768, littleEndian);
    else view.setUint32(at * 4, Math.round(value * (2 ** 32 - 1)), littleEndian);
  });
  return Buffer.from(view.buffer);
}

/** What is refused by its name has no need of pixels. */
function packed(piece: Buffer, packing: TiffChoice['packing']): Buffer {
  return packing.startsWith('deflate') ? deflateSync(piece) : piece;
}
