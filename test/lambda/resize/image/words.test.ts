import { probe } from '../../../../src/lambda/resize/image';
import { ftyp } from '../../../helpers/headers';
import { open, photo } from '../../../helpers/images';
import { processing, renditionOf } from '../../../helpers/renditions';

const SENTENCES = /^(?:[A-Z][^.!?]*(?:\.(?=\w)[^.!?]*)*\.(?: |$)){2}/;
const refusal = (data: Buffer, extension: string) => probe(data, processing(), extension).then(() => undefined, ({ message }: Error) => message);

describe('people are told in whole sentences what is wrong, and what to do', () => {
  test.each([
    ['a text under an image\'s name', Buffer.from('hello'), 'png', 'This file is a text, although its name says .png. '],
    ['a text', Buffer.from('hello'), 'txt', 'This file is a text. '],
    ['a text in other letters', Buffer.from('приве́т, 世界 '.repeat(60)), 'JPG', 'This file is a text, although its name says .JPG. '],
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), 'webp', 'This file is a web page (HTML), although its name says .webp. '],
    ['a HEIC', ftyp('heic', 'mif1'), 'heic', 'This file is a HEIC file. '],
    ['a HEIC as JPEG', ftyp('heic', 'mif1'), 'jpg', 'This file is a HEIC file, although its name says .jpg. '],
    ['a video', ftyp('isom', 'mp42'), 'mp4', 'This file is an MP4 or QuickTime video file. '],
    ['a drawing', Buffer.from('<svg/>'), 'svg', 'This file is an SVG drawing, which is not accepted here. '],
    ['nothing', Buffer.alloc(0), 'gif', 'This file is empty, although its name says .gif. '],
    ['anything', Buffer.from([1, 2, 3, 4, 0, 0, 7, 0xff, 0xfe, 9]), 'bin', 'This file is no image of a known format. '],
  ])('%s', async (_, data, extension, expected) => {
    const message = await refusal(data, extension);
    expect(message).toBe(`${expected}Save the picture as JPEG, PNG, WebP, AVIF, GIF or TIFF, and upload it again.`);
    expect(message).toMatch(SENTENCES);
  });

  test('too many pixels', async () => {
    const image = await open(photo(1200, 10)).png().toBuffer();
    await expect(probe(image, processing({ maxInputPixels: 1000 }))).rejects.toMatchObject({
      message: 'This image has 1,200 x 10 pixels, and at most 1,000 in all are allowed. Make it smaller, and upload it again.',
    });
  });

  test('a rendition beyond its format', async () => {
    const image = await open(photo(16_400, 2)).png().toBuffer();
    await expect(renditionOf(image, { scale: 1, formats: ['webp'] })).rejects.toMatchObject({
      message: 'The rendition test.webp would have 16,400 x 2 pixels, and WebP holds at most 16,383 on a side. Upload a smaller image.',
    });
  });

  test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)('damage, with what the decoder says in a field of its own (%s)', async (format) => {
    const image = await open(photo(200, 150)).toFormat(format).toBuffer();
    await expect(renditionOf(image.subarray(0, image.length / 2), {})).rejects.toMatchObject({
      message: expect.stringMatching(SENTENCES),
      detail: expect.stringMatching(new RegExp(`^the ${format} image cannot be decoded: \\S.*[^:]$`)),
    });
  });

  test('a decoder that says nothing', async () => {
    const image = await open(photo(20, 10)).png({ palette: true }).toBuffer();
    const at = image.indexOf('PLTE');
    const bare = Buffer.concat([image.subarray(0, at - 4), image.subarray(at + 8 + image.readUInt32BE(at - 4))]);
    await expect(renditionOf(bare, {})).rejects.toMatchObject({ message: expect.stringMatching(SENTENCES), detail: expect.stringMatching(/[^:]$/) });
  });
});
