/** An entry of a TIFF's directory. */
interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where its values are. */
  readonly at: number;
  /** As it lies in the directory. */
  readonly bytes: Buffer;
}

/** A directory of a TIFF: of the first one, what its pixels are. */
export interface TiffDirectory {
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly entries: ReadonlyMap<number, Entry>;
}

/** Far more than the hundred or so that writers use. */
const MAX_ENTRIES = 4096;

const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
};

/**
 * The first directory, or the one that begins at `start`.
 *
 * @returns undefined for what is no directory; the decoder then says what is wrong
 */
export function readTiffDirectory(data: Buffer, start?: number): TiffDirectory | undefined {
  const littleEndian = data[0] === 0x49;
  const big = data[littleEndian ? 2 : 3] === 43;
  const read = (at: number, bytes: number) => readNumber(data, at, bytes, littleEndian);
  const [countBytes, entryBytes, inline] = big ? [8, 20, 8] : [2, 12, 4];
  const directory = start ?? (big ? read(8, 8) : read(4, 4));
  const count = read(directory, countBytes);
  const first = directory + countBytes;
  if (count === 0 || count > MAX_ENTRIES || first + count * entryBytes > data.length) return undefined;

  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index += 1) {
    const at = first + index * entryBytes;
    const [tag, type, values] = [read(at, 2), read(at + 2, 2), read(at + 4, inline)];
    const fits = (TYPE_BYTES[type] ?? 1) * values <= inline;
    const place = at + entryBytes - inline;
    // Of tags that are there twice, libtiff takes the first.
    if (entries.has(tag)) continue;
    const bytes = data.subarray(at, at + entryBytes);
    entries.set(tag, { tag, type, count: values, at: fits ? place : read(place, inline), bytes });
  }
  return { littleEndian, big, entries };
}

/** As far as values are looked at: the samples of a pixel. */
const MAX_VALUES = 8;

/** The first numbers of a tag. */
export function valuesOf(data: Buffer, { littleEndian, entries }: TiffDirectory, tag: number): number[] {
  const entry = entries.get(tag);
  if (!entry) return [];
  const bytes = TYPE_BYTES[entry.type] ?? 1;
  return Array.from({ length: Math.min(entry.count, MAX_VALUES) }, (_, index) => readNumber(data, entry.at + index * bytes, bytes, littleEndian));
}

/** @returns 0 for what lies outside */
function readNumber(data: Buffer, at: number, bytes: number, littleEndian: boolean): number {
  if (!(at >= 0 && at + bytes <= data.length)) return 0;
  if (bytes === 8) return Number(littleEndian ? data.readBigUInt64LE(at) : data.readBigUInt64BE(at));
  return littleEndian ? data.readUIntLE(at, bytes) : data.readUIntBE(at, bytes);
}

/** Text, and since EXIF 3.0 text that is UTF-8 by its type. */
const TEXT_TYPES = [2, 129];

/** The bytes of a tag that holds text, up to `limit`. */
export function textOf(data: Buffer, { entries }: TiffDirectory, tag: number, limit: number): Buffer {
  const { type, count, at } = entries.get(tag) ?? { type: 0, count: 0, at: 0 };
  return TEXT_TYPES.includes(type) ? data.subarray(at, at + Math.min(count, limit)) : Buffer.alloc(0);
}
