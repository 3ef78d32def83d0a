/** HEIC files put together box by box from pictures that were encoded before: phones write forms that few encoders make. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A picture as HEVC has it. */
export interface Coded {
  readonly width: number;
  readonly height: number;
  /** The box with the configuration of the decoder. */
  readonly hvcC: Buffer;
  readonly data: Buffer;
}

export interface HeifItem {
  readonly type: string;
  readonly data: Buffer;
  /** Whole boxes. */
  readonly properties?: readonly Buffer[];
  readonly contentType?: string;
  readonly hidden?: boolean;
}

export interface HeifReference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

export interface Heif {
  readonly brand?: string;
  /** Their ids are their places, from 1. */
  readonly items: readonly HeifItem[];
  readonly references?: readonly HeifReference[];
  /** @default 1 */
  readonly primary?: number;
}

export type CodedName = 'quadrants' | 'red' | 'green' | 'blue' | 'white' | 'alpha' | 'grey' | 'ten-bit' | 'photo' | 'smooth';

export function heicFile(name: CodedName): Buffer {
  return readFileSync(join(__dirname, '..', 'fixtures', 'heic', `${name}.heic`));
}

/** The picture in a file of `test/fixtures/heic`: its first, or with `item` another one, such as that of its alpha. */
export function coded(name: CodedName, item = 0): Coded {
  const file = heicFile(name);
  const boxes = [...boxesOf(file)];
  const sizes = boxes.filter(({ type }) => type === 'ispe').map(({ body }) => [body.readUInt32BE(4), body.readUInt32BE(8)]);
  const [width, height] = sizes[Math.min(item, sizes.length - 1)];
  const iloc = boxes.find(({ type }) => type === 'iloc')!.body;
  const { at, length } = locations(iloc)[item];
  const hvcC = boxes.filter(({ type }) => type === 'hvcC')[item].box;
  return { width, height, hvcC, data: file.subarray(at, at + length) };
}

export function picture({ width, height, hvcC, data }: Coded, ...properties: Buffer[]): HeifItem {
  return { type: 'hvc1', data, properties: [hvcC, ispe(width, height), ...properties] };
}

/** Tiles that lie row by row; their ids follow. */
export function grid(columns: number, rows: number, width: number, height: number, ...properties: Buffer[]): HeifItem {
  const data = Buffer.alloc(8);
  data.set([0, 0, rows - 1, columns - 1]);
  data.writeUInt16BE(width, 4);
  data.writeUInt16BE(height, 6);
  return { type: 'grid', data, properties: [ispe(width, height), ...properties] };
}

/** As phones write it: tiles of one size that are hidden, row by row, and what is put together of them. */
export function tiles(columns: number, names: readonly CodedName[], width: number, height: number, ...properties: Buffer[]): Required<Omit<Heif, 'brand' | 'primary'>> {
  const items = names.map((name) => ({ ...picture(coded(name)), hidden: true }));
  const to = items.map((_, at) => at + 2);
  return { items: [grid(columns, names.length / columns, width, height, ...properties), ...items], references: [{ type: 'dimg', from: 1, to }] };
}

/** A picture of so many pixels, 3 : 2, of tiles with few details. */
export function largeHeic(pixels: number): Buffer {
  const tile = coded('smooth').width;
  const width = Math.round(Math.sqrt(pixels * 1.5));
  const height = Math.floor(pixels / width);
  const [columns, rows] = [width, height].map((side) => Math.ceil(side / tile));
  return heif(tiles(columns, Array<CodedName>(columns * rows).fill('smooth'), width, height));
}

/** A file for each part of the reader. */
export function heicForms(): Buffer[] {
  const tagged = [picture(coded('quadrants'), irot(3), profile(Buffer.alloc(200, 'RGB '))), exifItem(Buffer.from('II*\0\b\0\0\0\0\0')), xmpItem('<x/>')];
  return [
    ...(['quadrants', 'alpha', 'grey', 'ten-bit', 'photo'] as const).map(heicFile),
    heif(tiles(2, ['red', 'green', 'blue', 'white'], 100, 90, clap(80, 60), imir(1), nclx(12, 13))),
    heif({ items: tagged, references: [{ type: 'cdsc', from: 2, to: [1] }, { type: 'cdsc', from: 3, to: [1] }] }),
    heif({
      items: [picture(coded('white')), picture(coded('alpha', 1), auxiliary(ALPHA)), picture(coded('grey'), auxiliary(DEPTH))],
      references: [{ type: 'auxl', from: 2, to: [1] }, { type: 'prem', from: 1, to: [2] }, { type: 'auxl', from: 3, to: [1] }],
    }),
  ];
}

/** @param tiff from its byte order on */
export function exifItem(tiff: Buffer): HeifItem {
  return { type: 'Exif', data: Buffer.concat([u32(0), tiff]) };
}

export function xmpItem(xmp: string): HeifItem {
  return { type: 'mime', data: Buffer.from(xmp), contentType: 'application/rdf+xml' };
}

