import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { FITS } from '../../../../src/contract';
import { plan, probe, render } from '../../../../src/lambda/resize/image';
import { alphaRamp, open, orientedJpeg, photo, quadrants, RED, GREEN, BLUE, WHITE, RawImage, solid } from '../../../helpers/images';
import { pixelAt, processing, profile, renditionOf, renditionsOf } from '../../../helpers/renditions';

const near = (colour: readonly number[]) => colour.map((channel) => expect.closeTo(channel, -1.3));

describe('each rendition', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('is %s of the planned size', async (format) => {
    const image = await open(photo(160, 120)).jpeg().toBuffer();
    for (const fit of FITS) {
      const config = processing();
      const probed = await probe(image, config);
      const [planned] = plan(probed, [profile({ width: 64, height: 40, fit, formats: [format] })], config);
      const metadata = await sharp(await renditionOf(image, { width: 64, height: 40, fit, formats: [format] })).metadata();
      expect(metadata).toMatchObject({ format: format === 'avif' ? 'heif' : format, width: planned.width, height: planned.height });
    }
  });

  test('is of the planned size from every input, alone and beside others', async () => {
    const boxes = FITS.flatMap((fit) => [false, true].map((enlarge) => ({ name: `${fit}-${enlarge}`, width: 50, height: 70, fit, enlarge, formats: ['png'] as const })));
    for (const [width, height] of [[123, 45], [45, 123], [30, 20], [50, 70], [2, 200]]) {
      const image = await open(photo(width, height)).jpeg().toBuffer();
      const config = processing();
      const planned = plan(await probe(image, config), boxes.map(profile), config);
      const made = await renditionsOf(image, boxes);
      for (const { name, width: plannedWidth, height: plannedHeight } of planned) {
        const { width: madeWidth, height: madeHeight } = await sharp(made[name]).metadata();
        expect([name, width, height, madeWidth, madeHeight]).toEqual([name, width, height, plannedWidth, plannedHeight]);
      }
    }
  });

  test.each([
    [104, 59, { width: 33 }, [33, 19]],
    [351, 1096, { scale: 0.0938 }, [33, 103]],
    [1078, 407, { width: 76 }, [76, 29]],
  ] as const)('is of the planned size although JPEG decoders shrink %ix%i to whole pixels first', async (width, height, spec, planned) => {
    const made = await renditionOf(await open(solid(width, height, RED)).jpeg().toBuffer(), { ...spec, formats: ['png'] });
    const { width: madeWidth, height: madeHeight } = await sharp(made).metadata();
    expect([madeWidth, madeHeight]).toEqual(planned);
  });

  test('is what its content says, whatever its name', async () => {
    const png = await open(photo(20, 20)).png().toBuffer();
    expect(await sharp(await renditionOf(png, { formats: ['original'] })).metadata()).toMatchObject({ format: 'png' });
  });

  test('takes the options of its encoder', async () => {
    const image = await open(photo(200, 200)).png().toBuffer();
    const [low, high] = await Promise.all([20, 95].map(async (quality) => renditionOf(image, { formats: [{ format: 'jpeg', options: { quality } }] })));
    expect(low.length).toBeLessThan(high.length / 2);
    expect(await sharp(await renditionOf(image, { formats: [{ format: 'jpeg', options: { progressive: true } }] })).metadata()).toMatchObject({ isProgressive: true });
    expect(await sharp(await renditionOf(image, { formats: [{ format: 'jpeg', options: { chromaSubsampling: '4:4:4' } }] })).metadata()).toMatchObject({ chromaSubsampling: '4:4:4' });
    expect(await sharp(await renditionOf(image, { formats: [{ format: 'png', options: { palette: true } }] })).metadata()).toMatchObject({ isPalette: true });
    expect(await sharp(await renditionOf(image, { formats: [{ format: 'tiff', options: { compression: 'lzw' } }] })).metadata()).toMatchObject({ format: 'tiff' });
  });

  test('of a PNG in its original format is no palette because a quality was given', async () => {
    const image = await open(photo(50, 50)).png().toBuffer();
    expect(await sharp(await renditionOf(image, { formats: [{ format: 'original', options: { quality: 60 } }] })).metadata()).toMatchObject({ isPalette: false });
  });
});

