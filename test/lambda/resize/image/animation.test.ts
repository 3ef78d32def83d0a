import sharp from 'sharp';
import { AnimationOptions, animation, BLUE, GREEN, paint, RED, storedFor, trafficLight, WHITE } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';

const near = (colour: readonly number[]) => colour.map((channel) => expect.closeTo(channel, -1.7));
const rgbAt = async (image: Buffer, x: number, y: number, page: number) => (await pixelAt(image, x, y, page)).slice(0, 3);
const timing: AnimationOptions = { delay: [100, 250, 400], loop: 3 };

/** Every frame has its colour in the lower right and white in the upper left. */
async function expectTrafficLight(image: Buffer, colours: readonly (readonly number[])[] = [RED, GREEN, BLUE]) {
  const { width, height, pageHeight, pages } = await sharp(image, { animated: true }).metadata();
  expect(pages).toBe(colours.length);
  for (const [page, colour] of colours.entries()) {
    expect(await rgbAt(image, width! - 3, (pageHeight ?? height!) - 3, page)).toEqual(near(colour));
    expect(await rgbAt(image, 2, 2, page)).toEqual(near(WHITE));
  }
}

describe.each(['gif', 'webp'] as const)('an animated %s', (input) => {
  const image = async () => animation(input, trafficLight(80, 48), timing);

  test.each(['gif', 'webp', 'original'] as const)('stays animated as %s, with its timing', async (format) => {
    const made = await renditionOf(await image(), { width: 40, height: 40, formats: [format] });
    expect(await sharp(made, { animated: true }).metadata()).toMatchObject({ width: 40, pageHeight: 24, pages: 3, ...timing });
    await expectTrafficLight(made);
  });

  test.each(['jpeg', 'png', 'avif', 'tiff'] as const)('becomes its first frame as %s', async (format) => {
    const made = await renditionOf(await image(), { width: 40, height: 40, formats: [format] });
    expect(await sharp(made).metadata()).toMatchObject({ width: 40, height: 24 });
    expect((await sharp(made).metadata()).pages ?? 1).toBe(1);
    expect(await rgbAt(made, 38, 22, 0)).toEqual(near(RED));
  });

  test('becomes its first frame when animation is off', async () => {
    const made = await renditionsOf(await image(), [{ width: 40, formats: ['gif', 'webp'] }], { animation: false });
    for (const rendition of Object.values(made)) expect((await sharp(rendition).metadata()).pages ?? 1).toBe(1);
  });

  test.each([
    [{ width: 24, height: 24, fit: 'cover' }, 24, 24],
    [{ width: 24, height: 24, fit: 'cover', position: 'right' }, 24, 24],
    [{ width: 24, height: 24, fit: 'cover', position: 'attention' }, 24, 24],
    [{ width: 24, height: 24, fit: 'cover', position: 'entropy' }, 24, 24],
    [{ width: 30, height: 40, fit: 'fill' }, 30, 40],
    [{ width: 30, height: 30, fit: 'outside' }, 50, 30],
    [{ width: 160, height: 160, enlarge: true }, 160, 96],
    [{ scale: 0.5 }, 40, 24],
  ] as const)('is resized frame by frame with %j', async (spec: ProfileSpec, width, height) => {
    const made = await renditionOf(await image(), { ...spec, formats: [input] });
    expect(await sharp(made, { animated: true }).metadata()).toMatchObject({ width, pageHeight: height, pages: 3 });
    for (const [page, colour] of [RED, GREEN, BLUE].entries()) expect(await rgbAt(made, width - 2, height - 2, page)).toEqual(near(colour));
  });

  test('is padded frame by frame', async () => {
    const made = await renditionOf(await image(), { width: 40, height: 40, fit: 'contain', background: '#000000', formats: [input] });
    expect(await sharp(made, { animated: true }).metadata()).toMatchObject({ width: 40, pageHeight: 40, pages: 3 });
    for (const [page, colour] of [RED, GREEN, BLUE].entries()) {
      expect(await rgbAt(made, 20, 2, page)).toEqual(near([0, 0, 0]));
      expect(await rgbAt(made, 38, 30, page)).toEqual(near(colour));
      expect(await rgbAt(made, 20, 38, page)).toEqual(near([0, 0, 0]));
    }
  });
});

describe('orientation of an animated WebP', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i comes out upright in every frame, in order', async (orientation) => {
    const frames = trafficLight(80, 48).map((frame) => storedFor(frame, orientation));
    const image = await animation('webp', frames, { ...timing, orientation });
    const made = await renditionOf(image, { width: 40, formats: ['webp'] });
    expect(await sharp(made, { animated: true }).metadata()).toMatchObject({ width: 40, pageHeight: 24, pages: 3, ...timing });
    expect((await sharp(made).metadata()).orientation).toBeUndefined();
    await expectTrafficLight(made);
  });

  test.each([2, 6])('%i is applied before cropping and padding', async (orientation) => {
    const image = await animation('webp', trafficLight(80, 48).map((frame) => storedFor(frame, orientation)), { orientation });
    const made = await renditionsOf(image, [
      { name: 'left', width: 24, height: 48, fit: 'cover', position: 'left', formats: ['webp'] },
      { name: 'box', width: 80, height: 80, fit: 'contain', position: 'top', background: '#000000', formats: ['webp'] },
    ]);
    for (const [page, colour] of [RED, GREEN, BLUE].entries()) {
      expect(await rgbAt(made['left.webp'], 20, 4, page)).toEqual(near(WHITE));
      expect(await rgbAt(made['left.webp'], 20, 44, page)).toEqual(near(colour));
      expect(await rgbAt(made['box.webp'], 4, 4, page)).toEqual(near(WHITE));
      expect(await rgbAt(made['box.webp'], 70, 70, page)).toEqual(near([0, 0, 0]));
    }
  });
});

test('an animation with transparency keeps it', async () => {
  const frames = [RED, BLUE].map((colour) => paint(20, 20, (x) => [...colour, x < 10 ? 0 : 255]));
  for (const format of ['gif', 'webp'] as const) {
    const made = await renditionOf(await animation(format, frames), { width: 20, formats: [format] });
    for (const [page, colour] of [RED, BLUE].entries()) {
      expect((await pixelAt(made, 2, 10, page))[3]).toBe(0);
      expect(await pixelAt(made, 16, 10, page)).toEqual([...near(colour), 255]);
    }
  }
});

test('a still image beside an animated rendition of the same input is its first frame', async () => {
  const image = await animation('gif', trafficLight(80, 48), timing);
  const made = await renditionsOf(image, [{ name: 'a', width: 40, formats: ['gif', 'jpeg'] }, { name: 'b', width: 20, formats: ['jpeg'] }]);
  await expectTrafficLight(made['a.gif']);
  expect(await rgbAt(made['a.jpeg'], 38, 22, 0)).toEqual(near(RED));
  expect(await rgbAt(made['b.jpeg'], 18, 10, 0)).toEqual(near(RED));
});

test('a padded still image is no animation', async () => {
  const image = await sharp({ create: { width: 60, height: 20, channels: 3, background: 'red' } }).png().toBuffer();
  const made = await renditionsOf(image, [60, 40].map((side) => ({ name: `s${side}`, width: side, height: side, fit: 'contain', formats: ['webp', 'gif'] })));
  for (const rendition of Object.values(made)) expect((await sharp(rendition).metadata()).pages ?? 1).toBe(1);
});
