/** A coded picture with the box of its decoder's configuration. */
export interface Item { readonly configuration: Buffer; readonly pixels: Buffer; readonly depth: number; readonly channels: number }

export interface Container {
  /** The picture, and its alpha. */
  readonly items: readonly Item[];
  readonly width: number;
  readonly height: number;
  readonly colour: readonly Buffer[];
  readonly turns: readonly Buffer[];
  readonly brand: string;
  /** Whether the colours are multiplied by the alpha. */
  readonly premultiplied?: boolean;
}

const ALPHA = Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0');

/** A file with a still. */
export function stillFile(container: Container): Buffer {
  const { brand } = container;
  const type = fileType(brand, 'avif', brand === 'avif' ? 'mif1' : brand);
  return Buffer.concat([type, ...described((offsets) => metaOf(container, offsets), type.length, container.items)]);
}

/** The boxes that tell where pixels are, and these. */
function described(describe: (offsets: readonly number[]) => Buffer, before: number, pieces: readonly { readonly pixels: Buffer }[]): Buffer[] {
  const start = before + describe(pieces.map(() => 0)).length + 8;
  const offsets = pieces.map((_, at) => start + pieces.slice(0, at).reduce((sum, { pixels }) => sum + pixels.length, 0));
  return [describe(offsets), box('mdat', Buffer.concat(pieces.map(({ pixels }) => pixels)))];
}

function fileType(major: string, ...compatible: readonly string[]): Buffer {
  return box('ftyp', Buffer.from(`${major}\0\0\0\0${compatible.join('')}miaf`, 'latin1'));
}

function metaOf({ items, width, height, colour, turns, premultiplied }: Container, offsets: readonly number[]): Buffer {
  const properties: Buffer[] = [];
  const associations = items.map((item, at) => {
    const own = [
      item.configuration,
      fullBox('ispe', Buffer.concat([uint32(width), uint32(height)])),
      fullBox('pixi', Buffer.from([item.channels, ...Array<number>(item.channels).fill(item.depth)])),
      ...(at === 0 ? colour : [fullBox('auxC', ALPHA)]),
      ...turns,
    ];
    return own.map((property) => {
      properties.push(property);
      const essential = ['av1C', 'irot', 'imir', 'clap'].includes(property.toString('latin1', 4, 8));
      return properties.length + (essential ? 0x80 : 0);
    });
  });
  return fullBox('meta', Buffer.concat([
    fullBox('hdlr', Buffer.concat([uint32(0), Buffer.from('pict'), Buffer.alloc(13)])),
    fullBox('pitm', uint16(1)),
    fullBox('iloc', Buffer.concat([Buffer.from([0x44, 0x00]), uint16(items.length), ...items.flatMap(({ pixels }, at) => [uint16(at + 1), uint16(0), uint16(1), uint32(offsets[at]), uint32(pixels.length)])])),
    fullBox('iinf', Buffer.concat([uint16(items.length), ...items.map((_, at) => fullBox('infe', Buffer.concat([uint16(at + 1), uint16(0), Buffer.from('av01\0')]), 2))])),
    ...(items.length > 1 ? [fullBox('iref', Buffer.concat([
      box('auxl', Buffer.concat([uint16(2), uint16(1), uint16(1)])),
      ...(premultiplied ? [box('prem', Buffer.concat([uint16(1), uint16(1), uint16(2)]))] : []),
    ]))] : []),
    box('iprp', Buffer.concat([
      box('ipco', Buffer.concat(properties)),
      fullBox('ipma', Buffer.concat([uint32(items.length), ...associations.map((own, at) => Buffer.concat([uint16(at + 1), Buffer.from([own.length, ...own])]))])),
    ])),
  ]));
}

