import { AvifImage, Box, boxesIn, boxOn, isPremultiplied, numberAt, propertiesOf, readAvif } from './avif-boxes';
import { uint32 } from './bytes';
import { unsupportedForm } from './words';

const MAJOR_BRAND = 8;

/**
 * What libvips opens of an AVIF: it goes by the major brand, which other kinds of the format do not have, and opens stills.
 *
 * @returns the same bytes where they will do
 * @throws PermanentError `UNSUPPORTED_FORMAT` for headers that are not read, layers that are not chosen, and premultiplied alpha
 */
export function stillOfAvif(data: Buffer): Buffer {
  const boxes = boxesIn(data, 0, data.length);
  const has = (name: string) => boxes.some(({ type }) => type === name);
  const image = readAvif(data);
  if (image) {
    requireNoChoice(data, image);
    // libvips takes them for colours as they are.
    if (isPremultiplied(data, image)) throw unsupportedForm('avif', 'has premultiplied transparency', { detail: 'the avif image has colours that are multiplied by its alpha (prem)' });
    return withBrand(data);
  }
  if (has('mini') && !has('meta')) throw unsupportedForm('avif', 'has a minimised header (mini)', { detail: 'the avif image has a minimised header (mini) instead of boxes of metadata' });
  if (!has('moov')) return data;
  const still = firstFrame(data);
  if (!still) throw unsupportedForm('avif', 'is an image sequence without a first picture', { detail: 'the avif image is a sequence (avis) whose first frame is not found' });
  return still;
}

/** Any layer may be the final one. */
const EVERY_LAYER = 0xffff;

/** libheif takes the last of several layers, whichever the file asks for. */
function requireNoChoice(data: Buffer, image: AvifImage): void {
  const choosesLayer = propertiesOf(data, image, image.primary, 'lsel').some(({ body }) => numberAt(data, body, 2) !== EVERY_LAYER);
  const choosesPoint = propertiesOf(data, image, image.primary, 'a1op').some(({ body }) => data[body] > 0);
  if (choosesLayer || choosesPoint) throw unsupportedForm('avif', 'shows one of several layers', { detail: 'the avif image chooses one of its layers (lsel, a1op), which cannot be followed' });
}

function withBrand(data: Buffer): Buffer {
  if (data.toString('latin1', MAJOR_BRAND, MAJOR_BRAND + 4) === 'avif') return data;
  const copy = Buffer.from(data);
  copy.write('avif', MAJOR_BRAND, 'latin1');
  return copy;
}

/** A picture as tracks hold it. */
interface Frame {
  readonly width: number;
  readonly height: number;
  /** Of its decoder, its colours and its place, as they lie in the file. */
  readonly properties: readonly Buffer[];
  readonly pixels: Buffer;
}

/** What an image sequence begins with, as a file of its own; undefined where there is none. */
function firstFrame(data: Buffer): Buffer | undefined {
  const moov = boxOn('moov', data, { body: 0, end: data.length });
  const tracks = moov ? boxesIn(data, moov.body, moov.end).filter(({ type }) => type === 'trak') : [];
  const kindOf = (track: Box) => {
    const hdlr = boxOn('mdia/hdlr', data, track);
    return hdlr && data.toString('latin1', hdlr.body + 8, hdlr.body + 12);
  };
  const colours = tracks.find((track) => ['pict', 'vide'].includes(kindOf(track) ?? ''));
  const colour = colours && firstSample(data, colours);
  if (!colour) return undefined;
  const alphas = tracks.find((track) => kindOf(track) === 'auxv' && boxOn('mdia/minf/stbl/stsd', data, track));
  const alpha = alphas && firstSample(data, alphas);
  return assemble(alpha ? [colour, alpha] : [colour]);
}

/** Where a sample's description has its size, and the boxes behind it. */
const [ENTRY_SIZE, ENTRY_BOXES] = [24, 78];
const KEPT = ['av1C', 'colr', 'pixi', 'irot', 'imir', 'clap'];

