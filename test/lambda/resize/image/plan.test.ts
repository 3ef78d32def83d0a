import sharp from 'sharp';
import { FITS } from '../../../../src/contract';
import { plan, Probe, probe } from '../../../../src/lambda/resize/image';
import { geometry } from '../../../../src/lambda/resize/image/geometry';
import { open, solid } from '../../../helpers/images';
import { processing, profile, ProfileSpec } from '../../../helpers/renditions';

const image = (width: number, height: number, changes: Partial<Probe> = {}): Probe => ({
  format: 'jpeg', width, height, frames: 1, animated: false, orientation: 1, alpha: false, space: 'srgb', credits: {}, ...changes,
});
const planned = (source: Probe, spec: ProfileSpec, changes = {}) => plan(source, [profile(spec)], processing(changes));
const sizeOf = (source: Probe, spec: ProfileSpec) => {
  const [{ width, height }] = planned(source, spec);
  return [width, height];
};

describe('sizes', () => {
  test.each([
    // input, fit, box, enlarge, expected
    [[6000, 4000], 'inside', [1600, 1600], false, [1600, 1067]],
    [[4000, 6000], 'inside', [1600, 1600], false, [1067, 1600]],
    [[6000, 4000], 'outside', [1600, 1600], false, [2400, 1600]],
    [[6000, 4000], 'cover', [400, 400], false, [400, 400]],
    [[6000, 4000], 'contain', [400, 400], false, [400, 400]],
    [[6000, 4000], 'fill', [400, 300], false, [400, 300]],
    [[100, 50], 'inside', [400, 400], false, [100, 50]],
    [[100, 50], 'inside', [400, 400], true, [400, 200]],
    [[100, 50], 'outside', [400, 400], true, [800, 400]],
    [[100, 300], 'cover', [200, 200], false, [100, 200]],
    [[100, 300], 'cover', [200, 200], true, [200, 200]],
    [[100, 50], 'contain', [200, 200], false, [200, 200]],
    [[100, 300], 'fill', [200, 200], false, [100, 200]],
    [[100, 300], 'fill', [200, 200], true, [200, 200]],
    [[5000, 3], 'inside', [100, 100], false, [100, 1]],
  ] as const)('%j %s in %j, enlarge %j, gives %j', ([width, height], fit, [boxWidth, boxHeight], enlarge, expected) => {
    expect(sizeOf(image(width, height), { width: boxWidth, height: boxHeight, fit, enlarge })).toEqual(expected);
  });

  test.each([
    [[6000, 4000], { width: 200 }, [200, 133]],
    [[6000, 4000], { height: 200 }, [300, 200]],
    [[100, 50], { width: 200 }, [100, 50]],
    [[100, 50], { width: 200, fit: 'contain' }, [200, 50]],
    [[100, 50], { width: 50, fit: 'fill' }, [50, 50]],
  ] as const)('%j with one side, %j, gives %j', ([width, height], spec, expected) => {
    expect(sizeOf(image(width, height), spec)).toEqual(expected);
  });

  test.each([
    [[101, 51], 0.5, false, [51, 26]],
    [[5, 3], 0.1, false, [1, 1]],
    [[7, 7], 0.01, false, [1, 1]],
    [[100, 50], 1, false, [100, 50]],
    [[100, 50], 2, false, [100, 50]],
    [[100, 50], 2, true, [200, 100]],
  ] as const)('%j scaled by %j, enlarge %j, gives %j', ([width, height], scale, enlarge, expected) => {
    expect(sizeOf(image(width, height), { scale, enlarge })).toEqual(expected);
  });

  test('are those of sharp', async () => {
    // Sides that never give exact halves, which sharp rounds by chance.
    const sides = [17, 97, 211];
    const boxes = [{ width: 50, height: 80 }, { width: 120, height: 30 }, { width: 64 }, { height: 150 }];
    for (const [width, height] of sides.flatMap((one) => sides.map((other) => [one, other]))) {
      const input = await open(solid(width, height, [9, 9, 9])).png({ compressionLevel: 1 }).toBuffer();
      for (const box of boxes) {
        for (const fit of FITS) {
          for (const enlarge of [false, true]) {
            const { info } = await sharp(input).resize({ ...box, fit, withoutEnlargement: !enlarge }).raw().toBuffer({ resolveWithObject: true });
            expect({ width, height, box, fit, enlarge, is: sizeOf(image(width, height), { ...box, fit, enlarge }) })
              .toEqual({ width, height, box, fit, enlarge, is: [info.width, info.height] });
          }
        }
      }
    }
  });
});

