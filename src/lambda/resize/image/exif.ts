import { readTiffDirectory, textOf, TiffDirectory, valuesOf } from './tiff-directory';
import type { ExifFacts } from '../../../contract';
import { plainText } from '../../shared/plain-text';

/** Tags of the first directory, and of those that it names. */
const TAG = {
  make: 0x010f,
  model: 0x0110,
  artist: 0x013b,
  copyright: 0x8298,
  photoDirectory: 0x8769,
  positionDirectory: 0x8825,
  takenAt: 0x9003,
  takenAtOffset: 0x9011,
  latitude: 0x0002,
  longitude: 0x0004,
} as const;

/** Bytes of a text that are looked at. */
const MAX_TEXT_BYTES = 8192;
/** Characters of the name of a camera or its maker. */
const MAX_NAME = 100;

export interface Exif {
  /** The tags that say whose image it is. */
  readonly credits: Readonly<Record<string, string>>;
  /** Absent where the image says nothing of the photograph. */
  readonly facts?: ExifFacts;
}

/**
 * What is read of EXIF. Only tags that are needed are looked at, each once: a block can claim any number of values of any length.
 * What cannot be read is not there.
 *
 * @param block as decoders give it, or a TIFF, which has the same directories
 * @param xmp may tell the position as well
 */
export function readExif(block: Buffer | undefined, xmp: Buffer | undefined): Exif {
  const data = block && withoutPrefix(block);
  const first = data && isTiff(data) ? readTiffDirectory(data) : undefined;
  const isInXmp = xmp?.includes('exif:GPSLatitude') ?? false;
  if (!data || !first) return { credits: {}, ...isInXmp && { facts: { hasPosition: true } } };

  const [photo, position] = [TAG.photoDirectory, TAG.positionDirectory].map((tag) => directoryAt(data, first, tag));
  const named = (tag: number) => cleanText(textOf(data, first, tag, MAX_TEXT_BYTES), MAX_NAME);
  const facts = withoutAbsent({
    takenAt: photo && timeOf(data, photo),
    cameraMake: named(TAG.make),
    cameraModel: named(TAG.model),
    hasPosition: isInXmp || (position !== undefined && [TAG.latitude, TAG.longitude].every((tag) => valuesOf(data, position, tag).length > 0)),
  });
  return { credits: creditsOf(data, first), facts };
}

const PREFIX = Buffer.from('Exif\0\0', 'latin1');

/** JPEG has one, other formats have none, and decoders add it to some. */
export function withoutPrefix(block: Buffer): Buffer {
  return block.subarray(0, PREFIX.length).equals(PREFIX) ? block.subarray(PREFIX.length) : block;
}

function isTiff(data: Buffer): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(data.toString('latin1', 0, 4));
}

function directoryAt(data: Buffer, first: TiffDirectory, tag: number): TiffDirectory | undefined {
  const [start = 0] = valuesOf(data, first, tag);
  return start > 0 ? readTiffDirectory(data, start) : undefined;
}

/** Letters that EXIF, which is ASCII, can stand for. */
const LATIN = /^[\u0020-\u024f]+$/;

function creditsOf(data: Buffer, first: TiffDirectory): Record<string, string> {
  const credit = (tag: number) => {
    const text = cleanText(textOf(data, first, tag, MAX_TEXT_BYTES));
    return text !== undefined && LATIN.test(text) ? text : undefined;
  };
  return withoutAbsent({ Artist: credit(TAG.artist), Copyright: credit(TAG.copyright) }) as Record<string, string>;
}

/** The first text that is not empty: a copyright can be two, of the photographer and of the editor. */
function cleanText(bytes: Buffer, most = MAX_TEXT_BYTES): string | undefined {
  return decode(bytes).split('\0').map((part) => plainText(part, most)).find((part) => part !== '');
}

/** Meant to be ASCII, and often UTF-8 or Latin-1. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

const TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/;
const OFFSET = /^[+-](?:0\d|1[0-4]):[0-5]\d$/;

/** As it was written: cameras without a clock that was set write zeros, and most write no offset. */
function timeOf(data: Buffer, photo: TiffDirectory): string | undefined {
  const [, year, month, day, clock] = TIME.exec(cleanText(textOf(data, photo, TAG.takenAt, 32)) ?? '') ?? [];
  const time = `${year}-${month}-${day}T${clock}`;
  const read = new Date(`${time}Z`);
  if (Number.isNaN(read.getTime()) || read.toISOString() !== `${time}.000Z` || year === '0000') return undefined;
  const offset = cleanText(textOf(data, photo, TAG.takenAtOffset, 16)) ?? '';
  return OFFSET.test(offset) ? time + offset : time;
}

function withoutAbsent<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}
