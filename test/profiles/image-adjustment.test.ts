import { Token } from 'aws-cdk-lib';
import { ImageAdjustment, ImageProfile } from '../../src';
import { ADJUSTMENTS } from '../../src/contract';

const ALL = [
  ImageAdjustment.roundedCorners(16), ImageAdjustment.greyscale(), ImageAdjustment.blur(3), ImageAdjustment.sharpen(0.5),
  ImageAdjustment.extend({ top: 1, left: 2 }), ImageAdjustment.trim(),
];

test('adjustments are rendered in sharp\'s words and order, however they are listed', () => {
  for (const adjustments of [ALL, [...ALL].reverse()]) {
    expect(ImageProfile.of('a', { width: 10, adjustments })._render().adjustments).toEqual([
      { name: 'trim', threshold: 10 },
      { name: 'extend', top: 1, right: 0, bottom: 0, left: 2 },
      { name: 'blur', sigma: 3 },
      { name: 'greyscale' },
      { name: 'sharpen', sigma: 0.5 },
      { name: 'roundedCorners', radius: 16 },
    ]);
  }
  // The watermark has a test of its own, with files.
  expect(ALL.map((each) => each._render().name).sort()).toEqual(ADJUSTMENTS.filter((name) => name !== 'watermark').sort());
});

test('a profile without adjustments has none', () => {
  for (const options of [{ width: 10 }, { width: 10, adjustments: [] }]) expect(ImageProfile.of('a', options)._render()).not.toHaveProperty('adjustments');
});

test.each([0.3, 250])('blur may be %d', (sigma) => expect(ImageAdjustment.blur(sigma)._render()).toEqual({ name: 'blur', sigma }));
test.each([0.1, 10])('sharpen may be %d', (sigma) => expect(ImageAdjustment.sharpen(sigma)._render()).toEqual({ name: 'sharpen', sigma }));

test.each([0, 0.2, 1001, NaN])('fails with blur %d', (sigma) => {
  expect(() => ImageAdjustment.blur(sigma)).toThrow(new Error(`ImageAdjustment.blur: sigma must be a number from 0.3 to 250, received ${sigma}`));
});

test.each([0, 0.05, 11, NaN])('fails with sharpen %d', (sigma) => {
  expect(() => ImageAdjustment.sharpen(sigma)).toThrow(new Error(`ImageAdjustment.sharpen: sigma must be a number from 0.1 to 10, received ${sigma}`));
});

test('fails with an adjustment twice', () => {
  expect(() => ImageProfile.of('a', { width: 10, adjustments: [ImageAdjustment.blur(1), ImageAdjustment.blur(2)] }))
    .toThrow(new Error('ImageProfile.of("a"): adjustments must be different adjustments, received ["blur","blur"]: leave one of them out'));
});

test.each([1, 2048])('corners may have a radius of %d', (radius) => expect(ImageAdjustment.roundedCorners(radius)._render()).toEqual({ name: 'roundedCorners', radius }));

test.each([0, 0.5, 2049, NaN])('fails with a radius of %d', (radius) => {
  expect(() => ImageAdjustment.roundedCorners(radius))
    .toThrow(new Error(`ImageAdjustment.roundedCorners: radius must be a whole number from 1 to 2048 pixels, received ${radius}`));
});

test.each([0, 255])('trim may have a threshold of %d', (threshold) => {
  expect(ImageAdjustment.trim({ threshold, background: '#ff0000' })._render()).toEqual({ name: 'trim', threshold, background: '#ff0000' });
});

test.each([-1, 256, NaN])('fails with a threshold of %d', (threshold) => {
  expect(() => ImageAdjustment.trim({ threshold })).toThrow(new Error(`ImageAdjustment.trim: threshold must be a number from 0 to 255, received ${threshold}`));
});

test('fails with another form of background to trim', () => {
  expect(() => ImageAdjustment.trim({ background: 'white' }))
    .toThrow(new Error('ImageAdjustment.trim: background must be #rrggbb, #rrggbbaa or transparent, received "white"'));
});

test.each([-1, 0.5, 16384])('fails with an edge of %d', (right) => {
  expect(() => ImageAdjustment.extend({ right })).toThrow(new Error(`ImageAdjustment.extend: right must be a whole number from 0 to 16383 pixels, received ${right}`));
});

test.each([{}, { top: 0, left: 0 }])('fails with the edges %j', (options) => {
  expect(() => ImageAdjustment.extend(options)).toThrow(new Error(`ImageAdjustment.extend must be given pixels on at least one side, received ${JSON.stringify(options)}`));
});

test.each([
  [{ width: 16000 }, { left: 200, right: 183 }, undefined],
  [{ width: 16000 }, { left: 200, right: 184 }, 'width with what extend adds must be a whole number from 0 to 16383 pixels, received 16384'],
  [{ height: 16383 }, { bottom: 1 }, 'height with what extend adds must be a whole number from 0 to 16383 pixels, received 16384'],
  [{ scale: 1 }, { top: 16383 }, undefined],
  [{ scale: 1 }, { top: 16383, bottom: 1 }, 'height with what extend adds must be a whole number from 0 to 16383 pixels, received 16384'],
])('a profile of %j with the edges %j is bounded', (size, edges, problem) => {
  const made = () => ImageProfile.of('a', { ...size, adjustments: [ImageAdjustment.extend(edges)] });
  if (problem) expect(made).toThrow(new Error(`ImageProfile.of("a"): ${problem}`));
  else expect(made).not.toThrow();
});

test('values that are known only at deployment are not checked', () => {
  const unknown = Token.asNumber({ Ref: 'Pixels' });
  const { extend, roundedCorners, trim } = ImageAdjustment;
  const adjustments = [extend({ top: unknown }), roundedCorners(unknown), trim({ threshold: unknown })];
  expect(ImageProfile.of('a', { width: 16383, adjustments })._render().adjustments).toHaveLength(3);
});