describe('orientation', () => {
  const upright = quadrants(80, 48);
  const corners = async (image: Buffer, width: number, height: number) => Promise.all([
    pixelAt(image, 3, 3), pixelAt(image, width - 4, 3), pixelAt(image, 3, height - 4), pixelAt(image, width - 4, height - 4),
  ]);

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i comes out upright, from the source and from shared pixels', async (orientation) => {
    const image = await orientedJpeg(upright, orientation);
    const size = { width: 40, height: 24, formats: ['png'] as const };
    const made = [await renditionOf(image, size), ...Object.values(await renditionsOf(image, [{ name: 'a', ...size }, { name: 'b', width: 60 }]))];
    for (const rendition of made) {
      const { width, height, orientation: tag } = await sharp(rendition).metadata();
      expect(width! / height!).toBeCloseTo(80 / 48, 1);
      expect(tag).toBeUndefined();
      expect(await corners(rendition, width!, height!)).toEqual([RED, GREEN, BLUE, WHITE].map(near));
    }
  });

  test.each([3, 6, 7])('%i is applied before cropping', async (orientation) => {
    const image = await orientedJpeg(upright, orientation);
    const left = { width: 24, height: 24, fit: 'cover', position: 'left', formats: ['png'] } as const;
    const shared = await renditionsOf(image, [{ name: 'a', ...left }, { name: 'b', ...left, width: 12 }]);
    const made = [await renditionOf(image, left), ...Object.values(shared)];
    for (const rendition of made) {
      expect(await pixelAt(rendition, 3, 3)).toEqual(near(RED));
      expect(await pixelAt(rendition, 3, 20)).toEqual(near(BLUE));
    }
  });
});

describe('alpha', () => {
  const ramp = async () => open(alphaRamp(64, 16)).png().toBuffer();

  test.each(['png', 'webp', 'avif', 'gif'] as const)('is kept by %s', async (format) => {
    const image = await renditionOf(await ramp(), { formats: [format] });
    expect(await sharp(image).metadata()).toMatchObject({ hasAlpha: true });
    expect((await pixelAt(image, 0, 8))[3]).toBeLessThan(10);
    expect((await pixelAt(image, 63, 8))[3]).toBeGreaterThan(245);
  });

  test.each([
    ['jpeg', '#ffffff', [255, 255, 255]],
    ['jpeg', '#00ff00', [0, 255, 0]],
    ['jpeg', 'transparent', [255, 255, 255]],
    ['tiff', '#0000ff', [0, 0, 255]],
  ] as const)('is flattened by %s on %s', async (format, background, colour) => {
    const one = { name: 'one', width: 64, background, formats: [{ format, options: { quality: 95 } }] };
    const shared = await renditionsOf(await ramp(), [one, { name: 'other', width: 60 }]);
    for (const image of [await renditionOf(await ramp(), one), shared[`one.${format}`]]) {
      expect((await sharp(image).metadata()).hasAlpha).toBe(false);
      expect(await pixelAt(image, 0, 8)).toEqual(near(colour));
      expect(await pixelAt(image, 63, 8)).toEqual(near([200, 40, 40]));
    }
  });

  test('does not bleed the colour of what is transparent', async () => {
    const half: RawImage = { ...solid(40, 40, [0, 0, 0, 0]) };
    for (let at = 0; at < half.data.length; at += 4) if ((at / 4) % 40 >= 20) half.data.set([255, 255, 255, 255], at);
    const image = await renditionOf(await open(half).png().toBuffer(), { width: 13, formats: ['png'] });
    const { data } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 20) expect(data[at]).toBeGreaterThan(240);
  });

  test.each([
    ['png', '#00ff00', [0, 255, 0]],
    ['png', 'transparent', [0, 0, 0, 0]],
    ['webp', 'transparent', [0, 0, 0, 0]],
    ['jpeg', 'transparent', [255, 255, 255]],
    ['jpeg', '#0000ff', [0, 0, 255]],
  ] as const)('contain pads %s with %s', async (format, background, colour) => {
    const image = await open(solid(60, 20, RED)).png().toBuffer();
    const made = await renditionsOf(image, [60, 40].map((side) => ({ name: `s${side}`, width: side, height: side, fit: 'contain', background, formats: [format] })));
    expect(await pixelAt(made[`s60.${format}`], 30, 4)).toEqual(near(colour));
    expect((await pixelAt(made[`s60.${format}`], 30, 30)).slice(0, 3)).toEqual(near(RED));
    expect(await pixelAt(made[`s40.${format}`], 20, 38)).toEqual(near(colour));
  });
});

