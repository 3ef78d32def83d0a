import sharp from 'sharp';
import { EncodedFormat } from '../../../../src/contract';
import { distinguish } from '../../../../src/lambda/resize/image';
import { open, photo } from '../../../helpers/images';

const MARK = Buffer.from('0123456789abcdef', 'hex');

async function encoded(format: EncodedFormat, alpha: boolean): Promise<Buffer> {
  const image = open(photo(64, 48));
  return (alpha ? image.ensureAlpha(0.5) : image).withIccProfile('srgb')[format]().toBuffer();
}

const animation = () => sharp({ create: { width: 20, height: 30, pageHeight: 10, channels: 3, background: '#ff0000', noise: { type: 'gaussian', mean: 120, sigma: 40 } } });

const IMAGES: readonly [string, EncodedFormat, () => Promise<Buffer>][] = [
  ['JPEG', 'jpeg', () => encoded('jpeg', false)],
  ['bare JPEG', 'jpeg', () => open(photo(64, 48)).jpeg().toBuffer()],
  ['progressive JPEG', 'jpeg', () => open(photo(64, 48)).jpeg({ progressive: true }).toBuffer()],
  ['PNG', 'png', () => encoded('png', true)],
  ['palette PNG', 'png', () => open(photo(64, 48)).png({ palette: true }).toBuffer()],
  ['simple WebP', 'webp', () => open(photo(63, 47)).webp().toBuffer()],
  ['lossless WebP', 'webp', () => open(photo(64, 48)).webp({ lossless: true }).toBuffer()],
  ['extended WebP', 'webp', () => encoded('webp', true)],
  ['animated WebP', 'webp', () => animation().webp({ loop: 0 }).toBuffer()],
  ['AVIF', 'avif', () => encoded('avif', true)],
  ['GIF', 'gif', () => open(photo(64, 48)).gif().toBuffer()],
  ['animated GIF', 'gif', () => animation().gif({ loop: 0 }).toBuffer()],
  ['TIFF', 'tiff', () => encoded('tiff', true)],
];

test.each(IMAGES)('a marked %s has other bytes and the same pixels', async (_, format, make) => {
  const image = await make();
  const marked = distinguish(image, format, MARK);

  expect(marked.length - image.length).toBeGreaterThanOrEqual(MARK.length);
  expect(marked.length - image.length).toBeLessThanOrEqual(MARK.length + 12);
  const raw = (data: Buffer) => sharp(data, { animated: true, failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  const [before, after] = await Promise.all([raw(image), raw(marked)]);
  expect(after.info).toEqual(before.info);
  expect(after.data.equals(before.data)).toBe(true);
  const [metadata, markedMetadata] = await Promise.all([sharp(image).metadata(), sharp(marked).metadata()]);
  expect({ ...markedMetadata, size: metadata.size, comments: metadata.comments }).toEqual(metadata);
});

test('another mark makes other bytes of the same length', async () => {
  const image = await encoded('jpeg', false);
  const [one, other] = [MARK, Buffer.from(MARK).reverse()].map((mark) => distinguish(image, 'jpeg', mark));

  expect(one.length).toBe(other.length);
  expect(one.equals(other)).toBe(false);
});
