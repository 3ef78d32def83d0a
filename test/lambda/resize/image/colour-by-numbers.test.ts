import sharp from 'sharp';
import { probe } from '../../../../src/lambda/resize/image';
import { greyProfile, rgbProfile, BT709, DISPLAY_P3, SRGB_CURVE } from '../../../../src/lambda/resize/image/icc';
import { jpegWithProfile } from '../../../../src/lambda/resize/image/jpeg';
import { pngChunk, withCodePoints, withPngChunks, withPngProfile } from '../../../helpers/headers';
import { open, png16, solid } from '../../../helpers/images';
import { pixelAt, processing, renditionOf, renditionsOf } from '../../../helpers/renditions';

const COLOUR = [180, 90, 40] as const;

const cicp = (primaries: number, transfer: number, range = 1) => pngChunk('cICP', Buffer.from([primaries, transfer, 0, range]));
const numbers = (type: string, ...values: number[]) => {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => data.writeUInt32BE(value, 4 * index));
  return pngChunk(type, data);
};
const gama = (value: number) => numbers('gAMA', value);
const chrm = { srgb: numbers('cHRM', 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000), p3: numbers('cHRM', 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000) };
const srgb = pngChunk('sRGB', Buffer.from([0]));
const png = async (...chunks: Buffer[]) => withPngChunks(await open(solid(40, 40, COLOUR)).png().toBuffer(), ...chunks);
const grey = async (...chunks: Buffer[]) => withPngChunks(await open(solid(40, 40, [COLOUR[0]])).toColourspace('b-w').png().toBuffer(), ...chunks);

/** The pixel of the rendition alone and beside another. */
async function shown(image: Buffer): Promise<number[][]> {
  const spec = { name: 'one', width: 20, formats: ['png'] as const };
  const both = [await renditionOf(image, spec), (await renditionsOf(image, [spec, { name: 'other', width: 30 }]))['one.png']];
  return Promise.all(both.map(async (made) => pixelAt(made, 8, 8)));
}

/** What Chromium draws, to a rounding. */
const drawn = (colour: readonly number[]) => {
  const channel = (value: number) => expect.closeTo(value, -0.4);
  return [colour.map(channel), colour.map(channel)];
};

describe('a PNG that names its colours by code points', () => {
  test.each([
    [1, 1, [176, 81, 28]],
    [1, 4, [181, 90, 35]],
    [1, 5, [165, 66, 17]],
    [1, 6, [176, 81, 28]],
    [1, 7, [188, 106, 58]],
    [1, 8, [219, 160, 110]],
    [1, 13, COLOUR],
    [1, 14, [176, 81, 28]],
    [4, 13, [209, 84, 17]],
    [5, 13, [183, 90, 41]],
    [6, 13, [176, 92, 39]],
    [8, 13, [200, 83, 20]],
    [9, 13, [217, 69, 16]],
    [11, 13, [190, 84, 20]],
    [12, 13, [193, 83, 19]],
    [22, 13, [182, 92, 39]],
    // What is not told, or not known, is sRGB.
    [2, 2, COLOUR],
    [12, 2, COLOUR],
    [99, 13, COLOUR],
  ])('primaries %i with transfer %i', async (primaries, transfer, colour) => {
    expect(await shown(await png(cicp(primaries, transfer)))).toEqual(drawn(colour));
  });

  test('in grey has a curve and no primaries', async () => {
    expect(await shown(await grey(cicp(1, 8)))).toEqual(drawn([219, 219, 219]));
    expect(await shown(await grey(cicp(12, 13)))).toEqual(drawn([180, 180, 180]));
  });

  test('goes by them before a profile', async () => {
    expect(await shown(withPngProfile(await png(cicp(1, 13)), rgbProfile(DISPLAY_P3, SRGB_CURVE)))).toEqual(drawn(COLOUR));
  });

  test('fails as UNSUPPORTED_FORMAT for high dynamic range', async () => {
    for (const [transfer, name] of [[16, 'PQ'], [18, 'HLG']] as const) {
      await expect(probe(await png(cicp(9, transfer)), processing())).rejects.toMatchObject({
        code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining(`high dynamic range (${name})`),
      });
    }
  });
});

