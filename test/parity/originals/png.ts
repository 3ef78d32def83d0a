import { deflateSync } from 'node:zlib';
import { exifOrientation } from './exif';
import { greyProfile, matrixProfile, P3_PRIMARIES, SRGB_PRIMARIES } from './icc';
import { greyPicture, greyPictureWithAlpha, picture, pictureWithAlpha, pixel } from './picture';
import { Choice, lacksPixels, Space } from './space';
import { pngChunk } from '../../helpers/headers';
import { RawImage, storedFor } from '../../helpers/images';

const AXES = {
  channels: ['rgb', 'rgba', 'grey', 'grey-alpha', 'palette', 'palette-alpha', 'rgb-key', 'grey-key'],
  depth: ['8', '16', '1', '2', '4'],
  colour: [
    'untold', 'sRGB', 'gamma-2.2', 'gamma-linear', 'primaries-p3', 'icc-srgb', 'icc-p3', 'icc-linear', 'icc-odd-intent', 'icc-grey-linear',
    'icc-damaged', 'cicp-srgb', 'cicp-p3', 'cicp-bt2020', 'cicp-pq', 'cicp-hlg', 'sRGB-over-gamma', 'cicp-over-icc', 'icc-over-gamma',
  ],
  orientation: ['1', '2', '3', '4', '5', '6', '7', '8'],
  layout: ['plain', 'interlaced', 'many-idat', 'animated', 'animated-hidden-default'],
  damage: ['none', 'no-end', 'crc-of-text', 'crc-of-pixels', 'bytes-behind', 'lost-half'],
} as const;

type PngChoice = Choice<typeof AXES>;

const COLOUR_TYPES = { 'grey': 0, 'grey-key': 0, 'rgb': 2, 'rgb-key': 2, 'palette': 3, 'palette-alpha': 3, 'grey-alpha': 4, 'rgba': 6 } as const;

export const PNGS: Space<typeof AXES> = {
  axes: AXES,
  exists({ channels, depth, colour }) {
    const type = COLOUR_TYPES[channels];
    if (type === 3 && depth === '16') return false;
    if ((type === 2 || type === 4 || type === 6) && Number(depth) < 8) return false;
    const grey = type === 0 || type === 4;
    return grey || colour !== 'icc-grey-linear';
  },
  make: makePng,
  lacks: lacksPixels,
  joint: [{ channels: ['rgb', 'rgba'], depth: ['16'], colour: ['icc-p3', 'icc-linear', 'icc-odd-intent'], metadata: ['icc', 'all'] }],
  // Chromium stops at the chunk.
  substitute: (choice) => (choice.damage === 'crc-of-pixels'
    ? { choice: { ...choice, damage: 'none' }, line: 'chunks do not count where its pixels unpack whole' }
    : undefined),
};

function makePng(choice: PngChoice): Buffer {
  const { channels, orientation, layout, damage } = choice;
  const upright = imageFor(channels);
  const image = storedFor(upright, Number(orientation));
  const bits = Number(choice.depth);
  const type = COLOUR_TYPES[channels];
  const interlaced = layout === 'interlaced';

  const header = Buffer.alloc(13);
  header.writeUInt32BE(image.width);
  header.writeUInt32BE(image.height, 4);
  header.set([bits, type, 0, 0, interlaced ? 1 : 0], 8);

  const [palette, transparency] = colourTables(channels, bits);
  const packed = deflateSync(scanlines(image, channels, bits, interlaced));
  const kept = damage === 'lost-half' ? packed.subarray(0, packed.length / 2) : packed;
  const pieces = layout === 'many-idat' ? split(kept, 100) : [kept];

  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...layout.startsWith('animated') ? [pngChunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]))] : [],
    ...colourChunks(choice.colour),
    ...orientation === '1' ? [] : [pngChunk('eXIf', exifOrientation(Number(orientation)))],
    broken(pngChunk('tEXt', Buffer.from('Comment\0made by code', 'latin1')), damage === 'crc-of-text'),
    ...palette, ...transparency,
    ...layout === 'animated' ? [frameControl(image, 0)] : [],
    ...pieces.map((piece) => broken(pngChunk('IDAT', piece), damage === 'crc-of-pixels')),
    ...layout === 'animated-hidden-default' ? [frameControl(image, 0), animationFrame(image, channels, bits)] : [],
    ...damage === 'no-end' || damage === 'lost-half' ? [] : [pngChunk('IEND', Buffer.alloc(0))],
    ...damage === 'bytes-behind' ? [Buffer.alloc(100, 0x41)] : [],
  ]);
}

