import { InputFormat } from './formats';
import { plainText } from '../../shared/plain-text';

/** What content is, by its first bytes. */
export type Sniffed =
  | { readonly format: InputFormat }
  /** A known format that is not read, as people call it. */
  | { readonly unsupported: string }
  | undefined;

/** Recognises content by its bytes alone: names and content types are the uploader's claims. */
export function sniff(data: Buffer): Sniffed {
  return sniffTiff(data) ?? sniffIsoMedia(data) ?? sniffRiff(data) ?? sniffSignature(data) ?? sniffSvg(data);
}

interface Signature {
  readonly bytes: Buffer;
  readonly found: Sniffed;
}

const input = (bytes: string, format: InputFormat): Signature => ({ bytes: Buffer.from(bytes, 'latin1'), found: { format } });
const other = (bytes: string, unsupported: string): Signature => ({ bytes: Buffer.from(bytes, 'latin1'), found: { unsupported } });

const SIGNATURES: readonly Signature[] = [
  input('\xff\xd8\xff', 'jpeg'),
  input('\x89PNG\r\n\x1a\n', 'png'),
  input('GIF87a', 'gif'),
  input('GIF89a', 'gif'),
  other('\x00\x00\x00\x0cJXL \r\n\x87\n', 'JPEG XL'),
  other('\xff\x0a', 'JPEG XL'),
  other('\x00\x00\x00\x0cjP  \r\n\x87\n', 'JPEG 2000'),
  other('\xff\x4f\xff\x51', 'JPEG 2000'),
  other('II\xbc\x01', 'JPEG XR'),
  other('8BPS', 'Photoshop'),
  other('%PDF-', 'PDF'),
  other('%!PS', 'PostScript'),
  other('\x00\x00\x01\x00', 'icon (ICO)'),
  other('BM', 'BMP'),
  other('qoif', 'QOI'),
  other('DDS ', 'DDS'),
  other('\x76\x2f\x31\x01', 'OpenEXR'),
  other('#?RADIANCE', 'Radiance HDR'),
  other('gimp xcf', 'GIMP'),
  other('SIMPLE  =', 'FITS'),
  other('FUJIFILMCCD-RAW', 'camera raw (RAF)'),
  other('IIRO', 'camera raw (ORF)'),
  other('IIRS', 'camera raw (ORF)'),
  other('IIU\x00', 'camera raw (RW2)'),
  other('FOVb', 'camera raw (X3F)'),
  other('\x1a\x45\xdf\xa3', 'Matroska or WebM video'),
  other('PK\x03\x04', 'ZIP'),
  other('\x1f\x8b', 'gzip'),
];

function sniffSignature(data: Buffer): Sniffed {
  return SIGNATURES.find(({ bytes }) => data.subarray(0, bytes.length).equals(bytes))?.found ?? sniffCursorOrTarga(data);
}

/** Neither has a signature: what begins both is told apart by what follows. */
function sniffCursorOrTarga(data: Buffer): Sniffed {
  if (data.length < 18) return undefined;
  const [, colourMap, type] = data;
  if (data.readUInt32BE(0) === 0x00000200 && data.readUInt16LE(4) > 0 && data[9] === 0) return { unsupported: 'cursor (CUR)' };
  const isTarga = colourMap <= 1 && [1, 2, 3, 9, 10, 11].includes(type) && [8, 15, 16, 24, 32].includes(data[16])
    && data.readUInt16LE(12) > 0 && data.readUInt16LE(14) > 0 && (colourMap === 1 || data.readUInt32BE(3) === 0);
  return isTarga ? { unsupported: 'Targa (TGA)' } : undefined;
}

function sniffRiff(data: Buffer): Sniffed {
  if (ascii(data, 0, 4) !== 'RIFF') return undefined;
  const kind = ascii(data, 8, 12);
  return kind === 'WEBP' ? { format: 'webp' } : { unsupported: `RIFF ${plainText(kind, kind.length)}`.trim() };
}

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1'];

/** The containers that begin with an `ftyp` box: AVIF, HEIC, camera raw of Canon, video. */
function sniffIsoMedia(data: Buffer): Sniffed {
  if (ascii(data, 4, 8) !== 'ftyp') return undefined;
  const end = Math.min(data.readUInt32BE(0), data.length, 256);
  const major = ascii(data, 8, 12);
  const brands = [major];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(data, at, at + 4));

  const isAvif = (brand: string) => brand === 'avif' || brand === 'avis';
  // With this one, the number of the version names the coding.
  if (major === 'mif3') brands.push(ascii(data, 12, 16));
  // A general major brand such as mif1 leaves it to the compatible ones.
  if (isAvif(major) || (brands.some(isAvif) && !major.startsWith('he'))) return { format: 'avif' };
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return { format: 'heic' };
  if (major === 'crx ') return { unsupported: 'camera raw (CR3)' };
  if (major === 'jxl ') return { unsupported: 'JPEG XL' };
  return { unsupported: 'MP4 or QuickTime video' };
}

