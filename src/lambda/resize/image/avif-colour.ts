import { av1Colours } from './av1';
import { AvifImage, Box, codedItem, contentOf, propertiesOf, readAvif } from './avif-boxes';
import { uint32 } from './bytes';
import { CodePoints, profileOf, requireStandardRange, spaceOf } from './cicp';
import { BT709, limitedTo, rgbProfile, SRGB_CURVE } from './icc';
import { Readable } from './readable';
import { unsupportedForm } from './words';

const SRGB_TRANSFER = 13;
const LIKE_SRGB: ReadonlySet<number> = new Set([1, 2, 6, 11, 12, 14, 15]);

/** What is not told, and the curves of broadcasting, are that of sRGB to browsers in AVIF and HEIC, unlike in PNG. */
export function asBrowsersSee({ primaries, transfer }: CodePoints): CodePoints {
  return { primaries, transfer: LIKE_SRGB.has(transfer) ? SRGB_TRANSFER : transfer };
}

/** How the colours of an AVIF are told, beside a profile. */
interface Told extends CodePoints {
  readonly isFullRange: boolean;
}

/**
 * What libheif is given of an AVIF that names its colour space by code points (nclx), which libvips does not look at, or
 * whose grey has a limited range, which libheif does not: the same image with a profile.
 *
 * @returns undefined where there is nothing to add, or the boxes are not as expected
 * @throws PermanentError `UNSUPPORTED_FORMAT` for high dynamic range, and for grey of limited range with a profile
 */
export function avifInColour(data: Buffer): Readable | undefined {
  const image = readAvif(data);
  if (!image) return undefined;
  const colours = propertiesOf(data, image, image.primary, 'colr');
  const kindOf = ({ body }: Box) => data.toString('latin1', body, body + 4);
  const nclx = colours.find((box) => kindOf(box) === 'nclx' && box.end - box.body >= 11);
  const hasProfile = colours.some((box) => kindOf(box) !== 'nclx');

  const item = codedItem(data, image);
  const coded = av1Colours(contentOf(data, image, item) ?? Buffer.alloc(0));
  // The container goes before what is coded, as in browsers.
  const told = nclx ? readNclx(data, nclx) : coded;
  const readable = nclx ? withKnownPoints(data, nclx) : data;
  if (!told) return undefined;

  const isLimitedGrey = isMonochrome(data, image, item) && !told.isFullRange;
  if (hasProfile) {
    if (isLimitedGrey) throw unsupportedForm('avif', 'is grey of limited range with a profile', { detail: 'the avif image is monochrome of limited range and has a profile' });
    return readable === data ? undefined : { data: readable };
  }
  const points = asBrowsersSee(told);
  requireStandardRange(points, 'avif');
  const profile = isLimitedGrey ? limitedProfile(points) : profileOf(points);
  const withColour = profile && withProfile(readable, image, profile);
  return withColour || readable !== data ? { data: withColour ?? readable } : undefined;
}

function readNclx(data: Buffer, { body }: Box): Told {
  return { primaries: data.readUInt16BE(body + 4), transfer: data.readUInt16BE(body + 6), isFullRange: data[body + 10] >= 0x80 };
}

const UNSPECIFIED = 2;

/** Where none of the three is specified, libheif does not look at the range beside them either, and takes all of that from the coded data. */
function withKnownPoints(data: Buffer, { body }: Box): Buffer {
  const isUnspecified = [4, 6, 8].every((offset) => data.readUInt16BE(body + offset) === UNSPECIFIED);
  if (!isUnspecified) return data;
  const copy = Buffer.from(data);
  [1, SRGB_TRANSFER, 6].forEach((value, index) => copy.writeUInt16BE(value, body + 4 + 2 * index));
  return copy;
}

/** By the configuration of its decoder. */
function isMonochrome(data: Buffer, image: AvifImage, item: number): boolean {
  const [configuration] = propertiesOf(data, image, item, 'av1C');
  return configuration !== undefined && Math.floor(data[configuration.body + 2] / 16) % 2 === 1;
}

function limitedProfile(points: CodePoints): Buffer {
  const { primaries, curve } = spaceOf(points) ?? { primaries: BT709, curve: SRGB_CURVE };
  return rgbProfile(primaries, limitedTo(curve, 16 / 255, 235 / 255));
}

/**
 * The file with the profile, and with a description of its own behind all else, so that what it tells of places in the
 * file stays true.
 *
 * @returns undefined where there is no room for one more property
 */
function withProfile(data: Buffer, { meta, iprp, ipco, ipma, properties, associations }: AvifImage, profile: Buffer): Buffer | undefined {
  const { wide, count, at, end } = associations;
  if (count === 255 || properties.length >= (wide ? 0x7fff : 0x7f)) return undefined;
  const colr = Buffer.concat([uint32(profile.length + 12), Buffer.from('colrprof', 'latin1'), profile]);
  const association = wide ? uint32(properties.length + 1).subarray(2) : Buffer.from([properties.length + 1]);

  const copy = Buffer.from(data);
  const grow = (box: Box, bytes: number) => copy.writeUInt32BE(box.end - box.start + bytes, box.start);
  grow(meta, colr.length + association.length);
  grow(iprp, colr.length + association.length);
  grow(ipco, colr.length);
  grow(ipma, association.length);
  copy[at] = count + 1;
  const inserted = [[ipco.end, colr], [end, association]] as const;
  const [first, second] = [...inserted].sort(([one], [other]) => one - other);
  const described = Buffer.concat([
    copy.subarray(meta.start, first[0]), first[1], copy.subarray(first[0], second[0]), second[1], copy.subarray(second[0], meta.end),
  ]);
  copy.write('free', meta.start + 4, 'latin1');
  copy.writeUInt32BE(meta.end - meta.start, meta.start);
  return Buffer.concat([copy, described]);
}