export const ispe = (width: number, height: number) => fullBox('ispe', 0, u32(width), u32(height));
/** Quarter turns against the clock. */
export const irot = (turns: number) => box('irot', Buffer.from([turns]));
/** 0: top and bottom are exchanged; 1: left and right. */
export const imir = (axis: 0 | 1) => box('imir', Buffer.from([axis]));
export const profile = (icc: Buffer) => box('colr', Buffer.from('prof'), icc);
export const nclx = (primaries: number, transfer: number, matrix = 6, full = true) =>
  box('colr', Buffer.from('nclx'), u16(primaries), u16(transfer), u16(matrix), Buffer.from([full ? 0x80 : 0]));
export const auxiliary = (urn: string) => fullBox('auxC', 0, Buffer.from(`${urn}\0`));
export const ALPHA = 'urn:mpeg:hevc:2015:auxid:1';
export const DEPTH = 'urn:mpeg:hevc:2015:auxid:2';

/** Cuts the middle out of a picture. */
export function clap(width: number, height: number, right = 0, down = 0): Buffer {
  return box('clap', ...[width, 1, height, 1, right, 1, down, 1].map(u32));
}

export function heif({ brand = 'heic', items, references = [], primary = 1 }: Heif): Buffer {
  const properties: Buffer[] = [];
  const associations = items.map(({ properties: own = [] }) => own.map((property) => {
    const known = properties.findIndex((each) => each.equals(property));
    return known === -1 ? properties.push(property) : known + 1;
  }));
  const ipma = fullBox('ipma', 0, u32(items.length), ...associations.flatMap((indices, at) => [
    u16(at + 1), Buffer.from([indices.length, ...indices.map((index) => (isEssential(properties[index - 1]) ? 0x80 : 0) + index)]),
  ]));
  const infe = items.map(({ type, contentType, hidden }, at) =>
    fullBox('infe', 2 * 2 ** 24 + (hidden ? 1 : 0), u16(at + 1), u16(0), Buffer.from(type), Buffer.from(`\0${contentType === undefined ? '' : `${contentType}\0`}`)));
  const iref = references.length === 0 ? [] : [fullBox('iref', 0, ...references.map(({ type, from, to }) => box(type, u16(from), u16(to.length), ...to.map(u16))))];
  const metaWith = (start: number) => {
    let at = start;
    const places = items.map(({ data }, index) => {
      const place = Buffer.concat([u16(index + 1), u16(0), u16(1), u32(at), u32(data.length)]);
      at += data.length;
      return place;
    });
    return fullBox('meta', 0,
      fullBox('hdlr', 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, u16(primary)),
      fullBox('iloc', 0, Buffer.from([0x44, 0]), u16(items.length), ...places),
      fullBox('iinf', 0, u16(items.length), ...infe),
      ...iref,
      box('iprp', box('ipco', ...properties), ipma));
  };
  const ftyp = box('ftyp', Buffer.from(brand), u32(0), Buffer.from(`mif1${brand}`));
  const start = ftyp.length + metaWith(0).length + 8;
  return Buffer.concat([ftyp, metaWith(start), box('mdat', ...items.map(({ data }) => data))]);
}

interface Box {
  readonly type: string;
  readonly box: Buffer;
  readonly body: Buffer;
}

/** How many bytes of a box are before the boxes in it. */
const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

/** All boxes, from the outer ones to the inner ones. */
function* boxesOf(data: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= data.length;) {
    const size = data.readUInt32BE(at);
    const [type, whole] = [data.toString('latin1', at + 4, at + 8), data.subarray(at, at + size)];
    const inside = whole.subarray(8);
    yield { type, box: whole, body: inside };
    if (type in CONTAINERS) yield* boxesOf(inside.subarray(CONTAINERS[type]));
    at += size;
  }
}

/** Of the items of a file by heif-enc, whose extents are one each. */
function locations(iloc: Buffer): { readonly at: number; readonly length: number }[] {
  const [version, offsetBytes, lengthBytes, baseBytes] = [iloc[0], Math.floor(iloc[4] / 16), iloc[4] % 16, Math.floor(iloc[5] / 16)];
  const number = (at: number, bytes: number) => (bytes === 0 ? 0 : iloc.readUIntBE(at, bytes));
  const itemBytes = 2 + (version > 0 ? 2 : 0) + 2 + baseBytes + 2 + offsetBytes + lengthBytes;
  return Array.from({ length: iloc.readUInt16BE(6) }, (_, item) => {
    const extent = 8 + (item + 1) * itemBytes - offsetBytes - lengthBytes;
    return { at: number(extent - 2 - baseBytes, baseBytes) + number(extent, offsetBytes), length: number(extent + offsetBytes, lengthBytes) };
  });
}

/** Without these a picture is another. */
function isEssential(property: Buffer): boolean {
  return ['hvcC', 'irot', 'imir', 'clap'].includes(property.toString('latin1', 4, 8));
}

function fullBox(type: string, versionAndFlags: number, ...parts: Buffer[]): Buffer {
  return box(type, u32(versionAndFlags), ...parts);
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

function u16(value: number): Buffer {
  return u32(value).subarray(2);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
