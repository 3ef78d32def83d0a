import sharp from 'sharp';
import { plan, probe, render } from '../../../../src/lambda/resize/image';
import { encoderFailure, sourceFailure } from '../../../../src/lambda/resize/image/failures';
import { animation, open, photo, trafficLight } from '../../../helpers/images';
import { processing, profile, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';

const encoders = {
  'JPEG': (image: sharp.Sharp) => image.jpeg(),
  'progressive JPEG': (image: sharp.Sharp) => image.jpeg({ progressive: true }),
  'PNG': (image: sharp.Sharp) => image.png(),
  'interlaced PNG': (image: sharp.Sharp) => image.png({ progressive: true }),
  'WebP': (image: sharp.Sharp) => image.webp(),
  'AVIF': (image: sharp.Sharp) => image.avif({ effort: 1 }),
  'GIF': (image: sharp.Sharp) => image.gif({ effort: 1 }),
  'TIFF': (image: sharp.Sharp) => image.tiff({ compression: 'lzw' }),
};

describe('fails as CORRUPT_IMAGE for truncated', () => {
  test.each(Object.keys(encoders) as (keyof typeof encoders)[])('%s, alone and sharing', async (name) => {
    const image = await encoders[name](open(photo(200, 150))).toBuffer();
    for (const part of [0.5, 0.97]) {
      const cut = image.subarray(0, Math.floor(image.length * part));
      const corrupt = { name: 'PermanentError', code: 'CORRUPT_IMAGE', detail: expect.stringMatching(/^the \w+ image cannot be decoded: [^\n]+$/) };
      await expect(renditionOf(cut, { width: 50 })).rejects.toMatchObject(corrupt);
      await expect(renditionsOf(cut, [{ name: 'a', width: 50 }, { name: 'b', width: 25 }])).rejects.toMatchObject(corrupt);
    }
  });

  test.each(['gif', 'webp'] as const)('animated %s', async (format) => {
    const image = await animation(format, trafficLight(60, 40));
    await expect(renditionOf(image.subarray(0, -60), { formats: [format] })).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
  });
});

test.each(Object.keys(encoders) as (keyof typeof encoders)[])('%s cut anywhere is made, or fails for good', async (name) => {
  const image = await encoders[name](open(photo(48, 36))).toBuffer();
  const lengths = Array.from({ length: 60 }, (_, at) => Math.floor((image.length * (at + 1)) / 60));
  for (const length of [...lengths, 1, 3, image.length - 1, image.length - 2, image.length - 3]) {
    const failure = await renditionOf(image.subarray(0, length), { width: 20 }).then(() => undefined, (error) => error);
    if (failure) expect({ length, name: failure.name, message: failure.message }).toMatchObject({ length, name: 'PermanentError' });
  }
});

test('fails as CORRUPT_IMAGE for damaged data', async () => {
  const image = Buffer.from(await open(photo(200, 150)).png().toBuffer());
  image.fill(0x55, image.length / 2, image.length / 2 + 200);
  await expect(renditionOf(image)).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
});

test('reads what cameras write beside the standard', async () => {
  const jpeg = await open(photo(64, 64)).jpeg().toBuffer();
  const end = jpeg.length - 2;
  const extraneous = Buffer.concat([jpeg.subarray(0, end), Buffer.alloc(21, 0x11), jpeg.subarray(end)]);
  await expect(renditionOf(extraneous, { width: 20 })).resolves.toBeDefined();
  await expect(renditionOf(Buffer.concat([jpeg, Buffer.alloc(5000, 1)]), { width: 20 })).resolves.toBeDefined();
});

test('the message names format and reason in one line, and the cause is kept', async () => {
  const image = await open(photo(200, 150)).jpeg().toBuffer();
  await expect(renditionOf(image.subarray(0, 2000))).rejects.toMatchObject({
    detail: 'the jpeg image cannot be decoded: Corrupt JPEG data: premature end of data segment',
    cause: expect.objectContaining({ message: expect.stringContaining('VipsJpeg') }),
  });
});

describe('time limit', () => {
  test('fails as TIMEOUT before work that would begin too late', async () => {
    const image = await open(photo(64, 64)).jpeg().toBuffer();
    const probed = await probe(image, processing());
    const renditions = plan(probed, [20, 30, 40, 50, 60].map((width) => profile({ name: `w${width}`, width })), processing());
    await expect(render(image, probed, renditions, {
      processing: processing(),
      timeoutSeconds: 0.1,
      onRendition: async () => new Promise((resolve) => { setTimeout(resolve, 150); }),
    })).rejects.toMatchObject({ name: 'PermanentError', code: 'TIMEOUT' });
  });

  test('fails as TIMEOUT when a pipeline takes too long', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const image = await sharp({ create: { width: 1000, height: 1000, channels: 3, background: 'grey', noise } }).jpeg().toBuffer();
    const probed = await probe(image, processing());
    const renditions = plan(probed, [profile({ scale: 9, enlarge: true, formats: [{ format: 'jpeg', options: { mozjpeg: true, quality: 100 } }] })], processing());
    const started = Date.now();
    await expect(render(image, probed, renditions, { processing: processing(), timeoutSeconds: 0.4, onRendition: async () => undefined }))
      .rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('is none by default', async () => {
    await expect(renditionOf(await open(photo(64, 64)).jpeg().toBuffer())).resolves.toBeDefined();
  });
});

describe('what is not the fault of the image', () => {
  test.each(['vips_tracked: out of memory -- size == 12MB', 'Could not allocate enough memory for raw output', 'write error: No space left on device'])('%s stays as it is', (message) => {
    const error = new Error(message);
    expect(sourceFailure(error, 'jpeg')).toBe(error);
  });

  test('options that sharp does not take are no PermanentError', async () => {
    const image = await open(photo(64, 64)).jpeg().toBuffer();
    const formats: ProfileSpec['formats'] = [{ format: 'jpeg', options: { quality: 1000 } }];
    for (const specs of [[{ formats }], [{ name: 'a', width: 20, formats }, { name: 'b', width: 30, formats }]]) {
      await expect(renditionsOf(image, specs)).rejects.toMatchObject({ name: 'Error', message: expect.stringContaining('quality') });
    }
  });
});

test('while pixels are encoded only a timeout is the fault of the image', () => {
  const error = new Error('VipsJpeg: premature end of JPEG image');
  expect(encoderFailure(error)).toBe(error);
  expect(encoderFailure(new Error('timeout: 7% complete'))).toMatchObject({ name: 'PermanentError', code: 'TIMEOUT' });
});

describe('limits that a decoder states', () => {
  test.each([
    ['Input image exceeds pixel limit', 'TOO_LARGE'],
    ['Processed image is too large for the WebP format', 'TOO_LARGE'],
    ['heif: Memory allocation error: Security limit exceeded: Allocating 800000000 bytes', 'TOO_LARGE'],
    ['timeout: 42% complete', 'TIMEOUT'],
    ['Input image exceeds channel limit', 'UNSUPPORTED_FORMAT'],
    ['source: bad seek to 13\nheif: Invalid input\n (2.100)', 'CORRUPT_IMAGE'],
  ])('%s is %s', (message, code) => {
    expect(sourceFailure(new Error(message), 'avif')).toMatchObject({ name: 'PermanentError', code });
  });
});
