import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash';
import { thumbHash } from '../../../../src/lambda/resize/image/thumb-hash';
import { generator } from '../../../measure/bench/images';

/** What a page draws of it. */
const drawn = (hash: Uint8Array) => {
  const { w, h, rgba } = thumbHashToRGBA(hash);
  return { w, h, rgba: Buffer.from(rgba).toString('hex') };
};

const random = generator(7);
const below = (limit: number) => Math.floor(random() * limit);

/** Noise, in which no wave is so weak that rounding decides about it. */
const images = Array.from({ length: 100 }, (_, at): [number, number, Uint8Array] => {
  const [width, height] = [8 + below(30), 8 + below(30)];
  return [width, height, Uint8Array.from({ length: 4 * width * height }, (_value, byte) => (byte % 4 === 3 && at % 2 ? 255 : below(256)))];
});

test.each(images)('a hash is the one that the package thumbhash makes, of %i x %i', (width, height, rgba) => {
  expect(thumbHash(width, height, rgba)).toEqual(Buffer.from(rgbaToThumbHash(width, height, rgba)));
});

test.each([[32, 24], [24, 32], [32, 1], [1, 1]])('one colour is one colour, of %i x %i', (width, height) => {
  for (const colour of [[0, 0, 0, 255], [255, 255, 255, 255], [10, 200, 90, 255], [0, 0, 0, 0]]) {
    const rgba = Uint8Array.from({ length: 4 * width * height }, (_, at) => colour[at % 4]);
    expect(drawn(thumbHash(width, height, rgba))).toEqual(drawn(rgbaToThumbHash(width, height, rgba)));
  }
});