function firstSample(data: Buffer, track: Box): Frame | undefined {
  const table = boxOn('mdia/minf/stbl', data, track);
  const [stsd, sizes, offsets] = table ? [boxOn('stsd', data, table), boxOn('stsz', data, table), boxOn('stco', data, table) ?? boxOn('co64', data, table)] : [];
  const entry = stsd && boxesIn(data, stsd.body + 8, stsd.end).find(({ type }) => type === 'av01');
  if (!sizes || !offsets || !entry) return undefined;
  const size = numberAt(data, sizes.body + 4, 4) || numberAt(data, sizes.body + 12, 4);
  const offset = numberAt(data, offsets.body + 8, offsets.type === 'stco' ? 4 : 8);
  const properties = boxesIn(data, entry.body + ENTRY_BOXES, entry.end).filter(({ type }) => KEPT.includes(type));
  const [width, height] = [numberAt(data, entry.body + ENTRY_SIZE, 2), numberAt(data, entry.body + ENTRY_SIZE + 2, 2)];
  if (size === 0 || offset === 0 || offset + size > data.length || !properties.some(({ type }) => type === 'av1C')) return undefined;
  return { width, height, properties: properties.map(({ start, end }) => data.subarray(start, end)), pixels: data.subarray(offset, offset + size) };
}

const ALPHA = fullBox('auxC', Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0', 'latin1'));
const ESSENTIAL = 0x80;

/** A still of a picture, and its alpha where there is one. */
function assemble(frames: readonly Frame[]): Buffer {
  const properties: Buffer[] = [];
  const associations = frames.map(({ width, height, properties: own }, index) => {
    const all = [fullBox('ispe', Buffer.concat([uint32(width), uint32(height)])), ...own, ...(index > 0 ? [ALPHA] : [])];
    const indices = all.map((property) => properties.push(property) + (['av1C', 'irot', 'imir', 'clap'].includes(property.toString('latin1', 4, 8)) ? ESSENTIAL : 0));
    return Buffer.concat([uint16(index + 1), Buffer.from([indices.length, ...indices])]);
  });
  const type = box('ftyp', Buffer.from('avif\0\0\0\0avifmif1miaf', 'latin1'));
  const meta = (start: number) => fullBox('meta', Buffer.concat([
    fullBox('hdlr', Buffer.concat([uint32(0), Buffer.from('pict', 'latin1'), Buffer.alloc(13)])),
    fullBox('pitm', uint16(1)),
    fullBox('iloc', Buffer.concat([Buffer.from([0x44, 0]), uint16(frames.length), ...frames.map(({ pixels }, index) => {
      const before = frames.slice(0, index).reduce((sum, { pixels: { length } }) => sum + length, 0);
      return Buffer.concat([uint16(index + 1), uint16(0), uint16(1), uint32(start + before), uint32(pixels.length)]);
    })])),
    fullBox('iinf', Buffer.concat([uint16(frames.length), ...frames.map((_, index) => fullBox('infe', Buffer.concat([uint16(index + 1), uint16(0), Buffer.from('av01\0', 'latin1')]), 2))])),
    ...(frames.length > 1 ? [fullBox('iref', box('auxl', Buffer.concat([uint16(2), uint16(1), uint16(1)])))] : []),
    box('iprp', Buffer.concat([box('ipco', Buffer.concat(properties)), fullBox('ipma', Buffer.concat([uint32(frames.length), ...associations]))])),
  ]));
  const start = type.length + meta(0).length + 8;
  return Buffer.concat([type, meta(start), box('mdat', Buffer.concat(frames.map(({ pixels }) => pixels)))]);
}

function box(type: string, data: Buffer): Buffer {
  return Buffer.concat([uint32(data.length + 8), Buffer.from(type, 'latin1'), data]);
}

function fullBox(type: string, data: Buffer, version = 0): Buffer {
  return box(type, Buffer.concat([Buffer.from([version, 0, 0, 0]), data]));
}

function uint16(value: number): Buffer {
  return uint32(value).subarray(2);
}