describe('positions', () => {
  test.each([
    ['centre', { left: 51, top: 0 }],
    ['left', { left: 0, top: 0 }],
    ['west', { left: 0, top: 0 }],
    ['right', { left: 101, top: 0 }],
    ['right bottom', { left: 101, top: 0 }],
    ['southeast', { left: 101, top: 0 }],
  ])('%s of a wide image is cropped as sharp crops', (position, crop) => {
    expect(geometry({ width: 301, height: 200 }, profile({ width: 200, height: 200, fit: 'cover', position }))).toMatchObject({ scaled: { width: 301, height: 200 }, crop });
  });

  test.each([
    ['centre', { left: 0, top: 49 }],
    ['top', { left: 0, top: 0 }],
    ['bottom', { left: 0, top: 99 }],
  ])('%s of a padded image is where sharp puts it', (position, pad) => {
    expect(geometry({ width: 200, height: 101 }, profile({ width: 200, height: 200, fit: 'contain', position }))).toMatchObject({ scaled: { width: 200, height: 101 }, pad });
  });

  test.each(['attention', 'entropy'])('%s is left to the pixels', (position) => {
    expect(geometry({ width: 300, height: 200 }, profile({ width: 200, height: 200, fit: 'cover', position })).crop).toBe(position);
  });

  const focal = (x: number, y: number) => geometry({ width: 600, height: 300 }, profile({ width: 100, height: 100, fit: 'cover', position: 'focal-point' }), { x, y }).crop;

  test.each([
    ['in the middle', 0.5, 0.5, { left: 50, top: 0 }],
    ['a quarter from the left', 0.25, 0.9, { left: 0, top: 0 }],
    ['between', 0.4, 0, { left: 30, top: 0 }],
    ['at the right edge', 1, 1, { left: 100, top: 0 }],
  ])('a focal point %s is in the middle of the crop, or as near as it can be', (_, x, y, crop) => {
    expect(focal(x, y)).toEqual(crop);
  });

  test('without a focal point the pixels decide as by attention', () => {
    expect(geometry({ width: 300, height: 200 }, profile({ width: 200, height: 200, fit: 'cover', position: 'focal-point' })).crop).toBe('attention');
  });

  test('nothing is cropped where nothing is over', () => {
    expect(geometry({ width: 300, height: 200 }, profile({ width: 150, height: 100, fit: 'cover', position: 'attention' })).crop).toBeUndefined();
  });
});

describe('formats', () => {
  test.each([
    ['jpeg', 'jpg', 'image/jpeg'],
    ['png', 'png', 'image/png'],
    ['webp', 'webp', 'image/webp'],
    ['avif', 'avif', 'image/avif'],
    ['gif', 'gif', 'image/gif'],
    ['tiff', 'tiff', 'image/tiff'],
  ] as const)('%s has extension %s and content type %s', (format, extension, contentType) => {
    expect(planned(image(10, 10), { formats: [format] })).toEqual([expect.objectContaining({ name: `test.${format}`, format, extension, contentType })]);
  });

  test('each profile gives each of its formats, in order', () => {
    const profiles = [profile({ name: 'a', formats: ['jpeg', 'webp'] }), profile({ name: 'b', formats: ['original'] })];
    expect(plan(image(10, 10, { format: 'png' }), profiles, processing()).map(({ name, format }) => [name, format]))
      .toEqual([['a.jpeg', 'jpeg'], ['a.webp', 'webp'], ['b.original', 'png']]);
  });

  test.each([
    ['jpeg', '', 'jpeg', 'jpg'],
    ['jpeg', 'JPEG', 'jpeg', 'JPEG'],
    ['jpeg', 'png', 'jpeg', 'jpg'],
    ['tiff', 'tif', 'tiff', 'tif'],
    ['svg', 'svg', 'png', 'png'],
    ['gif', 'gif', 'gif', 'gif'],
  ] as const)('original of %s with key extension %j is %s with extension %s', (input, sourceExtension, format, extension) => {
    const [rendition] = plan(image(10, 10, { format: input }), [profile({ formats: ['original'] })], processing(), { sourceExtension });
    expect(rendition).toMatchObject({ name: 'test.original', format, extension });
  });

  test('a configured format has its own extension whatever the key says', () => {
    expect(plan(image(10, 10), [profile()], processing(), { sourceExtension: 'jpeg' })[0].extension).toBe('jpg');
  });

  test('original passes on only what the encoder of the input knows', () => {
    const formats = [{ format: 'original', options: { quality: 60 } }] as const;
    expect(planned(image(10, 10, { format: 'webp' }), { formats })[0].options).toEqual({ quality: 60 });
    // sharp would take it as a wish for a palette.
    expect(planned(image(10, 10, { format: 'png' }), { formats })[0].options).toEqual({});
  });

  test('a JPEG of many pixels is coded in one pass, which takes less time and memory', () => {
    expect(planned(image(6000, 4000), { scale: 1 })[0].options).toEqual({ optimiseCoding: false });
    expect(planned(image(6000, 4000), { scale: 0.1 })[0].options).toEqual({});
  });

  test('options take precedence over the defaults', () => {
    expect(planned(image(10, 10), { formats: ['avif'] })[0].options).toEqual({ effort: 3 });
    expect(planned(image(10, 10), { formats: [{ format: 'avif', options: { effort: 5, quality: 40 } }] })[0].options).toEqual({ effort: 5, quality: 40 });
  });
});

