import { matrixProfile, P3_PRIMARIES } from './icc';
import { greyPicture, greyPictureWithAlpha, picture, pictureWithAlpha } from './picture';
import { Choice, Space } from './space';
import { open, RawImage } from '../../helpers/images';

const AXES = {
  channels: ['rgb', 'rgba', 'grey', 'grey-alpha'],
  depth: ['8', '10', '12'],
  sampling: ['4:4:4', '4:2:0'],
  colour: ['untold', 'srgb', 'srgb-limited', 'bt709', 'p3', 'p3-limited', 'bt2020', 'pq', 'hlg', 'linear', 'icc-p3', 'icc-and-srgb'],
  turn: ['none', 'quarter', 'half', 'mirror', 'quarter-and-mirror'],
  brand: ['avif', 'mif1', 'mif3'],
  damage: ['none', 'bytes-behind', 'lost-half'],
} as const;

type AvifChoice = Choice<typeof AXES>;

export const AVIFS: Space<typeof AXES> = {
  axes: AXES,
  exists: () => true,
  make: makeAvif,
};

async function makeAvif(choice: AvifChoice): Promise<Buffer> {
  const { channels, colour, turn, brand, damage } = choice;
  const grey = channels.startsWith('grey');
  const image = channels === 'rgb' ? picture() : channels === 'rgba' ? pictureWithAlpha() : grey && channels === 'grey' ? greyPicture() : greyPictureWithAlpha();
  const hasAlpha = channels.endsWith('a') || channels.endsWith('alpha');
  const items = [await encode(plane(image, hasAlpha ? image.channels - 1 : image.channels), choice)];
  if (hasAlpha) items.push(await encode(alphaOf(image), { ...choice, sampling: '4:4:4' }));
  const file = container({ items, width: image.width, height: image.height, colour: colourBoxes(colour), turns: turnBoxes(turn), brand });
  if (damage === 'bytes-behind') return Buffer.concat([file, box('free', Buffer.alloc(100, 0x41))]);
  return damage === 'lost-half' ? file.subarray(0, file.length - items.at(-1)!.pixels.length / 2) : file;
}

/** A coded picture with the box of its decoder's configuration. */
interface Item { readonly configuration: Buffer; readonly pixels: Buffer; readonly depth: number; readonly channels: number }

async function encode(image: RawImage, { depth, sampling }: AvifChoice): Promise<Item> {
  const grey = image.channels === 1;
  const pipeline = grey ? open(image).toColourspace('b-w') : open(image);
  const avif = await pipeline.avif({ effort: 1, quality: 95, bitdepth: Number(depth) as 8 | 10 | 12, chromaSubsampling: sampling }).toBuffer();
  const configuration = avif.indexOf('av1C') - 4;
  return {
    configuration: avif.subarray(configuration, configuration + avif.readUInt32BE(configuration)),
    pixels: avif.subarray(avif.indexOf('mdat') + 4),
    depth: Number(depth),
    channels: grey ? 1 : 3,
  };
}

function plane({ data, width, height, channels }: RawImage, colours: number): RawImage {
  const kept = Buffer.alloc(width * height * colours);
  for (let at = 0; at < width * height; at += 1) data.copy(kept, at * colours, at * channels, at * channels + colours);
  return { data: kept, width, height, channels: colours as RawImage['channels'] };
}

function alphaOf({ data, width, height, channels }: RawImage): RawImage {
  return { data: Buffer.from(Array.from({ length: width * height }, (_, at) => data[at * channels + channels - 1])), width, height, channels: 1 };
}

interface Container {
  readonly items: readonly Item[];
  readonly width: number;
  readonly height: number;
  readonly colour: readonly Buffer[];
  readonly turns: readonly Buffer[];
  readonly brand: string;
}