const TAG_SUBFILE_TYPE = 254;
const TAG_SUB_IFDS = 330;
const TAG_DNG_VERSION = 50706;

/** TIFF, and the camera raw formats that are built on it and would decode to their preview. */
function sniffTiff(data: Buffer): Sniffed {
  const mark = ascii(data, 0, 4);
  if (mark === 'II+\0' || mark === 'MM\0+') return { format: 'tiff' };
  if (mark !== 'II*\0' && mark !== 'MM\0*') return undefined;
  if (ascii(data, 8, 10) === 'CR') return { unsupported: 'camera raw (CR2)' };

  const tags = firstDirectory(data, mark.startsWith('II'));
  if (tags.has(TAG_DNG_VERSION)) return { unsupported: 'camera raw (DNG)' };
  // The first image is a preview and the full one hides in a sub-directory: so write Nikon, Sony and others.
  if (tags.get(TAG_SUBFILE_TYPE) === 1 && tags.has(TAG_SUB_IFDS)) return { unsupported: 'camera raw' };
  return { format: 'tiff' };
}

/** Tags of the first directory with the first 32 bits of their values. */
function firstDirectory(data: Buffer, littleEndian: boolean): Map<number, number> {
  const u16 = (at: number) => (littleEndian ? data.readUInt16LE(at) : data.readUInt16BE(at));
  const u32 = (at: number) => (littleEndian ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const tags = new Map<number, number>();
  const start = data.length >= 8 ? u32(4) : data.length;
  if (start + 2 > data.length) return tags;
  const count = u16(start);
  for (let at = start + 2; at + 12 <= data.length && tags.size < count; at += 12) tags.set(u16(at), u32(at + 8));
  return tags;
}

/** As far as a prolog is followed. */
const SVG_PROLOG_BYTES = 64 * 1024;

/** SVG is text whose first element is `svg`; HTML or another document that holds one is not. */
function sniffSvg(data: Buffer): Sniffed {
  return svgRoot(svgText(data, Math.min(data.length, SVG_PROLOG_BYTES)).text).tag === undefined ? undefined : { format: 'svg' };
}

/** Where the first element of a document begins, and its name where that is `svg`. */
export function svgRoot(text: string): { readonly at: number; readonly tag?: string } {
  const at = prologLength(text);
  const [, tag] = /^<((?:[\w.-]{1,64}:)?svg)[\s/>]/.exec(text.slice(at, at + 80)) ?? [];
  return { at, tag };
}

/** A document as text: of UTF-16 its characters, with the encoding that they have from now on, and of other encodings its bytes. */
export function svgText(data: Buffer, limit = data.length): { readonly text: string; readonly encoding: 'utf8' | 'latin1' } {
  const bytes = data.subarray(0, limit - limit % 2);
  const mark = bytes.toString('latin1', 0, 2);
  if (mark === '\xff\xfe' || mark === '<\0') return { text: inUtf8(bytes.toString('utf16le')), encoding: 'utf8' };
  if (mark === '\xfe\xff' || mark === '\0<') return { text: inUtf8(Buffer.from(bytes).swap16().toString('utf16le')), encoding: 'utf8' };
  return { text: data.toString('latin1', 0, limit).replace(/^\xef\xbb\xbf/, ''), encoding: 'latin1' };
}

function inUtf8(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/^(<\?xml[^>]{0,200}encoding\s{0,9}=\s{0,9}["'])[\w-]{1,40}/, '$1UTF-8');
}

/** The length of white space, declarations, comments and doctype before the first element. Scanned, as a pattern could be made to backtrack. */
function prologLength(text: string): number {
  let at = 0;
  for (;;) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const end = text.startsWith('<?', at) ? after(text, '?>', at)
      : text.startsWith('<!--', at) ? after(text, '-->', at)
        : text.startsWith('<!DOCTYPE', at) ? afterDoctype(text, at)
          : at;
    if (end === at) return at;
    at = end;
  }
}

function afterDoctype(text: string, from: number): number {
  const close = text.indexOf('>', from);
  const subset = text.indexOf('[', from);
  return subset === -1 || subset > close ? after(text, '>', from) : after(text, '>', after(text, ']', subset));
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at + end.length;
}

function ascii(data: Buffer, from: number, to: number): string {
  return data.toString('latin1', from, to);
}