describe('frames', () => {
  const animated = image(10, 10, { format: 'gif', frames: 5, animated: true });

  test('are kept by formats that hold animation', () => {
    expect(planned(animated, { formats: ['gif', 'webp', 'original'] }).map(({ frames }) => frames)).toEqual([5, 5, 5]);
  });

  test('are one for other formats and for images that are no animation', () => {
    expect(planned(animated, { formats: ['jpeg', 'png', 'avif', 'tiff'] }).map(({ frames }) => frames)).toEqual([1, 1, 1, 1]);
    expect(planned({ ...animated, animated: false }, { formats: ['gif'] })[0].frames).toBe(1);
  });
});

describe('background', () => {
  test.each([
    ['#0a141e', 'png', { r: 10, g: 20, b: 30, alpha: 1 }],
    ['transparent', 'png', { r: 0, g: 0, b: 0, alpha: 0 }],
    ['transparent', 'jpeg', { r: 255, g: 255, b: 255, alpha: 1 }],
    ['#ff000080', 'jpeg', { r: 255, g: 127, b: 127, alpha: 1 }],
    ['transparent', 'tiff', { r: 255, g: 255, b: 255, alpha: 1 }],
  ] as const)('%s for %s', (background, format, expected) => {
    expect(planned(image(10, 10), { background, formats: [format] })[0].background).toEqual(expected);
  });

  test('fails for a colour of another form', () => {
    expect(() => planned(image(10, 10), { background: 'red' })).toThrow('expected #rrggbb, #rrggbbaa or transparent for background, received "red"');
  });
});

describe('fails as TOO_LARGE', () => {
  test.each([
    ['webp', 16_383, 16_384],
    ['avif', 16_384, 16_385],
    ['jpeg', 65_500, 65_501],
    ['gif', 65_535, 65_536],
    ['tiff', 65_500, 65_501],
  ] as const)('when %s cannot hold a side', (format, most, over) => {
    expect(() => planned(image(most, 10), { scale: 1, formats: [format] })).not.toThrow();
    expect(() => planned(image(over, 10), { scale: 1, formats: [format] }))
      .toThrow(expect.objectContaining({ code: 'TOO_LARGE', detail: `expected at most ${most} pixels on a side of ${format} rendition test.${format}, received ${over}x10` }));
  });

  test.each([
    ['enlarging', { scale: 4, enlarge: true }],
    ['covering a box with a thin image', { width: 2000, height: 2000, fit: 'cover', enlarge: true }],
    ['padding', { width: 16_000, height: 16_000, fit: 'contain' }],
  ] as const)('when %s takes more pixels than an input may have', (_, spec) => {
    expect(() => planned(image(8000, 10), { ...spec, formats: ['png'] }, { maxInputPixels: 1_000_000 })).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });
});

test('the plan of a probed image is the same as that of its facts', async () => {
  const probed = await probe(await open(solid(30, 20, [1, 2, 3])).jpeg().toBuffer(), processing());
  expect(sizeOf(probed, { width: 10, height: 10 })).toEqual(sizeOf(image(30, 20), { width: 10, height: 10 }));
});
