import { uint32 } from './bytes';
import { profileOf, requireStandardRange } from './cicp';
import { Readable } from './readable';

/** A box, by its places in the file. */
interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content begins. */
  readonly body: number;
  readonly end: number;
}

/** Properties and items of an image are few; a grid has some dozens. */
const MAX_BOXES = 1000;

const SRGB_TRANSFER = 13;
/** What is not told, and the curves of broadcasting, which browsers take as that of sRGB here, unlike in PNG. */
const LIKE_SRGB: ReadonlySet<number> = new Set([1, 2, 6, 11, 12, 14, 15]);

/**
 * What libheif is given of an AVIF that names its colour space by code points (nclx), which libvips does not look at: the
 * same image with a profile.
 *
 * @returns undefined where there is nothing to add, or the boxes are not as expected
 * @throws PermanentError `UNSUPPORTED_FORMAT` for high dynamic range
 */
export function avifInColour(data: Buffer): Readable | undefined {
  const meta = boxesIn(data, 0, data.length).find(({ type }) => type === 'meta');
  const inMeta = meta ? boxesIn(data, meta.body + 4, meta.end) : [];
  const [pitm, iprp] = ['pitm', 'iprp'].map((name) => inMeta.find(({ type }) => type === name));
  const inProperties = iprp ? boxesIn(data, iprp.body, iprp.end) : [];
  const [ipco, ipma] = ['ipco', 'ipma'].map((name) => inProperties.find(({ type }) => type === name));
  if (!meta || !pitm || !iprp || !ipco || !ipma || pitm.end - pitm.body < 6) return undefined;

  const primary = data[pitm.body] === 0 ? data.readUInt16BE(pitm.body + 4) : data.readUIntBE(pitm.body + 4, Math.min(4, pitm.end - pitm.body - 4));
  const properties = boxesIn(data, ipco.body, ipco.end);
  const item = associationsOf(data, ipma, primary);
  if (!item) return undefined;
  const colours = item.properties.map((index) => properties[index - 1]).filter((box) => box?.type === 'colr');
  const kindOf = (box: Box) => data.toString('latin1', box.body, box.body + 4);
  const nclx = colours.find((box) => kindOf(box) === 'nclx' && box.end - box.body >= 11);
  if (!nclx || colours.some((box) => kindOf(box) !== 'nclx')) return undefined;

  const transfer = data.readUInt16BE(nclx.body + 6);
  const points = { primaries: data.readUInt16BE(nclx.body + 4), transfer: LIKE_SRGB.has(transfer) ? SRGB_TRANSFER : transfer };
  requireStandardRange(points, 'avif');
  const profile = profileOf(points);
  if (!profile || item.count === 255 || properties.length >= (item.wide ? 0x7fff : 0x7f)) return undefined;

  const colr = Buffer.concat([uint32(profile.length + 12), Buffer.from('colrprof', 'latin1'), profile]);
  const association = item.wide ? uint32(properties.length + 1).subarray(2) : Buffer.from([properties.length + 1]);
  return { data: withProperty(data, { meta, iprp, ipco, ipma }, { colr, association, at: item.at, end: item.end, count: item.count }) };
}

interface Places {
  readonly meta: Box;
  readonly iprp: Box;
  readonly ipco: Box;
  readonly ipma: Box;
}

/** The file with a description of its own behind all else, so that what it tells of places in the file stays true. */
function withProperty(
  data: Buffer,
  { meta, iprp, ipco, ipma }: Places,
  { colr, association, at, end, count }: Pick<Associations, 'at' | 'end' | 'count'> & { readonly colr: Buffer; readonly association: Buffer },
): Buffer {
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

interface Associations {
  readonly properties: readonly number[];
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
    const properties = Array.from({ length: count }, (_, nth) => data.readUIntBE(first + nth * bytes, bytes) % (bytes === 2 ? 0x8000 : 0x80));
    if (id === item) return { properties, wide: bytes === 2, at: at + idBytes, count, end };
    at = end;
  }
  return undefined;
}

/** Boxes with a size of 32 bits; the last may reach to the end of its parent. */
function boxesIn(data: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to && boxes.length < MAX_BOXES;) {
    const size = data.readUInt32BE(start);
    const end = start + size;
    if (size < 8 || end > to) break;
    boxes.push({ type: data.toString('latin1', start + 4, start + 8), start, body: start + 8, end });
    start = end;
  }
  return boxes;
}
