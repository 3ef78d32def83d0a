/** A box of an ISO media file, by its places. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content begins. */
  readonly body: number;
  readonly end: number;
}

/** Properties and items of an image are few; a grid has some dozens. */
const MAX_BOXES = 1000;

/** Boxes with a size of 32 bits; the last may reach to the end of its parent. */
export function boxesIn(data: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to && boxes.length < MAX_BOXES;) {
    const size = data.readUInt32BE(start) || to - start;
    const end = start + size;
    if (size < 8 || end > to) break;
    boxes.push({ type: data.toString('latin1', start + 4, start + 8), start, body: start + 8, end });
    start = end;
  }
  return boxes;
}

/** The first box on a path of types, such as `moov/trak`, within another one. */
export function boxOn(path: string, data: Buffer, { body, end }: Pick<Box, 'body' | 'end'>): Box | undefined {
  const [type, ...further] = path.split('/');
  const found = boxesIn(data, body, end).find((box) => box.type === type);
  return found && further.length > 0 ? boxOn(further.join('/'), data, found) : found;
}

/** @returns 0 for what lies outside */
export function numberAt(data: Buffer, at: number, bytes: number): number {
  if (bytes === 0 || !(at >= 0 && at + bytes <= data.length)) return 0;
  return bytes === 8 ? Number(data.readBigUInt64BE(at)) : data.readUIntBE(at, bytes);
}

/** What tells of the image in an AVIF: the boxes by which items have properties, and the item that is shown. */
export interface AvifImage {
  readonly meta: Box;
  readonly iprp: Box;
  readonly ipco: Box;
  readonly ipma: Box;
  readonly primary: number;
  readonly properties: readonly Box[];
  readonly associations: Associations;
}

/** @returns undefined where the boxes are not as expected */
export function readAvif(data: Buffer): AvifImage | undefined {
  const meta = boxOn('meta', data, { body: 0, end: data.length });
  const inMeta = meta && { body: meta.body + 4, end: meta.end };
  const [pitm, iprp, ipco, ipma] = inMeta ? ['pitm', 'iprp', 'iprp/ipco', 'iprp/ipma'].map((path) => boxOn(path, data, inMeta)) : [];
  if (!meta || !pitm || !iprp || !ipco || !ipma || pitm.end - pitm.body < 6) return undefined;
  const primary = numberAt(data, pitm.body + 4, data[pitm.body] === 0 ? 2 : 4);
  const associations = associationsOf(data, ipma, primary);
  return associations && { meta, iprp, ipco, ipma, primary, properties: boxesIn(data, ipco.body, ipco.end), associations };
}

/** The properties that an item has. */
export interface Associations {
  /** From 1. */
  readonly indices: readonly number[];
  readonly wide: boolean;
  /** Where their number stands. */
  readonly at: number;
  readonly count: number;
  readonly end: number;
}

function associationsOf(data: Buffer, ipma: Box, item: number): Associations | undefined {
  const [version, flags] = [data[ipma.body], data[ipma.body + 3]];
  const [idBytes, bytes] = [version === 0 ? 2 : 4, flags % 2 === 1 ? 2 : 1];
  if (ipma.body + 8 > ipma.end) return undefined;
  const items = Math.min(data.readUInt32BE(ipma.body + 4), MAX_BOXES);
  for (let at = ipma.body + 8, index = 0; index < items && at + idBytes + 1 <= ipma.end; index += 1) {
    const [id, count, first] = [data.readUIntBE(at, idBytes), data[at + idBytes], at + idBytes + 1];
    const end = first + count * bytes;
    if (end > ipma.end) return undefined;
    // The highest bit says whether a property is essential.
    const indices = Array.from({ length: count }, (_, nth) => data.readUIntBE(first + nth * bytes, bytes) % (bytes === 2 ? 0x8000 : 0x80));
    if (id === item) return { indices, wide: bytes === 2, at: at + idBytes, count, end };
    at = end;
  }
  return undefined;
}

/** The properties of a type that an item has. */
export function propertiesOf(data: Buffer, { ipma, properties }: AvifImage, item: number, type: string): Box[] {
  return (associationsOf(data, ipma, item)?.indices ?? []).map((index) => properties[index - 1]).filter((box) => box?.type === type);
}

/** The item whose pixels are coded: of a grid, its first tile. */
export function codedItem(data: Buffer, { meta, primary }: AvifImage): number {
  const iref = boxOn('iref', data, { body: meta.body + 4, end: meta.end });
  if (!iref) return primary;
  const idBytes = data[iref.body] === 0 ? 2 : 4;
  const derived = boxesIn(data, iref.body + 4, iref.end).find(({ type, body }) => type === 'dimg' && numberAt(data, body, idBytes) === primary);
  return derived ? numberAt(data, derived.body + idBytes + 2, idBytes) : primary;
}

/** Whether the colours of the picture have been multiplied by its opacity. */
export function isPremultiplied(data: Buffer, { meta, primary }: AvifImage): boolean {
  const iref = boxOn('iref', data, { body: meta.body + 4, end: meta.end });
  if (!iref) return false;
  const idBytes = data[iref.body] === 0 ? 2 : 4;
  return boxesIn(data, iref.body + 4, iref.end).some(({ type, body }) => type === 'prem' && numberAt(data, body, idBytes) === primary);
}

/** The beginning of what an item holds, or all of it. */
export function contentOf(data: Buffer, { meta }: AvifImage, item: number): Buffer | undefined {
  const inMeta = { body: meta.body + 4, end: meta.end };
  const iloc = boxOn('iloc', data, inMeta);
  if (!iloc) return undefined;
  const version = data[iloc.body];
  const sizes = numberAt(data, iloc.body + 4, 2);
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [12, 8, 4, 0].map((shift) => Math.floor(sizes / 2 ** shift) % 16);
  if ([offsetBytes, lengthBytes, baseBytes, indexBytes].some((bytes) => ![0, 4, 8].includes(bytes))) return undefined;
  const idBytes = version === 2 ? 4 : 2;
  const items = Math.min(numberAt(data, iloc.body + 6, idBytes), MAX_BOXES);
  let at = iloc.body + 6 + idBytes;
  for (let index = 0; index < items && at < iloc.end; index += 1) {
    const id = numberAt(data, at, idBytes);
    const method = version === 0 ? 0 : numberAt(data, at + idBytes, 2) % 16;
    const base = at + idBytes + (version === 0 ? 2 : 4);
    const extents = base + baseBytes;
    const count = numberAt(data, extents, 2);
    const extentBytes = (version === 0 ? 0 : indexBytes) + offsetBytes + lengthBytes;
    if (id === item) {
      const first = extents + 2 + (version === 0 ? 0 : indexBytes);
      const origin = method === 1 ? boxOn('idat', data, inMeta)?.body : method === 0 ? 0 : undefined;
      if (origin === undefined || count === 0) return undefined;
      const start = origin + numberAt(data, base, baseBytes) + numberAt(data, first, offsetBytes);
      return data.subarray(start, start + (numberAt(data, first + offsetBytes, lengthBytes) || data.length));
    }
    at = extents + 2 + count * extentBytes;
  }
  return undefined;
}
