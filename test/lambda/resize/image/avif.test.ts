import sharp from 'sharp';
import { probe } from '../../../../src/lambda/resize/image';
import { pixelAt, processing, renditionOf } from '../../../helpers/renditions';
import { AVIFS } from '../../../parity/originals/avif';
import { Choice, plainest } from '../../../parity/originals/space';

type AvifChoice = Choice<(typeof AVIFS)['axes']>;

const avif = async (choice: Partial<AvifChoice> = {}) => AVIFS.make({ ...plainest(AVIFS), ...choice });
const patched = (data: Buffer, find: string, replacement: Buffer, offset = 0) => {
  const copy = Buffer.from(data);
  replacement.copy(copy, copy.indexOf(find, 0, 'latin1') + offset);
  return copy;
};
const ending = async (data: Buffer) => probe(data, processing()).then(() => 'READ', (error) => error);
/** The red patch, and grey from black to white. */
const seen = async (data: Buffer) => {
  const made = await renditionOf(data, { width: 96, formats: ['png'] });
  return [await pixelAt(made, 10, 12), await pixelAt(made, 2, 40), await pixelAt(made, 93, 40)].map((pixel) => pixel.slice(0, 3));
};
const near = (...pixels: number[][]) => pixels.map((pixel) => pixel.map((value) => expect.closeTo(value, -0.5)));

describe('the range of values in an AVIF', () => {
  const full = near([220, 30, 30], [6, 6, 6], [248, 248, 248]);
  const stretched = near([235, 18, 18], [0, 0, 0], [255, 255, 255]);

  test.each([
    ['untold', 'full', full],
    ['untold', 'limited', stretched],
    ['unspecified', 'full', full],
    ['unspecified', 'limited', full],
    ['unspecified-limited', 'full', stretched],
    ['unspecified-limited', 'limited', stretched],
    ['srgb', 'limited', full],
    ['srgb-limited', 'full', stretched],
  ] as const)('%s in the file and %s in the coded picture', async (colour, coded, expected) => {
    const [, black, white] = await seen(await avif({ colour, coded }));
    expect(black).toEqual(expected[1]);
    expect(white).toEqual(expected[2]);
  });

  test.each([['full', 87, 6, 248], ['limited', 83, 0, 255]] as const)('of grey that is %s', async (coded, red, black, white) => {
    const grey = near(...[red, black, white].map((value) => [value, value, value]));
    expect(await seen(await avif({ channels: 'grey', coded }))).toEqual(grey);
    expect(await seen(await avif({ channels: 'grey', colour: coded === 'full' ? 'srgb' : 'srgb-limited' }))).toEqual(grey);
    expect(await seen(await avif({ channels: 'grey', depth: '10', coded }))).toEqual(grey);
  });

  test('fails as UNSUPPORTED_FORMAT for limited grey with a profile', async () => {
    expect(await ending(await avif({ channels: 'grey', colour: 'icc-and-limited' }))).toMatchObject({
      code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringMatching(/^This AVIF image is grey of limited range with a profile/) },
    });
  });
});

test('code points of the coded picture count where the file has none', async () => {
  const [red] = await seen(await avif({ coded: 'p3' }));
  expect(red).toEqual(near([241, 0, 0])[0]);
  expect(await ending(await avif({ coded: 'pq' }))).toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
  expect(await ending(await avif({ coded: 'pq', colour: 'srgb' }))).toBe('READ');
});

describe('an AVIF image sequence', () => {
  test.each(['rgb', 'rgba', 'grey-alpha'] as const)('gives its still or its first frame as one, in %s', async (channels) => {
    const still = await renditionOf(await avif({ channels }), { formats: ['png'] });
    for (const layout of ['sequence', 'sequence-with-still'] as const) {
      expect(await renditionOf(await avif({ channels, layout }), { formats: ['png'] })).toEqual(still);
    }
  });

  test('keeps the colours that its description names', async () => {
    const [red] = await seen(await avif({ layout: 'sequence', colour: 'p3' }));
    expect(red).toEqual(near([241, 0, 0])[0]);
  });

  test('fails as UNSUPPORTED_FORMAT without a first frame', async () => {
    const sequence = await avif({ layout: 'sequence' });
    for (const box of ['stsz', 'stco', 'av01']) {
      const error = await ending(patched(sequence, box, Buffer.from('free')));
      expect(error).toMatchObject({ code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringContaining('is an image sequence without a first picture') } });
    }
  });
});

describe('a brand of AVIF', () => {
  test.each(['mif3', 'miaf', 'MA1A', 'avis'])('%s is read where the boxes are usual', async (brand) => {
    expect(await seen(patched(await avif(), 'ftyp', Buffer.from(brand), 4))).toEqual(await seen(await avif()));
  });

  test('fails as UNSUPPORTED_FORMAT for a minimised header', async () => {
    const mini = Buffer.concat([Buffer.from('\0\0\0\x10ftypmif3avif\0\0\0\x20mini', 'latin1'), Buffer.alloc(24, 7)]);
    expect(await ending(mini)).toMatchObject({ code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringContaining('has a minimised header (mini)') } });
  });
});

describe('layers in an AVIF', () => {
  const withProperty = async (name: string, value: Buffer) => patched(await avif(), 'pixi', Buffer.concat([Buffer.from(name, 'latin1'), value]));

  test('fails as UNSUPPORTED_FORMAT where one of several is chosen', async () => {
    for (const [name, value] of [['lsel', Buffer.from([0, 1])], ['a1op', Buffer.from([1])]] as const) {
      expect(await ending(await withProperty(name, value))).toMatchObject({ code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringContaining('shows one of several layers') } });
    }
  });

  test('the final one is no choice', async () => {
    expect(await ending(await withProperty('lsel', Buffer.from([0xff, 0xff])))).toBe('READ');
  });

  test('fails as UNSUPPORTED_FORMAT, not as too large, where what is decoded has another size than is stated', async () => {
    const size = Buffer.alloc(8);
    size.writeUInt32BE(48, 0);
    size.writeUInt32BE(32, 4);
    await expect(renditionOf(patched(await avif(), 'ispe', size, 8))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringContaining('holds a picture of another size than it states') },
    });
  });
});

test('ends, one way or another, wherever its boxes or its coded header are damaged', async () => {
  for (const layout of ['still', 'sequence'] as const) {
    const whole = await avif({ layout, channels: 'grey-alpha' });
    for (let at = 8; at < whole.indexOf('mdat') + 20; at += 7) {
      for (const value of [0, 255 - whole[at]]) {
        const damaged = Buffer.from(whole);
        damaged[at] = value;
        const error = await ending(damaged);
        expect(['READ', 'CORRUPT_IMAGE', 'TOO_LARGE', 'UNSUPPORTED_FORMAT']).toContain(error === 'READ' ? error : error.code);
      }
    }
  }
});

test('a short file behind the headers is read no further', async () => {
  const whole = await avif();
  expect(await ending(whole.subarray(0, whole.indexOf('mdat') + 6))).not.toBeInstanceOf(RangeError);
  expect((await sharp(await renditionOf(whole)).metadata()).width).toBe(96);
});
