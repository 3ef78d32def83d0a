import { CodedColours, withCodedColours } from './av1';
import { box, Container, Item, nclx, sequenceFile, stillFile, uint32 } from './avif-container';
import { matrixProfile, P3_PRIMARIES } from './icc';
import { frame, greyPicture, greyPictureWithAlpha, HEIGHT, picture, pictureWithAlpha, WIDTH } from './picture';
import { Choice, lacksPixels, Space } from './space';
import { open, RawImage } from '../../helpers/images';

const AXES = {
  channels: ['rgb', 'rgba', 'grey', 'grey-alpha', 'premultiplied'],
  depth: ['8', '10', '12'],
  sampling: ['4:4:4', '4:2:0'],
  colour: [
    'untold', 'srgb', 'srgb-limited', 'unspecified', 'unspecified-limited', 'bt709', 'p3', 'p3-limited', 'bt2020', 'pq', 'hlg', 'linear', 'icc-p3',
    'icc-and-srgb', 'icc-and-limited',
  ],
  // What the coded picture says of itself, which counts where nothing else does.
  coded: ['full', 'limited', 'p3', 'p3-limited', 'pq'],
  turn: ['none', 'quarter', 'half', 'mirror', 'quarter-and-mirror', 'crop'],
  brand: ['avif', 'mif1', 'mif3'],
  layout: ['still', 'sequence', 'sequence-with-still'],
  damage: ['none', 'bytes-behind', 'lost-half'],
} as const;

type AvifChoice = Choice<typeof AXES>;

export const AVIFS: Space<typeof AXES> = {
  axes: AXES,
  // Turns of sequences are those of players, and half of their bytes is a frame.
  exists: ({ channels, layout, turn, brand, damage }) => (
    layout === 'still' || (channels !== 'premultiplied' && turn === 'none' && brand === 'avif' && damage !== 'lost-half')
  ),
  make: makeAvif,
  lacks: lacksPixels,
  joint: [{ channels: ['rgb'], colour: ['unspecified', 'unspecified-limited'], coded: AXES.coded }],
  // Chromium shades the frames of sequences a little otherwise than it does stills.
  substitute: (choice) => (choice.layout === 'still' ? undefined : { choice: { ...choice, layout: 'still' }, line: 'An image sequence gives its still, or its first frame as one' }),
};

async function makeAvif(choice: AvifChoice): Promise<Buffer> {
  const { channels, colour, turn, brand, layout, damage } = choice;
  const image = { 'rgb': picture, 'rgba': pictureWithAlpha, 'grey': greyPicture, 'grey-alpha': greyPictureWithAlpha, 'premultiplied': multipliedPicture }[channels]();
  const items = await itemsOf(image, choice);
  const container: Container = { items, width: image.width, height: image.height, colour: colourBoxes(colour), turns: turnBoxes(turn), brand, premultiplied: channels === 'premultiplied' };
  const file = layout === 'still' ? stillFile(container)
    : sequenceFile(container, [items, await itemsOf(second(image), choice)], layout === 'sequence-with-still');
  if (damage === 'bytes-behind') return Buffer.concat([file, box('free', Buffer.alloc(100, 0x41))]);
  return damage === 'lost-half' ? file.subarray(0, file.length - items.at(-1)!.pixels.length / 2) : file;
}

function multipliedPicture(): RawImage {
  const image = pictureWithAlpha();
  const data = image.data.map((value, at) => (at % 4 === 3 ? value : Math.round((value * image.data[at - (at % 4) + 3]) / 255)));
  return { ...image, data: Buffer.from(data) };
}

/** The picture, and its alpha. */
async function itemsOf(image: RawImage, choice: AvifChoice): Promise<Item[]> {
  const hasAlpha = image.channels % 2 === 0;
  const colours = plane(image, hasAlpha ? image.channels - 1 : image.channels);
  const coloured = colours.channels === 1 ? await encodeGrey(colours, choice) : await encode(colours, choice);
  const item = { ...coloured, pixels: withCodedColours(coloured.pixels, codedColours(choice.coded)) };
  return hasAlpha ? [item, await encodeGrey(alphaOf(image), choice)] : [item];
}