function imageFor(channels: PngChoice['channels']): RawImage {
  if (channels === 'rgba' || channels === 'palette-alpha') return pictureWithAlpha();
  if (channels === 'grey-alpha') return greyPictureWithAlpha();
  return channels.startsWith('grey') ? greyPicture() : picture();
}

/** Colours of a palette: as many levels a channel as the depth has room for. */
function paletteLevels(bits: number, alpha: boolean): readonly number[] {
  if (bits === 8) return alpha ? [4, 4, 4, 4] : [6, 6, 6];
  if (bits === 4) return alpha ? [2, 2, 2, 2] : [2, 4, 2];
  return bits === 2 ? [2, 2, 1] : [1, 2, 1];
}

function paletteIndex(values: readonly number[], levels: readonly number[]): number {
  return levels.reduce((index, level, at) => index * level + (level === 1 ? 0 : Math.round((values[at] / 255) * (level - 1))), 0);
}

function paletteColours(levels: readonly number[]): number[][] {
  return Array.from({ length: levels.reduce((product, level) => product * level, 1) }, (_, index) => {
    let rest = index;
    return [...levels].reverse().map((level) => {
      const value = level === 1 ? 128 : Math.round((255 * (rest % level)) / (level - 1));
      rest = Math.floor(rest / level);
      return value;
    }).reverse();
  });
}

function colourTables(channels: PngChoice['channels'], bits: number): [palette: Buffer[], transparency: Buffer[]] {
  const full = 2 ** bits - 1;
  const sample = (value: number) => [Math.floor(value / 256), value % 256];
  // The colour of the picture's disc, which is to be a hole.
  if (channels === 'rgb-key') return [[], [pngChunk('tRNS', Buffer.from([250, 200, 20].flatMap((value) => sample(Math.round((value / 255) * full)))))]];
  if (channels === 'grey-key') return [[], [pngChunk('tRNS', Buffer.from(sample(Math.round((194 / 255) * full))))]];
  if (!channels.startsWith('palette')) return [[], []];
  const alpha = channels === 'palette-alpha';
  const colours = paletteColours(paletteLevels(bits, alpha));
  const palette = pngChunk('PLTE', Buffer.from(colours.flatMap(([r, g, b]) => [r, g, b])));
  return [[palette], alpha ? [pngChunk('tRNS', Buffer.from(colours.map(([, , , opacity = 255]) => opacity)))] : []];
}

const WHOLE = [[0, 0, 1, 1]];
/** First column, first row, and steps of the seven passes. */
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

function scanlines(image: RawImage, channels: PngChoice['channels'], bits: number, interlaced: boolean): Buffer {
  const rows: Buffer[] = [];
  for (const [left, top, across, down] of interlaced ? PASSES : WHOLE) {
    for (let y = top; y < image.height; y += down) {
      const samples: number[] = [];
      for (let x = left; x < image.width; x += across) samples.push(...samplesOf(pixel(image, x, y), channels, bits));
      if (samples.length > 0) rows.push(Buffer.from([0]), pack(samples, bits));
    }
  }
  return Buffer.concat(rows);
}

function samplesOf(values: readonly number[], channels: PngChoice['channels'], bits: number): number[] {
  if (channels.startsWith('palette')) return [paletteIndex(values, paletteLevels(bits, channels === 'palette-alpha'))];
  return values.map((value) => Math.round((value / 255) * (2 ** bits - 1)));
}

