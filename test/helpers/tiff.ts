/** TIFFs put together tag by tag: forms that people have and encoders of this project do not write. */

export interface TiffTag {
  /** ASCII 2, SHORT 3, LONG 4, UNDEFINED 7. */
  readonly type: 2 | 3 | 4 | 7;
  readonly values: readonly number[] | Buffer;
}

export interface TiffForm {
  readonly width: number;
  readonly height: number;
  /** Of each sample. @default [8] */
  readonly bits?: readonly number[];
  /** 0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab. @default 1 */
  readonly photometric?: number;
  /** As numbers of the specification. @default 1, none */
  readonly compression?: number;
  /** 1 unsigned, 2 signed, 3 floating-point; absent when not given. */
  readonly sampleFormat?: number;
  /** 0 unspecified, 1 premultiplied, 2 alpha; absent when not given. */
  readonly extraSamples?: readonly number[];
  /** 1 chunky, 2 planar. @default 1 */
  readonly planar?: number;
  /** One tile of this size, a multiple of 16, instead of one strip. */
  readonly tile?: number;
  /** Strips (or tiles), one after the other; several for planar images. */
  readonly strips: readonly Buffer[];
  readonly tags?: Readonly<Record<number, TiffTag>>;
  /** Whether the tags are not in order. */
  readonly unsorted?: boolean;
  /** Whether the directory names itself as the next one. */
  readonly loop?: boolean;
}

const BYTES = { 2: 1, 3: 2, 4: 4, 7: 1 };

/** A little-endian TIFF of one page. */
export function tiff(form: TiffForm): Buffer {
  const { width, height, bits = [8], photometric = 1, compression = 1, planar = 1, sampleFormat, extraSamples, tile, strips } = form;
  const short = (...values: number[]): TiffTag => ({ type: 3, values });
  const long = (...values: number[]): TiffTag => ({ type: 4, values });
  const header = 8;
  const offsets = strips.map((_, at) => header + strips.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const lengths = strips.map(({ length }) => length);
  const places: Record<number, TiffTag> = tile
    ? { 322: short(tile), 323: short(tile), 324: long(...offsets), 325: long(...lengths) }
    : { 273: long(...offsets), 278: long(height), 279: long(...lengths) };
  const all: Record<number, TiffTag | undefined> = {
    256: long(width),
    257: long(height),
    258: short(...bits),
    259: short(compression),
    262: short(photometric),
    277: short(bits.length),
    284: short(planar),
    338: extraSamples && short(...extraSamples),
    339: sampleFormat ? short(...bits.map(() => sampleFormat)) : undefined,
    ...places,
    ...form.tags,
  };
  const tags = Object.fromEntries(Object.entries(all).filter((tag): tag is [string, TiffTag] => tag[1] !== undefined));
  return assemble(Buffer.concat(strips), tags, form);
}

function assemble(pixels: Buffer, tags: Record<string, TiffTag>, { unsorted = false, loop = false }: TiffForm): Buffer {
  const padded = Buffer.concat([pixels, Buffer.alloc(pixels.length % 2)]);
  const names = Object.keys(tags).map(Number).sort((one, other) => one - other);
  if (unsorted) names.reverse();
  const start = 8 + padded.length;
  const directory = Buffer.alloc(2 + 12 * names.length + 4);
  const values: Buffer[] = [];
  let next = start + directory.length;
  directory.writeUInt16LE(names.length, 0);
  names.forEach((name, index) => {
    const { type, values: given } = tags[name];
    const data = Buffer.isBuffer(given) ? given : Buffer.concat(given.map((value) => number(value, BYTES[type])));
    const at = 2 + 12 * index;
    directory.writeUInt16LE(name, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(data.length / BYTES[type], at + 4);
    if (data.length <= 4) {
      data.copy(directory, at + 8);
    } else {
      directory.writeUInt32LE(next, at + 8);
      const even = Buffer.concat([data, Buffer.alloc(data.length % 2)]);
      values.push(even);
      next += even.length;
    }
  });
  directory.writeUInt32LE(loop ? start : 0, directory.length - 4);
  return Buffer.concat([Buffer.from('II*\0'), number(start, 4), padded, directory, ...values]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
