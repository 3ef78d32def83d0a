/** Numbers are shorts or longs, bytes are of the type that the tag has. */
export type TiffTags = Readonly<Record<number, number | readonly number[] | Buffer | undefined>>;

export interface TiffFile {
  readonly tags: TiffTags;
  /** Strips or tiles. */
  readonly pieces: readonly Buffer[];
  readonly tiled: boolean;
  readonly littleEndian: boolean;
  /** A second page of one pixel. */
  readonly secondPage: boolean;
  readonly damage: 'none' | 'unknown-tag' | 'text-without-end' | 'directory-loop' | 'tags-unsorted' | 'bytes-behind' | 'lost-strip' | 'offset-beyond-file';
}

const [ASCII, SHORT, LONG, UNDEFINED] = [2, 3, 4, 7];
const SIZES: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };

/** The file with its pieces first and its directories last. */
export function tiffFile({ tags, pieces, tiled, littleEndian, secondPage, damage }: TiffFile): Buffer {
  const writer = new Writer(littleEndian);
  let offset = 8;
  const offsets = pieces.map((piece) => {
    const start = offset;
    offset += piece.length + (piece.length % 2);
    return start;
  });
  const lost = damage === 'lost-strip' ? pieces.length - 1 : -1;
  const far = damage === 'offset-beyond-file' ? pieces.length - 1 : -1;
  const places = offsets.map((start, at) => (at === lost ? 0 : at === far ? 0x0fffffff : start));
  const counts = pieces.map(({ length }, at) => (at === lost ? 0 : length));
  const all = { ...tags, [tiled ? 324 : 273]: places, [tiled ? 325 : 279]: counts };

  const body = Buffer.concat(pieces.map((piece) => Buffer.concat([piece, Buffer.alloc(piece.length % 2)])));
  const first = writer.directory(all, offset, damage === 'tags-unsorted');
  const pixel = offset + first.length;
  const second = secondPage
    ? writer.directory({ 256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: [8], 277: 1, 278: 1, 279: [1] }, pixel, false)
    : Buffer.alloc(0);
  if (secondPage) writer.next(first, pixel);
  if (damage === 'directory-loop') writer.next(first, offset);
  const behind = damage === 'bytes-behind' ? Buffer.alloc(100, 0x41) : Buffer.alloc(0);
  return Buffer.concat([Buffer.from(littleEndian ? 'II*\0' : 'MM\0*', 'latin1'), writer.number(offset, LONG), body, first, second, behind]);
}

class Writer {
  constructor(private readonly littleEndian: boolean) {}

  number(value: number, type: number): Buffer {
    const size = SIZES[type];
    const bytes = Buffer.alloc(size);
    if (this.littleEndian) bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
    return bytes;
  }

  /** A directory at `start`, with the values that do not fit into its entries behind it. */
  directory(tags: TiffTags, start: number, reversed: boolean): Buffer {
    const names = Object.keys(tags).map(Number).filter((name) => tags[name] !== undefined).sort((one, other) => one - other);
    if (reversed) names.reverse();
    let offset = start + 2 + 12 * names.length + 4;
    const values: Buffer[] = [];
    const entries = names.map((name) => {
      const [type, count, value] = this.value(name, tags[name]!);
      const head = Buffer.concat([this.number(name, SHORT), this.number(type, SHORT), this.number(count, LONG)]);
      if (value.length <= 4) return Buffer.concat([head, value, Buffer.alloc(4 - value.length)]);
      const padded = Buffer.concat([value, Buffer.alloc(value.length % 2)]);
      values.push(padded);
      offset += padded.length;
      return Buffer.concat([head, this.number(offset - padded.length, LONG)]);
    });
    return Buffer.concat([this.number(names.length, SHORT), ...entries, this.number(0, LONG), ...values]);
  }

  /** Lets a directory point to the next. */
  next(directory: Buffer, start: number): void {
    const entries = this.littleEndian ? directory.readUInt16LE(0) : directory.readUInt16BE(0);
    this.number(start, LONG).copy(directory, 2 + 12 * entries);
  }

  private value(name: number, value: number | readonly number[] | Buffer): [type: number, count: number, bytes: Buffer] {
    if (Buffer.isBuffer(value)) return [name === 305 ? ASCII : UNDEFINED, value.length, value];
    const numbers = typeof value === 'number' ? [value] : value;
    const type = [273, 279, 324, 325].includes(name) ? LONG : SHORT;
    return [type, numbers.length, Buffer.concat(numbers.map((number) => this.number(number, type)))];
  }
}
