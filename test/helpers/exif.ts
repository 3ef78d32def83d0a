/** EXIF blocks put together tag by tag. */

export type Order = 'II' | 'MM';
/** Text may be given as such, numbers as one. */
export type Tag = readonly [tag: number, type: number, value: string | number | Buffer];

export const [ASCII, SHORT, LONG, RATIONAL, UTF8] = [2, 3, 4, 5, 129];
export const TAGS = { make: 0x010f, model: 0x0110, artist: 0x013b, copyright: 0x8298, takenAt: 0x9003, offset: 0x9011, latitude: 2, longitude: 4 };

export interface Exif {
  /** @default 'II' */
  readonly order?: Order;
  readonly image?: readonly Tag[];
  readonly photo?: readonly Tag[];
  readonly position?: readonly Tag[];
}

/** An EXIF block, as a TIFF has it. */
export function exifBlock({ order = 'II', image = [], photo: taken, position }: Exif): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return order === 'II' ? buffer.reverse() : buffer;
  };
  const directory = (tags: readonly Tag[], start: number): Buffer => {
    let place = start + 2 + 12 * tags.length + 4;
    const [entries, values]: Buffer[][] = [[], []];
    for (const [tag, type, value] of tags) {
      const bytes = typeof value === 'number' ? number(value, type === SHORT ? 2 : 4) : Buffer.from(value as string);
      const count = typeof value === 'number' ? 1 : bytes.length / (type === RATIONAL ? 8 : 1);
      const isInline = bytes.length <= 4;
      const inPlace = isInline ? Buffer.concat([bytes, Buffer.alloc(4 - bytes.length)]) : number(place, 4);
      entries.push(Buffer.concat([number(tag, 2), number(type, 2), number(count, 4), inPlace]));
      if (!isInline) { values.push(bytes); place += bytes.length; }
    }
    return Buffer.concat([number(tags.length, 2), ...entries, number(0, 4), ...values]);
  };
  const others = [[0x8769, taken], [0x8825, position]].filter(([, tags]) => tags !== undefined) as [number, readonly Tag[]][];
  const sized = directory([...image, ...others.map(([tag]): Tag => [tag, LONG, 0])], 8).length;
  let start = 8 + sized;
  const parts = others.map(([tag, tags]) => {
    const bytes = directory(tags, start);
    const pointer: Tag = [tag, LONG, start];
    start += bytes.length;
    return { bytes, pointer };
  });
  const first = directory([...image, ...parts.map(({ pointer }) => pointer)], 8);
  return Buffer.concat([Buffer.from(order), number(42, 2), number(8, 4), first, ...parts.map(({ bytes }) => bytes)]);
}

/** What a phone writes, with a position. */
export const PHONE: Exif = {
  image: [[TAGS.make, ASCII, 'Maker\0'], [TAGS.model, ASCII, 'Phone 3\0']],
  photo: [[TAGS.takenAt, ASCII, '2026:05:01 14:03:22\0'], [TAGS.offset, ASCII, '+02:00\0']],
  position: [[TAGS.latitude, RATIONAL, Buffer.alloc(24, 1)], [TAGS.longitude, RATIONAL, Buffer.alloc(24, 1)]],
};

/** A JPEG with EXIF as cameras place it. */
export function withExif(jpeg: Buffer, exif: Exif): Buffer {
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), exifBlock(exif)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)]);
}
