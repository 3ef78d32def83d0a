import sharp from 'sharp';
import { open, paint, photo } from '../../../helpers/images';
import { renditionOf } from '../../../helpers/renditions';

const pixels = async (image: Buffer) => sharp(image).raw().toBuffer();

describe.each([['plain', {}], ['interlaced', { progressive: true }], ['with a palette', { palette: true }]] as const)('a PNG, %s,', (_, options) => {
  const png = async () => open(photo(200, 150)).png(options).toBuffer();

  test('with a wrong checksum of its pixels\' chunk is whole', async () => {
    const image = await png();
    const damaged = Buffer.from(image);
    damaged[image.length - 14] += 1;
    expect(await pixels(await renditionOf(damaged, { scale: 1, formats: ['png'] }))).toEqual(await pixels(await renditionOf(image, { scale: 1, formats: ['png'] })));
  });

  test('fails as CORRUPT_IMAGE when its pixels do not unpack, or not all', async () => {
    const image = await png();
    const middle = Math.floor(image.length / 2);
    const damaged = Buffer.from(image).fill(0x55, middle, middle + 100);
    for (const broken of [damaged, image.subarray(0, middle), image.subarray(0, image.length - 60)]) {
      await expect(renditionOf(broken, { width: 50 })).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
    }
  });
});

describe('a PNG with a palette', () => {
  const screen = paint(400, 300, (x, y) => ((x % 40 < 3 || y % 30 < 2) ? [40, 40, 60] : x < 200 ? [240, 240, 245] : [80, 150, 220]));

  test('keeps one as original(), in a size like its own', async () => {
    const image = await open(screen).png({ palette: true }).toBuffer();
    const made = await renditionOf(image, { width: 200, formats: ['original'] });
    expect(await sharp(made).metadata()).toMatchObject({ format: 'png', width: 200, isPalette: true });
    expect(made.length).toBeLessThan((await renditionOf(image, { width: 200, formats: ['png'] })).length);
  });

  test('has none as original() where that is smaller, unless it is asked for', async () => {
    // More colours than pixels save bytes by sharing them.
    const image = await open(paint(20, 12, (x, y) => [x * 12, y * 20, 255 - x * 12])).png({ palette: true }).toBuffer();
    const original = async (options = {}) => renditionOf(image, { scale: 0.5, formats: [{ format: 'original', options }] });
    const [made, asked, none] = [await original(), await original({ palette: true }), await original({ palette: false })];
    expect(none.length).toBeLessThan(asked.length);
    expect(made).toEqual(none);
    expect((await sharp(asked).metadata()).isPalette).toBe(true);
  });

  test.each([
    ['png()', true, 'png' as const],
    ['original() that asks for none', true, { format: 'original' as const, options: { palette: false } }],
    ['original() of a PNG without one', false, 'original' as const],
  ])('has none as %s', async (_, palette, format) => {
    const image = await open(screen).png({ palette }).toBuffer();
    expect((await sharp(await renditionOf(image, { width: 200, formats: [format] })).metadata()).isPalette ?? false).toBe(false);
  });
});
