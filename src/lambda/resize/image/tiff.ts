import { Readable } from './readable';
import { readTiffDirectory, TiffDirectory, valuesOf } from './tiff-directory';
import { unsupportedForm } from './words';

const TAG = {
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  planar: 284,
  tileWidth: 322,
  tileOffsets: 324,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  profile: 34675,
} as const;

/** What libtiff, as it is shipped, unpacks. */
const COMPRESSIONS = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946]);
const OTHER_COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'JPEG compression of the kind that was given up in 1995',
  9: 'JBIG compression',
  10: 'JBIG compression',
  32766: 'NeXT compression',
  32809: 'ThunderScan compression',
  32908: 'Pixar compression',
  32909: 'Pixar compression',
  33003: 'JPEG 2000 compression',
  33004: 'JPEG 2000 compression',
  33005: 'JPEG 2000 compression',
  34661: 'JBIG compression',
  34676: 'LogLuv compression',
  34677: 'LogLuv compression',
  34712: 'JPEG 2000 compression',
  34887: 'LERC compression',
  34892: 'lossy JPEG compression of camera raw',
  34925: 'LZMA compression',
  50000: 'ZSTD compression',
  50001: 'WebP compression',
  50002: 'JPEG XL compression',
};

const [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB] = [0, 1, 2, 3, 5, 6, 8];
/** Samples of a pixel without alpha, by photometric interpretation. */
const COLOURS: Readonly<Record<number, number>> = { [WHITE_IS_ZERO]: 1, [BLACK_IS_ZERO]: 1, [RGB]: 3, [PALETTE]: 1, [CMYK]: 4, [YCBCR]: 3, [LAB]: 3 };
const OTHER_COLOURS: Readonly<Record<number, string>> = {
  4: 'a transparency mask', 9: 'ICC Lab colours', 10: 'ITU Lab colours', 32803: 'the raw pixels of a camera', 32844: 'LogL pixels', 32845: 'LogLuv colours', 34892: 'the raw pixels of a camera',
};
const JPEG = 7;

/**
 * Refuses what libvips would not read, or would read as another picture.
 *
 * @throws PermanentError `UNSUPPORTED_FORMAT`
 */
export function requireReadableTiff(data: Buffer, directory: TiffDirectory): void {
  const reason = whyUnreadable(data, directory);
  if (reason) throw unsupportedForm('tiff', `has ${reason}`, { detail: `the tiff image has ${reason}, which cannot be read: expected 8 or 16 bits of grey, RGB or CMYK, in a usual compression` });
}

function whyUnreadable(data: Buffer, directory: TiffDirectory): string | undefined {
  const first = (tag: number, fallback: number) => valuesOf(data, directory, tag)[0] ?? fallback;
  const compression = first(TAG.compression, 1);
  if (!COMPRESSIONS.has(compression)) return OTHER_COMPRESSIONS[compression] ?? `compression ${compression}`;

  const photometric = first(TAG.photometric, BLACK_IS_ZERO);
  const colours = COLOURS[photometric];
  if (colours === undefined) return OTHER_COLOURS[photometric] ?? `colours of kind ${photometric}`;
  if (photometric === YCBCR && compression !== JPEG) return 'YCbCr colours without JPEG compression';
  if (photometric === CMYK && first(TAG.inkSet, 1) !== 1) return 'other inks than cyan, magenta, yellow and black';

  const format = valuesOf(data, directory, TAG.sampleFormat).find((value) => value !== 1 && value !== 4);
  if (format !== undefined && photometric !== LAB) return { 2: 'signed samples', 3: 'floating-point samples' }[format] ?? 'samples of complex numbers';
  // Photoshop stores selections so: libvips would take them for opacity.
  if (first(TAG.extraSamples, 2) === 0) return 'a channel of unspecified meaning beside its colours';
  // Inverted before or after it was multiplied: nothing says.
  if (photometric === WHITE_IS_ZERO && first(TAG.extraSamples, 0) === 1) return 'premultiplied alpha beside grey where 0 is white';
  if (first(TAG.planar, 1) === 2) {
    if (isTiled(directory)) return 'tiles of separate planes';
    // libvips makes them black.
    if (first(TAG.bits, 1) < 8) return `planes of ${first(TAG.bits, 1)} bits`;
    // It takes them for pixels of two samples.
    if (colours === 1 && first(TAG.samples, 1) > 1) return 'a plane of grey and one of alpha';
  }
  return whyUnreadableBits(photometric, first(TAG.samples, 1) - colours, valuesOf(data, directory, TAG.bits));
}

