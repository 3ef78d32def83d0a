import { ImageAdjustment, ImageProfile } from '../../src';
import { ADJUSTMENTS } from '../../src/contract';

const ALL = [ImageAdjustment.greyscale(), ImageAdjustment.blur(3), ImageAdjustment.sharpen(0.5)];

test('adjustments are rendered in sharp\'s words', () => {
  expect(ImageProfile.of('a', { width: 10, adjustments: ALL })._render().adjustments)
    .toEqual([{ name: 'greyscale' }, { name: 'blur', sigma: 3 }, { name: 'sharpen', sigma: 0.5 }]);
  expect(ALL.map((each) => each._render().name).sort()).toEqual([...ADJUSTMENTS].sort());
});

test('a profile without adjustments has none', () => {
  for (const options of [{ width: 10 }, { width: 10, adjustments: [] }]) expect(ImageProfile.of('a', options)._render()).not.toHaveProperty('adjustments');
});

test.each([0.3, 1000])('blur may be %d', (sigma) => expect(ImageAdjustment.blur(sigma)._render().sigma).toBe(sigma));
test.each([0.1, 10])('sharpen may be %d', (sigma) => expect(ImageAdjustment.sharpen(sigma)._render().sigma).toBe(sigma));

test.each([0, 0.2, 1001, NaN])('fails with blur %d', (sigma) => {
  expect(() => ImageAdjustment.blur(sigma)).toThrow(new Error(`ImageAdjustment.blur: sigma must be a number from 0.3 to 1000, received ${sigma}`));
});

test.each([0, 0.05, 11, NaN])('fails with sharpen %d', (sigma) => {
  expect(() => ImageAdjustment.sharpen(sigma)).toThrow(new Error(`ImageAdjustment.sharpen: sigma must be a number from 0.1 to 10, received ${sigma}`));
});

test('fails with an adjustment twice', () => {
  expect(() => ImageProfile.of('a', { width: 10, adjustments: [ImageAdjustment.blur(1), ImageAdjustment.blur(2)] }))
    .toThrow(new Error('ImageProfile.of("a"): adjustments must be different adjustments, received ["blur","blur"]: leave one of them out'));
});