/** With the bar of a second frame, and the first one's alpha. */
function second(image: RawImage): RawImage {
  const { data, width, height, channels } = image;
  const [other, moved] = [frame(1), Buffer.from(data)];
  const colours = channels > 2 ? 3 : 1;
  for (let at = 0; at < width * height; at += 1) other.data.copy(moved, at * channels, at * 3, at * 3 + colours);
  return { ...image, data: moved };
}

async function encode(image: RawImage, { depth, sampling }: AvifChoice): Promise<Item> {
  const avif = await open(image).avif({ effort: 1, quality: 95, bitdepth: Number(depth) as 8 | 10 | 12, chromaSubsampling: sampling }).toBuffer();
  return itemIn(avif, avif.indexOf('av1C'), avif.subarray(avif.indexOf('mdat') + 4), Number(depth), 3);
}

/** Encoders make grey of one plane for alpha alone: that of a picture of which nothing else is looked at. */
async function encodeGrey({ data, width, height }: RawImage, { depth }: AvifChoice): Promise<Item> {
  const carrier: RawImage = { data: Buffer.from([...data].flatMap((value) => [0, 0, 0, value])), width, height, channels: 4 };
  const avif = await open(carrier).avif({ effort: 1, quality: 95, bitdepth: Number(depth) as 8 | 10 | 12 }).toBuffer();
  const carried = avif.indexOf('mdat') + 4;
  // The second item follows the first, and begins with a delimiter as well.
  const start = avif.indexOf(Buffer.from('12000a', 'hex'), carried + 3);
  return itemIn(avif, avif.lastIndexOf('av1C'), avif.subarray(start), Number(depth), 1);
}

function itemIn(avif: Buffer, configuration: number, pixels: Buffer, depth: number, channels: number): Item {
  const start = configuration - 4;
  return { configuration: avif.subarray(start, start + avif.readUInt32BE(start)), pixels, depth, channels };
}

function plane({ data, width, height, channels }: RawImage, colours: number): RawImage {
  const kept = Buffer.alloc(width * height * colours);
  for (let at = 0; at < width * height; at += 1) data.copy(kept, at * colours, at * channels, at * channels + colours);
  return { data: kept, width, height, channels: colours as RawImage['channels'] };
}

function alphaOf({ data, width, height, channels }: RawImage): RawImage {
  return { data: Buffer.from(Array.from({ length: width * height }, (_, at) => data[at * channels + channels - 1])), width, height, channels: 1 };
}

function codedColours(coded: AvifChoice['coded']): CodedColours {
  switch (coded) {
    case 'full': return {};
    case 'limited': return { limited: true };
    case 'p3': return { points: [12, 13, 6] };
    case 'p3-limited': return { points: [12, 13, 6], limited: true };
    case 'pq': return { points: [9, 16, 9] };
  }
}

function colourBoxes(colour: AvifChoice['colour']): Buffer[] {
  const icc = box('colr', Buffer.concat([Buffer.from('prof'), matrixProfile(P3_PRIMARIES, 2.2)]));
  switch (colour) {
    case 'untold': return [];
    case 'srgb': return [nclx(1, 13, 6, true)];
    case 'srgb-limited': return [nclx(1, 13, 6, false)];
    case 'unspecified': return [nclx(2, 2, 2, true)];
    case 'unspecified-limited': return [nclx(2, 2, 2, false)];
    case 'bt709': return [nclx(1, 1, 1, true)];
    case 'p3': return [nclx(12, 13, 6, true)];
    case 'p3-limited': return [nclx(12, 13, 1, false)];
    case 'bt2020': return [nclx(9, 14, 9, true)];
    case 'pq': return [nclx(9, 16, 9, true)];
    case 'hlg': return [nclx(9, 18, 9, true)];
    case 'linear': return [nclx(1, 8, 6, true)];
    case 'icc-p3': return [icc];
    case 'icc-and-srgb': return [icc, nclx(1, 13, 6, true)];
    case 'icc-and-limited': return [icc, nclx(1, 13, 6, false)];
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
    case 'crop': return [box('clap', Buffer.concat([WIDTH - 20, 1, HEIGHT - 12, 1, 0, 1, 0, 1].map(uint32)))];
  }
}
