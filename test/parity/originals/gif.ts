import { frame, pixel } from './picture';
import { Choice, lacksPixels, Space } from './space';
import { paint, RawImage } from '../../helpers/images';

const AXES = {
  frames: ['1', '3'],
  place: ['whole', 'offset', 'first-smaller', 'later-smaller', 'beyond-screen'],
  disposal: ['0', '1', '2', '3'],
  transparency: ['none', 'disc', 'background-colour'],
  table: ['global', 'local', 'both'],
  rows: ['in-order', 'interlaced'],
  damage: ['none', 'no-trailer', 'bytes-behind', 'lost-end-of-last', 'bad-codes-in-last', 'lost-half-of-first'],
} as const;

type GifChoice = Choice<typeof AXES>;

export const GIFS: Space<typeof AXES> = {
  axes: AXES,
  exists: () => true,
  make: makeGif,
  lacks: ({ frames, damage }) => (damage.endsWith('-in-last') || damage.endsWith('-of-last') ? (frames === '1' ? 'pixels' : 'frames') : lacksPixels({ damage })),
  joint: [{ frames: ['3'], place: AXES.place, disposal: ['2', '3'], transparency: AXES.transparency, damage: ['none'] }],
};

const [WIDTH, HEIGHT] = [96, 64];
/** Levels of red, green and blue; the rest of the 128 colours is black, and one of them transparent. */
const LEVELS = [5, 5, 5];
const TRANSPARENT = 126;
const BACKGROUND = 24;
const BITS = 7;

function makeGif(choice: GifChoice): Buffer {
  const { table, transparency, damage } = choice;
  const frames = Number(choice.frames);
  const screen = Buffer.alloc(7);
  screen.writeUInt16LE(WIDTH);
  screen.writeUInt16LE(HEIGHT, 2);
  screen.set([table === 'local' ? 0 : 0x80 + BITS - 1, transparency === 'background-colour' ? TRANSPARENT : BACKGROUND, 0], 4);

  const images = Array.from({ length: damage === 'lost-half-of-first' ? 1 : frames }, (_, number) => image(choice, number));
  return Buffer.concat([
    Buffer.from('GIF89a'),
    screen,
    ...table === 'local' ? [] : [colourTable(table === 'both')],
    ...frames > 1 ? [Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1')] : [],
    ...images,
    ...['no-trailer', 'lost-end-of-last', 'lost-half-of-first'].includes(damage) ? [] : [Buffer.from([0x3b])],
    ...damage === 'bytes-behind' ? [Buffer.alloc(100, 0x41)] : [],
  ]);
}

/** A frame with its control. */
function image(choice: GifChoice, number: number): Buffer {
  const { transparency, disposal, table, rows, damage } = choice;
  const last = number === Number(choice.frames) - 1;
  const place = placeOf(choice, number);
  const control = Buffer.from([0x21, 0xf9, 4, 4 * Number(disposal) + (transparency === 'none' ? 0 : 1), 10, 0, TRANSPARENT, 0]);
  const descriptor = Buffer.alloc(10);
  descriptor[0] = 0x2c;
  [place.left, place.top, place.width, place.height].forEach((value, at) => descriptor.writeUInt16LE(value, 1 + 2 * at));
  descriptor[9] = (table === 'global' ? 0 : 0x80 + BITS - 1) + (rows === 'interlaced' ? 0x40 : 0);

  let codes = indexes(place, number, transparency !== 'none');
  if (rows === 'interlaced') codes = interlaced(codes, place.width, place.height);
  let data = uncompressedCodes(codes);
  if (damage === 'bad-codes-in-last' && last) data = Buffer.concat([data.subarray(0, data.length / 2), Buffer.alloc(data.length / 2, 0xff)]);
  let blocks = Buffer.concat([Buffer.from([BITS]), subBlocks(data)]);
  if ((damage === 'lost-end-of-last' && last) || damage === 'lost-half-of-first') blocks = blocks.subarray(0, blocks.length / 2);
  return Buffer.concat([control, descriptor, ...table === 'global' ? [] : [colourTable(false)], blocks]);
}

interface Place { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

function placeOf({ place }: GifChoice, number: number): Place {
  const whole = { left: 0, top: 0, width: WIDTH, height: HEIGHT };
  const part = { left: 16 + 4 * number, top: 8, width: 48, height: 40 };
  switch (place) {
    case 'whole': return whole;
    case 'offset': return part;
    case 'first-smaller': return number === 0 ? part : whole;
    case 'later-smaller': return number > 0 ? part : whole;
    case 'beyond-screen': return { left: 16, top: 8, width: WIDTH, height: HEIGHT };
  }
}

/** The frame's part of the picture; its disc is transparent where there is transparency. */
function indexes({ left, top, width, height }: Place, number: number, hasHole: boolean): number[] {
  const shown = frame(number);
  const part: RawImage = paint(width, height, (x, y) => pixel(shown, Math.min(WIDTH - 1, left + x), Math.min(HEIGHT - 1, top + y)));
  return Array.from({ length: width * height }, (_, at) => {
    const [r, g, b] = pixel(part, at % width, Math.floor(at / width));
    if (hasHole && r === 250 && g === 200) return TRANSPARENT;
    return [r, g, b].reduce((index, value, channel) => index * LEVELS[channel] + Math.round((value / 255) * (LEVELS[channel] - 1)), 0);
  });
}

/** A table in other colours belongs to no frame. */
function colourTable(isUnused: boolean): Buffer {
  return Buffer.from(Array.from({ length: 2 ** BITS }, (_, index) => {
    if (index >= 125) return [0, 0, 0];
    const colour = [Math.floor(index / 25), Math.floor(index / 5) % 5, index % 5].map((level) => Math.round((level * 255) / 4));
    return isUnused ? colour.reverse() : colour;
  }).flat());
}

function interlaced(codes: readonly number[], width: number, height: number): number[] {
  const rows = [[0, 8], [4, 8], [2, 4], [1, 2]].flatMap(([first, step]) => {
    const found: number[] = [];
    for (let row = first; row < height; row += step) found.push(row);
    return found;
  });
  return rows.flatMap((row) => codes.slice(row * width, (row + 1) * width));
}

/** LZW whose table is cleared before codes grow: each code is one pixel of `BITS + 1` bits. */
function uncompressedCodes(codes: readonly number[]): Buffer {
  const [clear, end, size] = [2 ** BITS, 2 ** BITS + 1, BITS + 1];
  const bytes: number[] = [];
  let [held, count] = [0, 0];
  const write = (code: number) => {
    held += code * 2 ** count;
    for (count += size; count >= 8; count -= 8) {
      bytes.push(held % 256);
      held = Math.floor(held / 256);
    }
  };
  codes.forEach((code, at) => {
    if (at % (clear - 2) === 0) write(clear);
    write(code);
  });
  write(end);
  return Buffer.from([...bytes, held]);
}

function subBlocks(data: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([...blocks, Buffer.from([0])]);
}
