import { Probe, probe } from '../../../../src/lambda/resize/image';
import { ftyp, gifBomb, jpegBomb, pngBomb, tiffHeader, webpBomb } from '../../../helpers/headers';
import {
  alphaRamp, animation, cmykJpeg, multiPageTiff, open, orientedJpeg, photo, png16, quadrants, solid, trafficLight,
} from '../../../helpers/images';
import { processing } from '../../../helpers/renditions';

const probed = async (image: Buffer, changes = {}): Promise<Probe> => probe(image, processing(changes));

describe('what a header tells', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('size and format of %s', async (format) => {
    const image = await open(photo(64, 48)).toFormat(format).toBuffer();
    expect(await probed(image)).toMatchObject({ format, width: 64, height: 48, frames: 1, animated: false });
  });

  test.each([[1, 60, 40], [2, 60, 40], [3, 60, 40], [4, 60, 40], [5, 60, 40], [6, 60, 40], [7, 60, 40], [8, 60, 40]])('the upright size at orientation %i', async (orientation, width, height) => {
    expect(await probed(await orientedJpeg(quadrants(60, 40), orientation))).toMatchObject({ width, height, orientation });
  });

  test.each(['gif', 'webp'] as const)('frames, delays and loop of an animated %s, with the size of one frame', async (format) => {
    const image = await animation(format, trafficLight(40, 30), { delay: [100, 200, 300], loop: 2 });
    expect(await probed(image)).toMatchObject({ width: 40, height: 30, frames: 3, animated: true, delay: [100, 200, 300], loop: 2 });
  });

  test('frames are not an animation when animation is off', async () => {
    expect(await probed(await animation('gif', trafficLight(40, 30)), { animation: false })).toMatchObject({ frames: 3, animated: false });
  });

  test('pages of a TIFF, which is no animation', async () => {
    const image = await multiPageTiff([solid(20, 10, [9, 9, 9]), solid(20, 10, [90, 90, 90])]);
    expect(await probed(image)).toMatchObject({ width: 20, height: 10, frames: 2, animated: false });
  });

  test('alpha', async () => {
    expect(await probed(await open(alphaRamp(16, 16)).png().toBuffer())).toMatchObject({ alpha: true });
    expect(await probed(await open(alphaRamp(16, 16)).png({ palette: true }).toBuffer())).toMatchObject({ alpha: true });
    expect(await probed(await open(photo(16, 16)).png().toBuffer())).toMatchObject({ alpha: false });
  });

  test('colour space, bit depth and profile', async () => {
    expect(await probed(await open(photo(16, 16)).jpeg().toBuffer())).toMatchObject({ space: 'srgb' });
    expect(await probed(await png16(photo(16, 16), 'p3'))).toMatchObject({ space: 'rgb16', profile: 'RGB' });
    expect(await probed(await cmykJpeg(photo(16, 16), { profile: true }))).toMatchObject({ space: 'cmyk', profile: 'CMYK' });
  });

  test('the credits of its EXIF', async () => {
    const image = await open(photo(16, 16)).withExif({ IFD0: { Copyright: '2024 Somebody', Artist: 'A. Nyone', Make: 'Camera' } }).jpeg().toBuffer();
    expect((await probed(image)).credits).toEqual({ Copyright: '2024 Somebody', Artist: 'A. Nyone' });
  });
});

describe('fails as UNSUPPORTED_FORMAT', () => {
  test.each([
    ['HEIC', ftyp('heic', 'mif1'), /^HEIC content cannot be read: expected jpeg, png, webp, avif, gif or tiff$/],
    ['camera raw', tiffHeader({ 50706: 1 }), /^camera raw \(DNG\) content cannot be read/],
    ['text', Buffer.from('<html></html>'), /^expected jpeg, .* or tiff, received content that begins with the bytes 3c68746d6c3e3c2f$/],
    ['nothing', Buffer.alloc(0), /received no content$/],
    ['SVG that is not accepted', Buffer.from('<svg width="1" height="1"/>'), /^SVG content is not accepted/],
  ])('for %s, naming it', async (_, data, message) => {
    await expect(probed(data)).rejects.toMatchObject({ name: 'PermanentError', code: 'UNSUPPORTED_FORMAT', detail: expect.stringMatching(message) });
  });

  test('for more channels than an image has', async () => {
    const image = await open(photo(8, 8)).joinChannel([0, 1, 2].map(() => Buffer.alloc(64)), { raw: { width: 8, height: 8, channels: 1 } }).tiff({ compression: 'none' }).toBuffer();
    await expect(probed(image)).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
  });
});

describe('fails as TOO_LARGE before any pixel is decoded', () => {
  test.each([
    ['PNG', async () => pngBomb(30_000, 30_000), '30000x30000 pixels (900000000)'],
    ['GIF', async () => gifBomb(30_000, 30_000), '30000x30000 pixels (900000000)'],
    ['WebP', async () => webpBomb(16_000, 16_000), '16000x16000 pixels (256000000)'],
    ['JPEG', async () => jpegBomb(await open(photo(16, 16)).jpeg().toBuffer(), 30_000, 30_000), '30000x30000 pixels (900000000)'],
    ['SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>'), '20000x20000 pixels (400000000)'],
  ])('%s bomb, with the numbers', async (_, bomb, size) => {
    const image = await bomb();
    const before = process.memoryUsage().rss;
    await expect(probed(image, { acceptSvg: true })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      detail: `expected at most 100000000 pixels, received ${size}`,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('at one pixel more than allowed', async () => {
    const image = await open(solid(10, 10, [1, 2, 3])).png().toBuffer();
    await expect(probed(image, { maxInputPixels: 100 })).resolves.toBeDefined();
    await expect(probed(image, { maxInputPixels: 99 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('but not for frames, which are decoded for animations alone', async () => {
    await expect(probed(gifBomb(2000, 2000, 40))).resolves.toMatchObject({ frames: 40, animated: true });
    await expect(probed(gifBomb(2000, 2000, 40), { animation: false })).resolves.toMatchObject({ frames: 40, animated: false });
  });
});

describe('fails as CORRUPT_IMAGE', () => {
  test.each([
    ['a PNG that ends in its header', async () => (await open(photo(16, 16)).png().toBuffer()).subarray(0, 20)],
    ['a JPEG of two bytes more than its mark', async () => Buffer.from('\xff\xd8\xff\xe0\x00', 'latin1')],
    ['a TIFF without image', async () => tiffHeader({ 256: 5 })],
    ['an AVIF of its first box', async () => ftyp('avif', 'mif1')],
    ['an SVG that does not end', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect')],
    ['a GIF cut within its first frame', async () => (await open(photo(60, 40)).gif().toBuffer()).subarray(0, -60)],
  ])('for %s', async (_, make) => {
    await expect(probed(await make(), { acceptSvg: true })).rejects.toMatchObject({ code: 'CORRUPT_IMAGE', detail: expect.stringMatching(/^the \w+ image cannot be decoded: \S/) });
  });

  test('but not for a GIF that only lacks its trailer', async () => {
    const image = await animation('gif', trafficLight(60, 40));
    await expect(probed(image.subarray(0, -1))).resolves.toMatchObject({ frames: 3 });
  });
});
