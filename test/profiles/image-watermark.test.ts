import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { ImageAdjustment, ImagePosition, ImageProfile, ImageWatermark, ImageWatermarkOptions } from '../../src';
import { open, solid } from '../helpers/images';

let folder: string;
let logo: string;
const write = (name: string, content: Buffer | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watermark-'));
  logo = write('logo.png', await open(solid(8, 8, [1, 2, 3])).png().toBuffer());
});
afterAll(() => rmSync(folder, { recursive: true }));

const rendered = (options?: ImageWatermarkOptions) => ImageAdjustment.watermark(ImageWatermark.fromAsset(logo), options)._render();

test('a watermark has defaults for all but its picture', () => {
  expect(rendered()).toEqual({
    name: 'watermark', image: expect.stringMatching(/^[0-9a-f]{16}\.png$/), scale: 0.25, margin: 0, opacity: 1, position: 'right bottom', tile: false,
  });
});

test('a watermark takes every option', () => {
  expect(rendered({ scale: 1, margin: 1000, opacity: 0.01, position: ImagePosition.TOP }))
    .toMatchObject({ scale: 1, margin: 1000, opacity: 0.01, position: 'top', tile: false });
  expect(rendered({ tile: true })).toMatchObject({ tile: true });
});

test('another content is another setting, and the same content elsewhere is none', async () => {
  const nameOf = (path: string) => ImageWatermark.fromAsset(path)._name;
  const copy = write('copy.png', await open(solid(8, 8, [1, 2, 3])).png().toBuffer());
  const other = write('other.png', await open(solid(8, 8, [1, 2, 4])).png().toBuffer());
  expect([nameOf(copy) === nameOf(logo), nameOf(other) === nameOf(logo)]).toEqual([true, false]);
});

test('a profile has the pictures of its adjustments', () => {
  const watermark = ImageWatermark.fromAsset(logo);
  const adjustments = [ImageAdjustment.blur(1), ImageAdjustment.watermark(watermark)];
  expect(ImageProfile.of('a', { width: 8, adjustments })._watermarks).toEqual([watermark]);
  expect(ImageProfile.of('a', { width: 8 })._watermarks).toEqual([]);
});

test.each([
  [{ scale: 0 }, 'scale must be a number from 0.01 to 1, received 0'],
  [{ scale: 1.1 }, 'scale must be a number from 0.01 to 1, received 1.1'],
  [{ margin: -1 }, 'margin must be a whole number from 0 to 1000 pixels, received -1'],
  [{ margin: 1001 }, 'margin must be a whole number from 0 to 1000 pixels, received 1001'],
  [{ opacity: 0 }, 'opacity must be a number from 0.01 to 1, received 0'],
  [{ opacity: 2 }, 'opacity must be a number from 0.01 to 1, received 2'],
  [{ position: ImagePosition.ATTENTION }, 'position must be a place, which no image decides, received "attention"'],
  [{ position: ImagePosition.FOCAL_POINT }, 'position must be a place, which no image decides, received "focal-point"'],
  [{ position: ImagePosition.TOP, tile: true }, 'position must be left out with tile, received "top"'],
])('fails with %j', (options, message) => {
  expect(() => rendered(options)).toThrow(new Error(`ImageAdjustment.watermark: ${message}`));
});

describe('fails for a file', () => {
  const refusal = (path: string) => {
    try {
      return ImageWatermark.fromAsset(path)._name;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('that is not there', () => {
    expect(refusal('none.png')).toBe('ImageWatermark.fromAsset must be a file that is there, received "none.png"');
  });

  test('that is no PNG, or only the beginning of one', async () => {
    const png = await open(solid(8, 8, [1, 2, 3])).png().toBuffer();
    for (const path of [write('a.png', 'text'), write('b.png', await open(solid(8, 8, [1, 2, 3])).jpeg().toBuffer()), write('c.png', png.subarray(0, -4)), write('d.png', '')]) {
      expect(refusal(path)).toBe(`ImageWatermark.fromAsset must be a whole PNG, received ${JSON.stringify(path)}`);
    }
  });

  test('that has too many bytes', async () => {
    const png = await open(solid(8, 8, [1, 2, 3])).png().toBuffer();
    const path = write('large.png', Buffer.concat([png.subarray(0, 33), Buffer.alloc(2 * 1024 * 1024), png.subarray(33)]));
    expect(refusal(path)).toBe(`ImageWatermark.fromAsset must be a file of at most 2097152 bytes, received ${png.length + 2097152}: make ${path} smaller`);
  });

  test('that has too many pixels', async () => {
    const path = write('wide.png', await open(solid(4097, 1, [1, 2, 3])).png().toBuffer());
    expect(refusal(path)).toBe(`ImageWatermark.fromAsset must be at most 4096 pixels a side, received "4097x1": make ${path} smaller`);
  });

  test('that is not known at synth', () => {
    expect(refusal(Token.asString({ Ref: 'Path' }))).toContain('ImageWatermark.fromAsset must be known at synth');
  });
});
