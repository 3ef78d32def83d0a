/** The structure of PNG files, which can be looked at without a decoder. */

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Bytes of a chunk beside its content: length, type and checksum. */
const FRAME_BYTES = 12;

export interface PngChunk {
  readonly type: string;
  readonly body: Buffer;
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** Bit depths of each colour type, by the standard. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
const PALETTE = 3;
/** What decoders must know, or may pass over. */
const KNOWN = /^(?:IHDR|PLTE|IDAT|IEND|[a-z][A-Za-z][A-Z][A-Za-z])$/;

/**
 * The chunks of a whole PNG, from the header to the end.
 *
 * @throws Error that says what is wrong with its structure, or which checksum does not fit
 */
export function pngChunks(file: Buffer): PngChunk[] {
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('it does not begin as one');
  const chunks: PngChunk[] = [];
  for (let at = SIGNATURE.length; chunks.at(-1)?.type !== 'IEND';) {
    const length = at + FRAME_BYTES <= file.length ? file.readUInt32BE(at) : Infinity;
    const end = at + FRAME_BYTES + length;
    if (end > file.length) throw new Error(`it ends within the chunk at byte ${at}`);
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) throw new Error(`the checksum of the chunk at byte ${at} is wrong`);
    if (!KNOWN.test(type)) throw new Error(`the chunk at byte ${at} is of no kind that decoders know`);
    chunks.push({ type, body: file.subarray(at + 8, end - 4) });
    at = end;
  }
  requireOrder(chunks);
  return chunks;
}

/** @throws Error when it lacks a chunk, or has one twice or in another place */
function requireOrder(chunks: readonly PngChunk[]): void {
  const types = chunks.map(({ type }) => type);
  const times = (name: string) => types.filter((type) => type === name).length;
  const first = types.indexOf('IDAT');
  if (types[0] !== 'IHDR' || first < 0) throw new Error('it has no header or no pixels');
  if (times('IHDR') > 1 || times('PLTE') > 1) throw new Error('it has two headers or palettes');
  if (types.lastIndexOf('IDAT') - first >= times('IDAT')) throw new Error('it has something between its pixels');
  const { colourType } = pngHeader(chunks[0].body);
  const palette = chunks.slice(0, first).find(({ type }) => type === 'PLTE');
  if (palette ? !isPalette(palette.body) : colourType === PALETTE || types.includes('PLTE')) throw new Error('it has no palette, or a wrong one');
}

function isPalette({ length }: Buffer): boolean {
  return length > 0 && length % 3 === 0 && length <= 3 * 256;
}

/** @throws Error when it is no header of a PNG */
export function pngHeader(body: Buffer): PngHeader {
  if (body.length !== 13) throw new Error('its header has another length');
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  const [bitDepth, colourType, compression, filter, interlace] = body.subarray(8);
  const isKnown = DEPTHS[colourType]?.includes(bitDepth) && compression === 0 && filter === 0 && interlace <= 1;
  if (!isKnown || width === 0 || height === 0) throw new Error('its header is wrong');
  return { width, height, bitDepth, colourType, isInterlaced: interlace === 1 };
}

/* eslint-disable no-bitwise -- what a checksum is made of */

/** Node's own is younger than the oldest Node that synthesises. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