describe('delivery', () => {
  const image = async () => open(photo(200, 150)).jpeg().toBuffer();
  const profiles = (count: number) => Array.from({ length: count }, (_, index) => profile({ name: `p${index}`, width: 20 + index * 10 }));

  test('hands over each rendition once', async () => {
    const data = await image();
    const probed = await probe(data, processing());
    const taken: string[] = [];
    await render(data, probed, plan(probed, profiles(9), processing()), {
      processing: processing(),
      onRendition: async ({ name }) => { taken.push(name); },
    });
    expect(taken.sort()).toEqual(profiles(9).map(({ name }) => `${name}.jpeg`));
  });

  test('goes on encoding while renditions are being taken, a few at a time', async () => {
    const data = await image();
    const probed = await probe(data, processing());
    let [active, most] = [0, 0];
    await render(data, probed, plan(probed, profiles(9), processing()), {
      processing: processing(),
      onRendition: async () => {
        most = Math.max(most, active += 1);
        await sleep(30);
        active -= 1;
      },
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('throws what the taker throws, begins no more and leaves none under way', async () => {
    const data = await image();
    const probed = await probe(data, processing());
    let [begun, ended] = [0, 0];
    const failing = render(data, probed, plan(probed, profiles(12), processing()), {
      processing: processing(),
      onRendition: async () => {
        begun += 1;
        await sleep(20);
        ended += 1;
        throw new Error('no space in the bucket');
      },
    });
    await expect(failing).rejects.toThrow('no space in the bucket');
    expect(begun).toBe(ended);
    expect(begun).toBeLessThanOrEqual(5);
  });

  test('encodes once what comes out the same', async () => {
    const data = await image();
    const probed = await probe(data, processing());
    const boxes = [{ name: 'a', width: 5000 }, { name: 'b', width: 9000 }, { name: 'c', width: 20 }, { name: 'd', width: 5000, fit: 'cover' as const }];
    const encoded = new Map<string, Buffer>();
    await render(data, probed, plan(probed, boxes.map(profile), processing()), {
      processing: processing(), onRendition: async ({ name }, bytes) => { encoded.set(name, bytes); },
    });
    expect([...encoded.keys()].sort()).toEqual(['a.jpeg', 'b.jpeg', 'c.jpeg', 'd.jpeg']);
    expect(encoded.get('b.jpeg')).toBe(encoded.get('a.jpeg'));
    expect(encoded.get('d.jpeg')).toBe(encoded.get('a.jpeg'));
    expect(encoded.get('c.jpeg')).not.toBe(encoded.get('a.jpeg'));
  });

  test('of nothing is done at once', async () => {
    const data = await image();
    const onRendition = jest.fn();
    await render(data, await probe(data, processing()), [], { processing: processing(), onRendition });
    expect(onRendition).not.toHaveBeenCalled();
  });
});