function whyUnreadableBits(photometric: number, extra: number, bits: readonly number[]): string | undefined {
  const depth = bits[0] ?? 1;
  if (bits.some((other) => other !== depth)) return `samples of different depths (${bits.join(', ')} bits)`;
  const isPacked = depth === 1 || depth === 2 || depth === 4;
  if (!isPacked && depth !== 8 && depth !== 16) return `samples of ${depth} bits`;
  const isGrey = photometric === WHITE_IS_ZERO || photometric === BLACK_IS_ZERO;
  if (isPacked && (extra > 0 || !(isGrey || photometric === PALETTE))) return `pixels of several samples of ${depth} bits`;
  // libvips takes any opacity for full.
  if (photometric === CMYK && depth === 16 && extra > 0) return 'alpha beside CMYK of 16 bits';
  if (photometric === PALETTE && depth === 16) return 'a palette for 16 bits';
  if (photometric === LAB && (depth !== 16 || extra > 0)) return extra > 0 ? 'alpha beside Lab colours' : 'Lab colours of 8 bits';
  return undefined;
}

function isTiled({ entries }: TiffDirectory): boolean {
  return entries.has(TAG.tileWidth) || entries.has(TAG.tileOffsets);
}

/** What is needed of a directory to show its image: on other tags libtiff may remark, and what follows it may be a circle. */
const SHOWN_TAGS = new Set([
  256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 293, 296, 317, 320, 322, 323, 324, 325, 332, 338, 339,
  347, 529, 530, 531, 532, 700, 34675,
]);

/**
 * What libvips is given of a TIFF. Of strips that cannot be read it makes an error; of tiles black, and of facsimiles
 * anything, with no more than a remark. Then remarks count, and those that do not concern the pixels must not come up.
 */
export function readableTiff(data: Buffer, directory: TiffDirectory | undefined): Readable | undefined {
  if (!directory) return { data, strict: true };
  const [compression] = valuesOf(data, directory, TAG.compression);
  if (!isTiled(directory) && ![2, 3, 4].includes(compression)) return undefined;
  return { data: withDirectory(data, directory), strict: true };
}

/** The TIFF with the profile instead of its own. */
export function tiffWithProfile(data: Buffer, profile: Buffer): Buffer {
  const directory = readTiffDirectory(data);
  return directory ? withDirectory(data, directory, profile) : data;
}

const UNDEFINED_TYPE = 7;

/** The same image by a directory of its own, sorted and alone, behind all else. */
function withDirectory(original: Buffer, { littleEndian, big, entries }: TiffDirectory, profile?: Buffer): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(6, bytes));
    return littleEndian ? buffer.reverse() : buffer;
  };
  const place = [profile, original].map((bytes) => number(bytes?.length ?? 0, big ? 8 : 4));
  const own = profile && { tag: TAG.profile, bytes: Buffer.concat([number(TAG.profile, 2), number(UNDEFINED_TYPE, 2), ...place]) };
  const data = profile ? Buffer.concat([original, profile]) : original;
  const kept = [...[...entries.values()].filter(({ tag }) => SHOWN_TAGS.has(tag) && tag !== own?.tag), ...(own ? [own] : [])]
    .sort((one, other) => one.tag - other.tag);
  const padding = Buffer.alloc(data.length % 2);
  const [countBytes, offsetBytes] = big ? [8, 8] : [2, 4];
  const copy = Buffer.concat([data, padding, number(kept.length, countBytes), ...kept.map(({ bytes }) => bytes), number(0, offsetBytes)]);
  number(data.length + padding.length, offsetBytes).copy(copy, big ? 8 : 4);
  return copy;
}