/** The first item is the picture, the second its alpha. */
function container({ items, width, height, colour, turns, brand }: Container): Buffer {
  const type = box('ftyp', Buffer.from(`${brand}\0\0\0\0avif${brand === 'avif' ? 'mif1' : brand}miaf`, 'latin1'));
  const properties: Buffer[] = [];
  const associations = items.map((item, at) => {
    const own = [
      item.configuration,
      fullBox('ispe', Buffer.concat([uint32(width), uint32(height)])),
      fullBox('pixi', Buffer.from([item.channels, ...Array<number>(item.channels).fill(item.depth)])),
      ...(at === 0 ? colour : [fullBox('auxC', Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'))]),
      ...turns,
    ];
    return own.map((property) => {
      properties.push(property);
      const essential = ['av1C', 'irot', 'imir'].includes(property.toString('latin1', 4, 8));
      return properties.length + (essential ? 0x80 : 0);
    });
  });

  const build = (offsets: readonly number[]) => fullBox('meta', Buffer.concat([
    fullBox('hdlr', Buffer.concat([uint32(0), Buffer.from('pict'), Buffer.alloc(13)])),
    fullBox('pitm', uint16(1)),
    fullBox('iloc', Buffer.concat([Buffer.from([0x44, 0x00]), uint16(items.length), ...items.flatMap(({ pixels }, at) => [uint16(at + 1), uint16(0), uint16(1), uint32(offsets[at]), uint32(pixels.length)])])),
    fullBox('iinf', Buffer.concat([uint16(items.length), ...items.map((_, at) => fullBox('infe', Buffer.concat([uint16(at + 1), uint16(0), Buffer.from('av01\0')]), 2))])),
    ...(items.length > 1 ? [fullBox('iref', box('auxl', Buffer.concat([uint16(2), uint16(1), uint16(1)])))] : []),
    box('iprp', Buffer.concat([
      box('ipco', Buffer.concat(properties)),
      fullBox('ipma', Buffer.concat([uint32(items.length), ...associations.map((own, at) => Buffer.concat([uint16(at + 1), Buffer.from([own.length, ...own])]))])),
    ])),
  ]));
  const start = type.length + build(items.map(() => 0)).length + 8;
  const offsets = items.map((_, at) => start + items.slice(0, at).reduce((sum, { pixels }) => sum + pixels.length, 0));
  return Buffer.concat([type, build(offsets), box('mdat', Buffer.concat(items.map(({ pixels }) => pixels)))]);
}

/** Primaries, transfer and matrix in the numbers of H.273. */
function nclx(primaries: number, transfer: number, matrix: number, full: boolean): Buffer {
  return box('colr', Buffer.concat([Buffer.from('nclx'), uint16(primaries), uint16(transfer), uint16(matrix), Buffer.from([full ? 0x80 : 0])]));
}

function colourBoxes(colour: AvifChoice['colour']): Buffer[] {
  const icc = box('colr', Buffer.concat([Buffer.from('prof'), matrixProfile(P3_PRIMARIES, 2.2)]));
  switch (colour) {
    case 'untold': return [];
    case 'srgb': return [nclx(1, 13, 6, true)];
    case 'srgb-limited': return [nclx(1, 13, 6, false)];
    case 'bt709': return [nclx(1, 1, 1, true)];
    case 'p3': return [nclx(12, 13, 6, true)];
    case 'p3-limited': return [nclx(12, 13, 1, false)];
    case 'bt2020': return [nclx(9, 14, 9, true)];
    case 'pq': return [nclx(9, 16, 9, true)];
    case 'hlg': return [nclx(9, 18, 9, true)];
    case 'linear': return [nclx(1, 8, 6, true)];
    case 'icc-p3': return [icc];
    case 'icc-and-srgb': return [icc, nclx(1, 13, 6, true)];
  }
}

function turnBoxes(turn: AvifChoice['turn']): Buffer[] {
  const quarter = box('irot', Buffer.from([1]));
  const mirror = box('imir', Buffer.from([1]));
  switch (turn) {
    case 'none': return [];
    case 'quarter': return [quarter];
    case 'half': return [box('irot', Buffer.from([2]))];
    case 'mirror': return [mirror];
    case 'quarter-and-mirror': return [quarter, mirror];
  }
}

function box(type: string, data: Buffer): Buffer {
  return Buffer.concat([uint32(8 + data.length), Buffer.from(type, 'latin1'), data]);
}

function fullBox(type: string, data: Buffer, version = 0): Buffer {
  return box(type, Buffer.concat([Buffer.from([version, 0, 0, 0]), data]));
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
