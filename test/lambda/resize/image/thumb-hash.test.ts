import { rgbaToThumbHash } from 'thumbhash';
import { thumbHash } from '../../../../src/lambda/resize/image/thumb-hash';
import { generator } from '../../../measure/bench/images';

const random = generator(7);
const below = (limit: number) => Math.floor(random() * limit);
const someColour = () => [below(256), below(256), below(256), 255];

type Paint = (x: number, y: number) => readonly number[];

/** In most of them there are no waves of some kinds, so that sums are nothing but what they are rounded by. */
const PICTURES: Readonly<Record<string, () => Paint>> = {
  'noise': () => someColour,
  'noise with transparency': () => () => [...someColour().slice(0, 3), below(256)],
  'grey noise': () => () => {
    const grey = below(256);
    return [grey, grey, grey, 255];
  },
  'one colour': () => {
    const colour = someColour();
    return () => colour;
  },
  'nothing that can be seen': () => () => [9, 9, 9, 0],
  'gradients': () => {
    const colour = someColour();
    return (x, y) => [colour[0] * x, colour[1] * y, colour[2], 255].map(Math.floor);
  },
  'halves': () => {
    const colours = [someColour(), someColour()];
    return (x) => colours[x < 0.5 ? 0 : 1];
  },
  'a disc that fades out': () => {
    const colour = someColour();
    return (x, y) => [...colour.slice(0, 3), Math.max(0, Math.floor(255 - 400 * Math.hypot(x - 0.5, y - 0.5)))];
  },
};

test.each(Object.entries(PICTURES))('a hash is the one that the package thumbhash makes, of %s', (_, draw) => {
  for (let turn = 0; turn < 100; turn += 1) {
    const [width, height, paint] = [1 + below(32), 1 + below(32), draw()];
    const pixels = Array.from({ length: width * height }, (__, at) => paint((at % width) / width, Math.floor(at / width) / height));
    const rgba = Uint8Array.from(pixels.flat());
    const expected = Buffer.from(rgbaToThumbHash(width, height, rgba));
    expect({ width, height, hash: thumbHash(width, height, rgba) }).toEqual({ width, height, hash: expected });
  }
});
