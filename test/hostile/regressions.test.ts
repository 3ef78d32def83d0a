/** What the fuzzers found. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { FailureCode } from '../../src/contract';
import { isStepRequest } from '../../src/lambda/resize/delivery/steps';
import { parsePayload } from '../../src/lambda/resize/events/s3-events';
import { unpacksTooMuch } from '../../src/lambda/resize/image/png';
import { pngChunk, tiffHeader } from '../helpers/headers';
import { animation, open, photo, trafficLight } from '../helpers/images';
import { renditionsOf } from '../helpers/renditions';

const ALL = [{ formats: ['jpeg', 'webp', 'gif'] as const }];
const failing = (image: Buffer, code: FailureCode) => expect(renditionsOf(image, ALL)).rejects.toMatchObject({ name: 'PermanentError', code });

describe('an animation', () => {
  test('whose frame is shown longer than sharp can write keeps its frames', async () => {
    const webp = await animation('webp', trafficLight(32, 24));
    // The duration is in 24 bits, 12 bytes into the first frame's chunk.
    webp.writeUIntLE(100_000, webp.indexOf('ANMF') + 8 + 12, 3);
    expect(Object.keys(await renditionsOf(webp, ALL))).toHaveLength(3);
  });

  test('that is played more often than sharp can write keeps its frames', async () => {
    const gif = await animation('gif', trafficLight(32, 24), { loop: 3 });
    gif.writeUInt16LE(65_535, gif.indexOf('NETSCAPE2.0') + 13);
    expect(Object.keys(await renditionsOf(gif, ALL))).toHaveLength(3);
  });
});

describe('a TIFF', () => {
  test('fails when tiles are missing, instead of becoming black', async () => {
    const header = tiffHeader({ 256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 277: 1, 322: 64, 323: 64, 324: 134, 325: 4096 });
    await failing(Buffer.concat([header, Buffer.alloc(1000, 200)]), 'CORRUPT_IMAGE');
  });

  test('fails with a tag that claims more than memory has and damaged pixels, as that is no lack of memory', async () => {
    const pixels = await open(photo(60, 80)).raw().toBuffer();
    const pages = sharp(pixels, { raw: { width: 60, height: 80, channels: 3, pageHeight: 40 } });
    const tiff = await pages.tiff({ compression: 'lzw' }).toBuffer();
    // Of the second page; the pixels of the first come right after the header.
    const sampleFormat = tiff.lastIndexOf(Buffer.from([0x53, 0x01, 3, 0, 3, 0, 0, 0]));
    tiff.writeUInt32LE(0x16000003, sampleFormat + 4);
    await failing(tiff.fill(0xff, 60, 200), 'CORRUPT_IMAGE');
  });

  test('fails with more channels than colour and alpha', async () => {
    const header = tiffHeader({ 256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 200, 277: 3, 278: 8, 279: 192 });
    await failing(Buffer.concat([header, Buffer.alloc(400, 90)]), 'UNSUPPORTED_FORMAT');
  });
});

test('an AVIF fails with half of the pixels that others may have', async () => {
  const avif = Buffer.from(await open(photo(64, 64)).avif({ effort: 0 }).toBuffer());
  const size = avif.indexOf('ispe') + 8;
  avif.writeUInt32BE(10_000, size);
  avif.writeUInt32BE(5_001, size + 4);
  await expect(renditionsOf(avif, ALL)).rejects.toMatchObject({
    code: 'TOO_LARGE', detail: 'expected at most 50000000 pixels of AVIF, received 10000x5001 pixels (50010000)',
  });
});

describe('a PNG', () => {
  const withChunks = async (type: string, packed: Buffer, count = 1) => {
    const png = await open(photo(8, 8)).png().toBuffer();
    const prefix = type === 'iTXt' ? Buffer.from('Comment\0\x01\0\0\0', 'latin1') : Buffer.from('Comment\0\0', 'latin1');
    const chunk = pngChunk(type, Buffer.concat([prefix, packed]));
    return Buffer.concat([png.subarray(0, 33), ...Array<Buffer>(count).fill(chunk), png.subarray(33)]);
  };
  const megabytes = (count: number) => deflateSync(Buffer.alloc(count * 1024 * 1024, 32));

  test.each(['zTXt', 'iTXt', 'iCCP'])('unpacks too much in one %s', async (type) => {
    expect(unpacksTooMuch(await withChunks(type, megabytes(17)))).toBe(true);
    expect(unpacksTooMuch(await withChunks(type, megabytes(15)))).toBe(false);
  });

  test('unpacks too much in many texts, also damaged ones', async () => {
    expect(unpacksTooMuch(await withChunks('zTXt', megabytes(2), 9))).toBe(true);
    expect(unpacksTooMuch(await withChunks('zTXt', megabytes(2).subarray(0, 500), 20))).toBe(true);
  });
});

describe('an event', () => {
  test.each(['constructor', 'toString', '__proto__'])('of EventBridge named %s is none of an object', (name) => {
    expect(parsePayload({ 'source': 'aws.s3', 'detail-type': name, 'time': '2026-01-01T00:00:00Z' }).events).toEqual([]);
  });

  test.each(['constructor', 'toString'])('with step %s is no step', (step) => {
    expect(isStepRequest({ step })).toBe(false);
  });

  test('fails without a sequencer and with a time that is none', () => {
    const record = { eventName: 'ObjectCreated:Put', eventTime: 'yesterday', s3: { bucket: { name: 'b' }, object: { key: 'k' } } };
    expect(() => parsePayload({ Records: [record] })).toThrow('expected a time or a sequencer in an event of S3, received "yesterday"');
  });
});