/** A file with a sequence, of which each frame is coded by itself, and with a still of the first frame where asked for. */
export function sequenceFile(container: Container, frames: readonly (readonly Item[])[], hasStill: boolean): Buffer {
  const type = fileType('avis', ...(hasStill ? ['avif', 'mif1'] : []), 'avis', 'msf1');
  // Track by track: the pictures, then their alpha.
  const tracks = container.items.map((_, track) => frames.map((items) => items[track]));
  const describe = (offsets: readonly number[]) => Buffer.concat([
    ...(hasStill ? [metaOf(container, tracks.map((_, track) => offsets[track * frames.length]))] : []),
    box('moov', Buffer.concat([
      fullBox('mvhd', Buffer.concat([uint32(0), uint32(0), uint32(SCALE), uint32(frames.length), fixed(1), uint16(0x100), Buffer.alloc(10), MATRIX, Buffer.alloc(24), uint32(tracks.length + 1)])),
      ...tracks.map((samples, track) => trackOf(container, samples, track, offsets.slice(track * frames.length))),
    ])),
  ]);
  return Buffer.concat([type, ...described(describe, type.length, tracks.flat())]);
}

/** Frames in a second. */
const SCALE = 10;

function trackOf({ width, height, colour }: Container, samples: readonly Item[], track: number, offsets: readonly number[]): Buffer {
  const isAlpha = track > 0;
  const entry = box('av01', Buffer.concat([
    Buffer.alloc(6), uint16(1), Buffer.alloc(16), uint16(width), uint16(height),
    uint32(0x480000), uint32(0x480000), uint32(0), uint16(1), Buffer.alloc(32), uint16(24), uint16(0xffff),
    samples[0].configuration,
    ...(isAlpha ? [fullBox('auxi', ALPHA)] : colour),
    fullBox('ccst', uint32(0x7c000000)),
  ]));
  const tables = box('stbl', Buffer.concat([
    fullBox('stsd', Buffer.concat([uint32(1), entry])),
    fullBox('stts', Buffer.concat([uint32(1), uint32(samples.length), uint32(1)])),
    fullBox('stsc', Buffer.concat([uint32(1), uint32(1), uint32(samples.length), uint32(1)])),
    fullBox('stsz', Buffer.concat([uint32(0), uint32(samples.length), ...samples.map(({ pixels }) => uint32(pixels.length))])),
    fullBox('stco', Buffer.concat([uint32(1), uint32(offsets[0])])),
    fullBox('stss', Buffer.concat([uint32(samples.length), ...samples.map((_, at) => uint32(at + 1))])),
  ]));
  return box('trak', Buffer.concat([
    fullBox('tkhd', Buffer.concat([uint32(0), uint32(0), uint32(track + 1), uint32(0), uint32(samples.length), Buffer.alloc(16), MATRIX, fixed(width), fixed(height)]), 0, 3),
    ...(isAlpha ? [box('tref', box('auxl', uint32(1)))] : []),
    box('mdia', Buffer.concat([
      fullBox('mdhd', Buffer.concat([uint32(0), uint32(0), uint32(SCALE), uint32(samples.length), uint16(0x55c4), uint16(0)])),
      fullBox('hdlr', Buffer.concat([uint32(0), Buffer.from(isAlpha ? 'auxv' : 'pict'), Buffer.alloc(13)])),
      box('minf', Buffer.concat([
        fullBox('vmhd', Buffer.alloc(8), 0, 1),
        box('dinf', fullBox('dref', Buffer.concat([uint32(1), fullBox('url ', Buffer.alloc(0), 0, 1)]))),
        tables,
      ])),
    ])),
  ]));
}

const MATRIX = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(uint32));

/** Primaries, transfer and matrix in the numbers of H.273. */
export function nclx(primaries: number, transfer: number, matrix: number, full: boolean): Buffer {
  return box('colr', Buffer.concat([Buffer.from('nclx'), uint16(primaries), uint16(transfer), uint16(matrix), Buffer.from([full ? 0x80 : 0])]));
}

export function box(type: string, data: Buffer): Buffer {
  return Buffer.concat([uint32(8 + data.length), Buffer.from(type, 'latin1'), data]);
}

function fullBox(type: string, data: Buffer, version = 0, flags = 0): Buffer {
  return box(type, Buffer.concat([Buffer.from([version, 0, 0, flags]), data]));
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function fixed(value: number): Buffer {
  return uint32(value * 0x10000);
}
