import sharp from 'sharp';
import { LocalHandler } from '../helpers/handler';
import { ftyp, tiffHeader } from '../helpers/headers';
import { animation, open, photo, solid, trafficLight } from '../helpers/images';
import { profile } from '../helpers/renditions';

let handler: LocalHandler;
let images: Record<'jpeg' | 'png' | 'gif' | 'webp', Buffer>;

beforeAll(async () => {
  handler = await LocalHandler.start();
  const image = open(photo(60, 40));
  images = {
    jpeg: await image.clone().jpeg().toBuffer(),
    png: await image.clone().png().toBuffer(),
    gif: await animation('gif', trafficLight(60, 40)),
    webp: await image.clone().webp().toBuffer(),
  };
});
afterAll(() => handler.stop());
beforeEach(() => handler.reset({ profiles: [profile({ name: 'small', width: 30, formats: ['original'] })] }));

const text = (content: string) => () => Buffer.from(content, 'latin1');

test.each<[string, string, () => Buffer]>([
  ['text', 'notes.txt', text('hello')],
  ['text that is named as an image', 'cat.jpg', text('hello')],
  ['HTML', 'cat.png', text('<!DOCTYPE html><html><script>alert(1)</script></html>')],
  ['a shell script', 'cat.gif', text('#!/bin/sh\nid\n')],
  ['PostScript, which once ran commands', 'cat.jpg', text('%!PS\n(%pipe%id) (r) file\n')],
  ['a list of commands for ImageMagick', 'cat.mvg', text('push graphic-context\nimage over 0,0 0,0 \'msl:cat\'\npop graphic-context')],
  ['a playlist', 'cat.avif', text('#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd')],
  ['PDF', 'cat.pdf', text('%PDF-1.7\n')],
  ['ZIP', 'cat.zip', text('PK\x03\x04rest')],
  ['HEIC', 'cat.heic', () => ftyp('heic', 'mif1', 'heic')],
  ['BMP', 'cat.bmp', text('BM\x00\x00')],
  ['an icon', 'favicon.ico', text('\x00\x00\x01\x00\x01\x00')],
  ['Photoshop', 'cat.psd', text('8BPS\x00\x01')],
  ['camera raw', 'cat.dng', () => tiffHeader({ 254: 1, 50706: 1 })],
  ['a PNG signature with no image', 'cat.png', text('\x89PNG\r\n')],
  ['one byte', 'cat.jpg', text('\xff')],
  ['zeros', 'cat.jpg', () => Buffer.alloc(10_000)],
  ['PDF that is a JPEG behind its first bytes', 'cat.jpg', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), images.jpeg])],
])('fails for %s', async (_, key, content) => {
  await handler.deliver(await handler.upload(key, content(), { ContentType: 'image/jpeg' }));

  expect(await handler.recordOf(key)).toMatchObject({ status: 'FAILED', failure: { code: 'UNSUPPORTED_FORMAT', retryable: false } });
  expect(await handler.outputs()).toEqual([]);
});

const PAYLOAD = '<script>alert(document.domain)</script>PK\x03\x04';

/** Two formats in one file: what a browser, an archiver or a script engine would take for the other. */
const POLYGLOTS: readonly (readonly [string, keyof typeof images, () => Buffer])[] = [
  ['JPEG with a ZIP behind it', 'jpeg', () => Buffer.concat([images.jpeg, Buffer.from(PAYLOAD)])],
  ['JPEG with a script in a comment', 'jpeg', () => withJpegComment(images.jpeg, PAYLOAD)],
  ['JPEG that says PDF in its first bytes', 'jpeg', () => withJpegComment(images.jpeg, `%PDF-1.7\n${PAYLOAD}`)],
  ['PNG with HTML behind it', 'png', () => Buffer.concat([images.png, Buffer.from(PAYLOAD)])],
  ['GIF with a script behind it', 'gif', () => Buffer.concat([images.gif, Buffer.from(`*/=1;${PAYLOAD}`)])],
  ['GIF with a script in a comment', 'gif', () => withGifComment(images.gif, PAYLOAD)],
  ['WebP with HTML behind it', 'webp', () => Buffer.concat([images.webp, Buffer.from(PAYLOAD)])],
];

test.each(POLYGLOTS)('%s becomes an image alone', async (_, format, content) => {
  await handler.deliver(await handler.upload('cat', content(), { ContentType: 'text/html' }));

  const record = await handler.recordOf('cat');
  expect(record).toMatchObject({ status: 'COMPLETED', original: { format } });
  const { body, contentType } = await handler.output(record!.renditions!['small.original'].key);
  expect(contentType).toBe(`image/${format}`);
  expect((await sharp(body).metadata()).format).toBe(format);
  expect(body.includes('script')).toBe(false);
});

test.each([
  ['cat.png', 'image/png'], ['cat.html', 'text/html'], ['cat.svg', 'image/svg+xml'], ['cat.exe', 'application/x-msdownload'],
  ['cat', ''], ['cat.jpg.php', 'application/x-php'], ['cat.jpg', 'multipart/form-data; boundary=x'],
])('a JPEG is one, named %s and declared as %j', async (key, ContentType) => {
  await handler.deliver(await handler.upload(key, images.jpeg, { ContentType }));

  const record = await handler.recordOf(key);
  expect(record).toMatchObject({ status: 'COMPLETED', original: { format: 'jpeg', width: 60, height: 40 } });
  expect((await handler.output(record!.renditions!['small.original'].key)).contentType).toBe('image/jpeg');
});

test('an image of one pixel is an image', async () => {
  await handler.deliver(await handler.upload('dot.png', await open(solid(1, 1, [1, 2, 3])).png().toBuffer()));

  expect(await handler.recordOf('dot.png')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.original': { width: 1, height: 1 } } });
});

function withJpegComment(jpeg: Buffer, comment: string): Buffer {
  const body = Buffer.from(comment, 'latin1');
  const header = Buffer.from([0xff, 0xfe, 0, body.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), header, body, jpeg.subarray(2)]);
}

function withGifComment(gif: Buffer, comment: string): Buffer {
  const body = Buffer.from(comment, 'latin1');
  return Buffer.concat([gif.subarray(0, -1), Buffer.from([0x21, 0xfe, body.length]), body, Buffer.from([0, 0x3b])]);
}

test('what a file calls itself does not reach the record unseen', async () => {
  const unseen = Buffer.from('RIFF\x04\0\0\0W\x1b\x9bV', 'latin1');
  await handler.deliver(await handler.upload('cat.jpg', unseen, { ContentType: 'image/jpeg' }));
  const record = await handler.recordOf('cat.jpg');
  expect(record).toMatchObject({ status: 'FAILED', failure: { code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining('is a RIFF WV file') } });
});
