import sharp from 'sharp';
import { gif, GifFrame, gifFrame, GifImage, GIF_TRAILER } from '../../../helpers/gifs';
import { BLUE, GREEN, open, photo, RED, WHITE } from '../../../helpers/images';
import { pixelAt, renditionOf, renditionsOf } from '../../../helpers/renditions';

const PALETTE = [RED, GREEN, BLUE, WHITE];
const near = (colour: readonly number[]) => colour.map((channel) => expect.closeTo(channel, -1.7));
const CLEAR = [0, 0, 0, 0];
const full = (index: number, changes: Partial<GifFrame> = {}): GifFrame => ({ width: 40, height: 30, pixel: () => index, ...changes });
const patch = (index: number, changes: Partial<GifFrame> = {}): GifFrame =>
  ({ left: 10, top: 10, width: 20, height: 10, pixel: () => index, ...changes });
const make = (frames: readonly GifFrame[], changes: Partial<GifImage> = {}) =>
  gif({ width: 40, height: 30, palette: PALETTE, frames, ...changes });
/** Pixels of lossless renditions in the original's size: in the middle of the patch, and beside it. */
const shown = async (image: Buffer, page = 0) => [await pixelAt(image, 20, 15, page), await pixelAt(image, 2, 2, page)];
const opaque = (colour: readonly number[]) => [...near(colour), 255];