/** Samples of `bits` bits, the first in the highest. */
export function pack(samples: readonly number[], bits: number): Buffer {
  if (bits === 16) return Buffer.from(samples.flatMap((sample) => [Math.floor(sample / 256), sample % 256]));
  if (bits === 8) return Buffer.from(samples);
  const perByte = 8 / bits;
  const packed = Buffer.alloc(Math.ceil(samples.length / perByte));
  samples.forEach((sample, at) => { packed[Math.floor(at / perByte)] += sample * 2 ** (8 - bits * ((at % perByte) + 1)); });
  return packed;
}

const gamma = (value: number) => pngChunk('gAMA', uint32s([value * 100_000]));
const primaries = (values: typeof P3_PRIMARIES) => pngChunk('cHRM', uint32s([[0.3127, 0.329], ...values].flat().map((value) => value * 100_000)));
const icc = (profile: Buffer) => pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(profile)]));
/** Primaries, transfer, matrix (none) and full range, in the numbers of H.273. */
const cicp = (...codes: [number, number]) => pngChunk('cICP', Buffer.from([...codes, 0, 1]));
const standard = pngChunk('sRGB', Buffer.from([0]));

function colourChunks(colour: PngChoice['colour']): Buffer[] {
  const p3 = matrixProfile(P3_PRIMARIES, 2.2);
  switch (colour) {
    case 'untold': return [];
    case 'sRGB': return [standard];
    case 'gamma-2.2': return [gamma(0.45455)];
    case 'gamma-linear': return [gamma(1)];
    case 'primaries-p3': return [gamma(0.45455), primaries(P3_PRIMARIES)];
    case 'icc-srgb': return [icc(matrixProfile(SRGB_PRIMARIES, 2.2))];
    case 'icc-p3': return [icc(p3)];
    case 'icc-linear': return [icc(matrixProfile(SRGB_PRIMARIES, 1))];
    case 'icc-odd-intent': return [icc(matrixProfile(P3_PRIMARIES, 1.8, { intent: 0x01000000 }))];
    case 'icc-grey-linear': return [icc(greyProfile(1))];
    case 'icc-damaged': return [icc(p3.subarray(0, 200))];
    case 'cicp-srgb': return [cicp(1, 13)];
    case 'cicp-p3': return [cicp(12, 13)];
    case 'cicp-bt2020': return [cicp(9, 1)];
    case 'cicp-pq': return [cicp(9, 16)];
    case 'cicp-hlg': return [cicp(9, 18)];
    case 'sRGB-over-gamma': return [standard, gamma(1), primaries(P3_PRIMARIES)];
    case 'cicp-over-icc': return [cicp(12, 13), icc(matrixProfile(SRGB_PRIMARIES, 1))];
    case 'icc-over-gamma': return [gamma(1), icc(p3)];
  }
}

function frameControl({ width, height }: RawImage, sequence: number): Buffer {
  return pngChunk('fcTL', Buffer.concat([uint32s([sequence, width, height, 0, 0]), Buffer.from([0, 10, 0, 100, 0, 0])]));
}

/** The picture upside down, so that it is told from the default one. */
function animationFrame(image: RawImage, channels: PngChoice['channels'], bits: number): Buffer {
  const turned = { ...image, data: Buffer.from(image.data) };
  const row = image.width * image.channels;
  for (let y = 0; y < image.height; y += 1) image.data.copy(turned.data, (image.height - 1 - y) * row, y * row, (y + 1) * row);
  return pngChunk('fdAT', Buffer.concat([uint32s([1]), deflateSync(scanlines(turned, channels, bits, false))]));
}

function broken(chunk: Buffer, isBroken: boolean): Buffer {
  if (isBroken) chunk[chunk.length - 1] = 255 - chunk[chunk.length - 1];
  return chunk;
}

function split(data: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(data.length / size) }, (_, at) => data.subarray(at * size, (at + 1) * size));
}

function uint32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => bytes.writeUInt32BE(Math.round(value), 4 * at));
  return bytes;
}