describe('a PNG that names its colours by gamma and chromaticities', () => {
  test.each<[string, Buffer[], readonly number[]]>([
    ['linear', [gama(100000)], [219, 160, 110]],
    ['gamma 1.8', [gama(55556)], [193, 109, 53]],
    ['the gamma of sRGB alone', [gama(45455)], COLOUR],
    ['the gamma and chromaticities of sRGB', [gama(45455), chrm.srgb], [181, 90, 35]],
    ['the chromaticities of Display P3', [gama(45455), chrm.p3], [195, 83, 5]],
    ['chromaticities alone', [chrm.p3], COLOUR],
    ['sRGB, which goes before', [srgb, gama(100000), chrm.p3], COLOUR],
    ['no gamma', [gama(0), chrm.p3], COLOUR],
  ])('%s', async (_, chunks, colour) => {
    expect(await shown(await png(...chunks))).toEqual(drawn(colour));
  });

  test('in grey', async () => {
    expect(await shown(await grey(gama(100000)))).toEqual(drawn([219, 219, 219]));
  });

  test('with 16 bits', async () => {
    expect(await shown(withPngChunks(await png16(solid(40, 40, COLOUR)), gama(100000)))).toEqual(drawn([219, 160, 110]));
    expect(await shown(withPngChunks(await png16(solid(40, 40, [COLOUR[0]])), gama(100000)))).toEqual(drawn([219, 219, 219]));
  });

  test('a profile goes before', async () => {
    expect(await shown(withPngProfile(await png(gama(100000)), rgbProfile(DISPLAY_P3, SRGB_CURVE)))).toEqual(drawn([193, 83, 19]));
  });

  test('keeps them as a profile where the policy keeps profiles', async () => {
    const made = await renditionOf(await png(cicp(12, 13)), { formats: ['png'] }, { metadata: 'icc' });
    expect((await sharp(made).metadata()).icc).toEqual(rgbProfile(DISPLAY_P3, SRGB_CURVE));
    expect([...(await sharp(made, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)]).toEqual([...COLOUR]);
  });
});

describe('an AVIF that names its colours by code points', () => {
  const avif = async (primaries: number, transfer: number) => withCodePoints(
    await open(solid(40, 40, COLOUR)).withIccProfile('p3').avif({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), primaries, transfer,
  );

  // The pixels are those of COLOUR in Display P3.
  test.each([
    [1, 13, [168, 95, 52]],
    [1, 1, [168, 95, 52]],
    [1, 4, [169, 95, 49]],
    [1, 5, [151, 71, 28]],
    [1, 8, [212, 164, 125]],
    [6, 6, [165, 96, 51]],
    [9, 13, [200, 80, 38]],
    [9, 14, [200, 80, 38]],
    [12, 13, [180, 90, 40]],
    [12, 1, [180, 90, 40]],
    [12, 2, [180, 90, 40]],
    [2, 2, [168, 95, 52]],
  ])('primaries %i with transfer %i', async (primaries, transfer, colour) => {
    expect(await shown(await avif(primaries, transfer))).toEqual(drawn(colour));
  });

  test.each([[16, 'PQ'], [18, 'HLG']])('fails as UNSUPPORTED_FORMAT with transfer %i, high dynamic range', async (transfer, name) => {
    await expect(probe(await avif(9, transfer), processing())).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining(`high dynamic range (${name})`),
    });
  });

  test('ends, one way or another, wherever its description is damaged', async () => {
    const whole = await avif(12, 13);
    for (let at = whole.indexOf('meta'); at < whole.indexOf('mdat'); at += 5) {
      const damaged = Buffer.from(whole);
      damaged[at] = 255 - damaged[at];
      const ending = await probe(damaged, processing()).then(() => 'READ', ({ code }) => code);
      expect(['READ', 'CORRUPT_IMAGE', 'TOO_LARGE', 'UNSUPPORTED_FORMAT']).toContain(ending);
    }
  });
});

describe('a profile counts', () => {
  const linear = greyProfile({ gamma: 1 });

  test('for grey, of 8 and of 16 bits', async () => {
    expect(await shown(withPngProfile(await grey(), linear))).toEqual(drawn([219, 219, 219]));
    expect(await shown(withPngProfile(await png16(solid(40, 40, [COLOUR[0]])), linear))).toEqual(drawn([219, 219, 219]));
  });

  test('for grey with alpha', async () => {
    const image = withPngProfile(await png16(solid(40, 40, [COLOUR[0], 255])), linear);
    for (const pixel of await shown(image)) expect(pixel.slice(0, 3)).toEqual([219, 219, 219]);
  });

  test('for grey where it is one of RGB, whose curve is that of grey', async () => {
    const rgb = rgbProfile(DISPLAY_P3, { gamma: 1 });
    const jpeg = await open(solid(40, 40, [COLOUR[0]])).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer();
    const deep = await png16(solid(40, 40, [COLOUR[0]]));
    for (const image of [withPngProfile(await grey(), rgb), withPngProfile(deep, rgb), jpegWithProfile(jpeg, rgb)]) {
      expect(await shown(image)).toEqual(drawn([219, 219, 219]));
    }
  });

  test.each([['nothing', 0], ['no curve', 132], ['a damaged table', 170]])('of RGB in grey that has %s is passed over', async (_, length) => {
    const rgb = Buffer.from(rgbProfile(DISPLAY_P3, { gamma: 1 })).fill(0xff, length === 170 ? 132 : 128 + length);
    const image = withPngProfile(await grey(), rgb.subarray(0, Math.max(length, 140)));
    expect((await shown(image))[0].slice(0, 3)).toEqual([COLOUR[0], COLOUR[0], COLOUR[0]]);
  });

  test('that has a rendering intent that is none', async () => {
    const rgb = rgbProfile(BT709, { gamma: 1 });
    for (const [image, profile, colour] of [[await grey(), linear, [219, 219, 219]], [await png(), rgb, [219, 160, 110]]] as const) {
      const odd = Buffer.from(profile);
      odd.writeUInt32BE(0xffff0001, 64);
      expect(await shown(withPngProfile(image, odd))).toEqual(drawn(colour));
    }
  });
});

test.each([[64, 0], [33, 7], [20, 1], [40, 255]])('damage at byte %i ends, one way or another', async (at, value) => {
  const image = Buffer.from(await png(gama(100000), chrm.p3, cicp(12, 13)));
  image[at] = value;
  const ending = await renditionOf(image).then(() => 'COMPLETED', ({ code }) => code);
  expect(['COMPLETED', 'CORRUPT_IMAGE', 'TOO_LARGE', 'UNSUPPORTED_FORMAT']).toContain(ending);
});