describe('what no frame covers is transparent', () => {
  test('in a still, and shows the background where there is no transparency', async () => {
    const made = await renditionsOf(make([patch(0)]), [{ scale: 1, formats: ['png', 'gif', 'jpeg'] }]);
    expect(await shown(made['test.png'])).toEqual([opaque(RED), CLEAR]);
    expect(await shown(made['test.gif'])).toEqual([opaque(RED), CLEAR]);
    expect(await pixelAt(made['test.jpeg'], 2, 2)).toEqual(near([255, 255, 255]));
  });

  test.each(['gif', 'webp'] as const)('in an animated %s', async (format) => {
    const made = await renditionOf(make([patch(0), patch(2, { left: 12 })]), { scale: 1, formats: [{ format, options: format === 'webp' ? { lossless: true } : {} }] });
    expect(await shown(made)).toEqual([opaque(RED), CLEAR]);
    expect(await shown(made, 1)).toEqual([opaque(BLUE), CLEAR]);
  });

  test.each([[640, 480], [2100, 20], [800, 600]])('on a screen of %ix%i, which decoders distrust', async (width, height) => {
    const made = await renditionOf(make([patch(0)], { width, height }), { scale: 1, formats: ['png'] });
    expect(await sharp(made).metadata()).toMatchObject({ width, height });
    expect(await pixelAt(made, 20, 15)).toEqual(opaque(RED));
    expect(await pixelAt(made, width - 1, height - 1)).toEqual(CLEAR);
  });

  test('fails as UNSUPPORTED_FORMAT for a first frame that reaches beyond what the format can hold', async () => {
    await expect(renditionOf(make([patch(0, { left: 65_530 })]), { scale: 1, formats: ['png'] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT', detail: 'the gif image has a frame that reaches to 65550 x 30: expected at most 65536 pixels a side',
    });
  });

  test('but a first frame beyond the screen enlarges it', async () => {
    const made = await renditionOf(make([patch(0, { left: 30 })]), { scale: 1, formats: ['png'] });
    expect(await sharp(made).metadata()).toMatchObject({ width: 50, height: 30 });
  });
});

describe('what disposal clears is transparent', () => {
  const many = Array.from({ length: 256 }, (_, at) => [at, 255 - at, 40]);
  test.each([
    ['of the first frame', [full(0, { disposal: 2 }), patch(2)], PALETTE],
    ['of few colours', [full(0), full(1, { disposal: 2 }), patch(2)], PALETTE],
    ['of a frame with transparency', [full(0), full(1, { disposal: 2, transparent: 3 }), patch(2)], PALETTE],
    ['of many colours, one of them unused', [full(0), full(0, { disposal: 2, pixel: (x, y) => (x * 30 + y) % 255 }), patch(2)], many],
    ['of all colours, on a cleared canvas', [full(0, { disposal: 2, pixel: (x, y) => (x * 30 + y) % 256 }), full(0, { disposal: 2, pixel: (x, y) => (x * 29 + y) % 256 }), patch(2)], many],
  ] as const)('%s', async (_, frames, palette) => {
    const made = await renditionOf(make(frames, { palette }), { scale: 1, formats: [{ format: 'webp', options: { lossless: true } }] });
    const last = frames.length - 1;
    expect((await sharp(made, { animated: true }).metadata()).pages).toBe(frames.length);
    expect(await shown(made, last)).toEqual([[...palette[2], 255], CLEAR]);
    expect((await pixelAt(made, 2, 2, last - 1))[3] ?? 255).toBe(255);
  });

  test('and what it restores is what was before', async () => {
    const made = await renditionOf(make([patch(0), full(2, { disposal: 3 }), patch(1, { left: 0, width: 4 })]), { scale: 1, formats: ['gif'] });
    expect(await shown(made, 1)).toEqual([opaque(BLUE), opaque(BLUE)]);
    expect(await shown(made, 2)).toEqual([opaque(RED), CLEAR]);
  });

  test('fails as UNSUPPORTED_FORMAT where a frame has no colour to spare for it', async () => {
    const image = make([full(0), full(0, { disposal: 2, pixel: (x, y) => (x * 30 + y) % 256 }), patch(2)], { palette: many });
    await expect(renditionOf(image, { formats: ['gif'] })).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    await expect(renditionOf(image, { formats: ['jpeg'] })).resolves.toBeDefined();
  });
});

describe('what stands behind the first frame', () => {
  const whole = make([full(0), full(2)]);
  const secondAt = whole.lastIndexOf(gifFrame(full(2), 2));
  const damaged = {
    'cut within the second frame': whole.subarray(0, secondAt + 60),
    'cut before its pixels': whole.subarray(0, secondAt + 14),
    'with a frame that no decoder takes': Buffer.concat([whole.subarray(0, secondAt + 18), Buffer.from([0x7f]), whole.subarray(secondAt + 19)]),
    'with other bytes between the frames': Buffer.concat([whole.subarray(0, secondAt), Buffer.alloc(7, 0x99), whole.subarray(secondAt)]),
  };

  test.each(Object.keys(damaged) as (keyof typeof damaged)[])('%s: stills are made, animations fail as CORRUPT_IMAGE', async (name) => {
    const made = await renditionsOf(damaged[name], [{ scale: 1, formats: ['png', 'jpeg'] }]);
    expect(await pixelAt(made['test.png'], 2, 2)).toEqual([...RED]);
    await expect(renditionOf(damaged[name], { formats: ['gif'] })).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
    await expect(renditionOf(damaged[name], { formats: ['gif'] }, { animation: false })).resolves.toBeDefined();
  });

  test.each([
    ['no trailer', whole.subarray(0, -1)],
    ['neither trailer nor the end of its last frame', whole.subarray(0, -2)],
    ['zeros', Buffer.concat([whole.subarray(0, -1), Buffer.alloc(300)])],
    ['other bytes behind the trailer', Buffer.concat([whole, Buffer.alloc(300, 0x2c)])],
  ])('%s: is no damage', async (_, image) => {
    const made = await renditionOf(image, { scale: 1, formats: ['gif'] });
    expect((await sharp(made, { animated: true }).metadata()).pages).toBe(2);
    expect(await pixelAt(made, 2, 2, 1)).toEqual(opaque(BLUE));
  });

  test('fails as CORRUPT_IMAGE when it is the first frame that is cut', async () => {
    await expect(renditionOf(whole.subarray(0, secondAt - 40), {})).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
  });
});

test('frames that no rendition needs do not count towards the limits', async () => {
  const image = make([full(0), ...Array.from({ length: 99 }, (_, at) => full(at % 4))]);
  const limits = { maxInputPixels: 40 * 30 * 50 };
  await expect(renditionsOf(image, [10, 20, 30].map((width) => ({ name: `w${width}`, width, formats: ['jpeg' as const] })), limits)).resolves.toBeDefined();
  await expect(renditionOf(image, { formats: ['webp'] }, limits)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('fails as TOO_LARGE for a million frames, and makes its stills', async () => {
  const dot = gifFrame({ width: 1, height: 1, pixel: () => 0 }, 2);
  const image = Buffer.concat([make([], { width: 1, height: 1 }).subarray(0, -1), ...Array.from({ length: 1_000_001 }, () => dot), GIF_TRAILER]);
  await expect(renditionOf(image, { formats: ['png'] })).resolves.toBeDefined();
  await expect(renditionOf(image, { formats: ['gif'] })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

describe('the padding of a GIF is exactly the background, which its palette does not have', () => {
  const BACKGROUNDS = ['#d02030', '#123456', '#fefefe', '#7f8081'];
  const exact = (colour: string) => [...Buffer.from(colour.slice(1), 'hex')];
  const corners = async (made: Buffer, page: number) => {
    const pixels = [await pixelAt(made, 2, 2, page), await pixelAt(made, 57, 57, page)];
    return pixels.map((pixel) => pixel.slice(0, 3));
  };

  test.each(BACKGROUNDS)('%s in a still and in every frame', async (background) => {
    const spec = { width: 60, height: 60, fit: 'contain', background, formats: ['original'] } as const;
    const still = await open(photo(60, 30)).gif().toBuffer();
    expect(await corners(await renditionOf(still, spec), 0)).toEqual([exact(background), exact(background)]);
    const moving = make([full(0), patch(1), patch(2, { left: 14 })]);
    const made = await renditionOf(moving, { ...spec, enlarge: true });
    for (const page of [0, 1, 2]) expect(await corners(made, page)).toEqual([exact(background), exact(background)]);
  });

  test.each(BACKGROUNDS)('%s from other formats', async (background) => {
    const spec = { width: 60, height: 60, fit: 'contain', background, formats: ['gif'] } as const;
    expect(await corners(await renditionOf(await open(photo(60, 30)).jpeg().toBuffer(), spec), 0)).toEqual([exact(background), exact(background)]);
  });
});
