import exifReader from 'exif-reader';
import sharp from 'sharp';
import { measure, probe } from '../../../../src/lambda/resize/image';
import { heicAsPng } from '../../../../src/lambda/resize/image/heic';
import { DISPLAY_P3, greyProfile, rgbProfile, SRGB_CURVE } from '../../../../src/lambda/resize/image/icc';
import { withPngProfile } from '../../../helpers/headers';
import {
  ALPHA, auxiliary, clap, coded, CodedName, DEPTH, exifItem, grid, heicFile, Heif, heif, HeifItem, HeifReference, imir, irot, ispe, nclx, picture,
  profile,
  tiles, xmpItem,
} from '../../../helpers/heif';
import { BLUE, GREEN, open, RED, solid, WHITE } from '../../../helpers/images';
import { pixelAt, processing, profile as testProfile, renditionOf, ProfileSpec } from '../../../helpers/renditions';

const accepted = { acceptHeic: true };
/** As it is, and as sharp sees it. */
const whole: ProfileSpec = { scale: 1, formats: ['png'] };

/** HEVC is lossy, and its colours are rounded twice. */
const near = (colour: readonly number[], by = 6) => colour.map((channel) => ({ asymmetricMatch: (value: number) => Math.abs(value - channel) <= by, toString: () => `about ${channel}` }));

async function corners(image: Buffer): Promise<number[][]> {
  const { width, height } = await sharp(image).metadata();
  const points = [[0.2, 0.2], [0.8, 0.2], [0.2, 0.8], [0.8, 0.8]];
  return Promise.all(points.map(async ([x, y]) => (await pixelAt(image, Math.floor(x * width), Math.floor(y * height))).slice(0, 3)));
}

const of = (name: CodedName, ...properties: Buffer[]) => heif({ items: [picture(coded(name), ...properties)] });
const shown = async (image: Buffer, changes = {}) => renditionOf(image, whole, { ...accepted, ...changes });
const sizeOf = async (image: Buffer) => {
  const { width, height } = await sharp(image).metadata();
  return [width, height];
};

function tiled({ properties = [] as Buffer[], more = [] as HeifItem[], references = [] as HeifReference[] } = {}): Heif {
  const made = tiles(2, ['red', 'green', 'blue', 'white'], 100, 90, ...properties);
  return { items: [...made.items, ...more], references: [...made.references, ...references] };
}

describe('a HEIC', () => {
  test('is refused unless it is accepted', async () => {
    await expect(renditionOf(heicFile('quadrants'))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT', message: expect.stringMatching(/^This file is a HEIC file\. Save/) });
  });

  test('becomes what its format and profile say', async () => {
    const rendition = await renditionOf(heicFile('quadrants'), { width: 64 }, accepted);

    expect(await sharp(rendition).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 32 });
    expect(await corners(rendition)).toEqual([near(RED), near(GREEN), near(BLUE), near(WHITE)]);
  });

  test('whose edges are looked for is decoded once', async () => {
    const config = processing(accepted);
    const asked = [testProfile({ ...whole, adjustments: [{ name: 'trim', threshold: 10 }] })];
    const measured = await measure(heicFile('quadrants'), await probe(heicFile('quadrants'), config), asked, { processing: config });

    expect((await sharp(measured.still!.data).metadata()).format).toBe('png');
    expect(await sizeOf(await renditionOf(heicFile('quadrants'), asked[0], accepted))).toEqual([128, 64]);
  });

  test('is known by its content', async () => {
    expect(await probe(heicFile('quadrants'), processing(accepted), 'jpg')).toMatchObject({ format: 'heic', width: 128, height: 64, frames: 1, alpha: false });
  });

  test.each<[string, Buffer[], [number, number], (readonly number[])[]]>([
    ['turned by 90 degrees against the clock', [irot(1)], [64, 128], [GREEN, WHITE, RED, BLUE]],
    ['turned by 180 degrees', [irot(2)], [128, 64], [WHITE, BLUE, GREEN, RED]],
    ['turned by 270 degrees', [irot(3)], [64, 128], [BLUE, RED, WHITE, GREEN]],
    ['mirrored top to bottom', [imir(0)], [128, 64], [BLUE, WHITE, RED, GREEN]],
    ['mirrored left to right', [imir(1)], [128, 64], [GREEN, RED, WHITE, BLUE]],
    ['turned and mirrored', [irot(1), imir(1)], [64, 128], [WHITE, GREEN, BLUE, RED]],
    ['cropped in its middle', [clap(60, 40)], [60, 40], [RED, GREEN, BLUE, WHITE]],
    ['cropped and turned', [clap(60, 40), irot(1)], [40, 60], [GREEN, WHITE, RED, BLUE]],
  ])('is shown %s', async (_, properties, size, colours) => {
    const rendition = await shown(of('quadrants', ...properties));

    expect(await sizeOf(rendition)).toEqual(size);
    expect(await corners(rendition)).toEqual(colours.map((colour) => near(colour)));
  });

  test('is put together of its tiles, also of those that reach beyond it', async () => {
    const rendition = await shown(heif(tiled()));

    expect(await sizeOf(rendition)).toEqual([100, 90]);
    expect(await corners(rendition)).toEqual([RED, GREEN, BLUE, WHITE].map((colour) => near(colour)));
    expect(await corners(await shown(heif(tiled({ properties: [irot(3)] }))))).toEqual([BLUE, RED, WHITE, GREEN].map((colour) => near(colour)));
  });

  test('keeps its transparency', async () => {
    const made = await shown(heicFile('alpha'));
    for (const x of [4, 30, 60]) expect(await pixelAt(made, x, 20)).toEqual(near([200, 40, 40, 4.05 * x]));
  });

  test('has the colours behind a transparency that was multiplied into them', async () => {
    const items = [picture(coded('white')), picture(coded('alpha', 1), auxiliary(ALPHA))];
    const references = [{ type: 'auxl', from: 2, to: [1] }, { type: 'prem', from: 1, to: [2] }];
    const [r, g, b, alpha] = await pixelAt(await shown(heif({ items, references })), 61, 20);

    expect([r, g, b]).toEqual(near([253, 253, 253]));
    expect([alpha]).toEqual(near([247]));
  });

  test('is flattened where there is no transparency to be had', async () => {
    expect(await pixelAt(await renditionOf(heicFile('alpha'), { scale: 1, background: '#0000ff' }, accepted), 4, 20)).toEqual(near([13, 3, 239]));
  });

  test('with 10 bits is shown with 8', async () => {
    const rendition = await shown(of('ten-bit'));

    expect((await sharp(rendition).metadata()).depth).toBe('uchar');
    for (const [x, y] of [[10, 10], [50, 20], [20, 50]]) expect(await pixelAt(rendition, x, y)).toEqual(near([4 * x, 4 * y, 128]));
  });

  test('in grey is grey', async () => {
    expect((await pixelAt(await shown(of('grey')), 32, 20)).slice(0, 3)).toEqual(near([128, 128, 128]));
  });

  test('gives its primary image, and no other', async () => {
    const items = (['red', 'green', 'blue'] as const).map((name) => picture(coded(name)));
    expect(await pixelAt(await shown(heif({ items, primary: 2 })), 30, 30)).toEqual(near(GREEN));
  });

  test('is shown without its depth map, its thumbnail and other auxiliary images', async () => {
    const more = [picture(coded('grey'), auxiliary(DEPTH)), picture(coded('white')), picture(coded('grey'), auxiliary('urn:com:apple:photo:2020:aux:hdrgainmap'))];
    const references = [{ type: 'auxl', from: 6, to: [1] }, { type: 'thmb', from: 7, to: [1] }, { type: 'auxl', from: 8, to: [1] }];
    const rendition = await shown(heif(tiled({ more, references })));

    expect(await sharp(rendition).metadata()).toMatchObject({ width: 100, hasAlpha: false });
    expect(await corners(rendition)).toEqual([RED, GREEN, BLUE, WHITE].map((colour) => near(colour)));
  });
});

describe('the colours of a HEIC', () => {
  const P3 = rgbProfile(DISPLAY_P3, SRGB_CURVE);

  /** What littlecms makes of the same pixels in a PNG. */
  const expected = async (icc: Buffer, colour: readonly number[]) => {
    return pixelAt(await renditionOf(withPngProfile(await open(solid(8, 8, colour)).png().toBuffer(), icc), whole), 2, 2);
  };

  test('are those of its profile', async () => {
    expect(await pixelAt(await shown(of('green', profile(P3))), 30, 30)).toEqual(near(await expected(P3, GREEN)));
    expect(await expected(P3, GREEN)).not.toEqual(near(GREEN));
  });

  test('are those of its code points where it has no profile', async () => {
    expect(await pixelAt(await shown(of('green', nclx(12, 13))), 30, 30)).toEqual(near(await expected(P3, GREEN)));
    expect(await pixelAt(await shown(of('green', nclx(1, 13))), 30, 30)).toEqual(near(GREEN));
    expect(await pixelAt(await shown(of('green', nclx(1, 1))), 30, 30)).toEqual(near(GREEN));
  });

  test('are those of its profile where it has both', async () => {
    expect(await pixelAt(await shown(of('green', nclx(9, 13), profile(P3))), 30, 30)).toEqual(near(await expected(P3, GREEN)));
  });

  test('are kept with their profile when the policy says so', async () => {
    const rendition = await shown(of('green', profile(P3)), { metadata: 'icc' });

    expect([...(await sharp(rendition, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)]).toEqual(near(GREEN));
    expect((await sharp(rendition).metadata()).icc).toEqual(P3);
  });

  test('of grey go by a profile of grey, and not by one of colours it does not have', async () => {
    expect(await pixelAt(await shown(of('grey', profile(greyProfile({ gamma: 1 })))), 32, 20)).toEqual(near([188, 188, 188]));
    expect(await pixelAt(await shown(of('green', profile(greyProfile({ gamma: 1 })))), 32, 20)).toEqual(near(GREEN));
  });

  test.each([[16, 'PQ'], [18, 'HLG']])('fails for high dynamic range (transfer %i)', async (transfer, name) => {
    await expect(shown(of('ten-bit', nclx(9, transfer)))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining(name) });
  });
});

describe('the metadata of a HEIC', () => {
  /** Orientation 6, which its boxes say as well, and whose it is. */
  const exif = (() => {
    const artist = Buffer.from('Ada\0\0\0\0\0');
    const block = Buffer.alloc(8 + 2 + 24 + 4);
    block.write('II*\0', 'latin1');
    block.writeUInt32LE(8, 4);
    block.writeUInt16LE(2, 8);
    [[0x0112, 3, 1, 6], [0x013b, 2, 8, block.length]].forEach(([tag, type, count, value], nth) => {
      block.writeUInt16LE(tag, 10 + 12 * nth);
      block.writeUInt16LE(type, 12 + 12 * nth);
      block.writeUInt32LE(count, 14 + 12 * nth);
      block.writeUInt32LE(value, 18 + 12 * nth);
    });
    return Buffer.concat([block, artist]);
  })();
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6" by="Ada"/></x:xmpmeta>';
  const image = heif({
    items: [picture(coded('quadrants'), irot(3)), exifItem(exif), xmpItem(xmp)],
    references: [{ type: 'cdsc', from: 2, to: [1] }, { type: 'cdsc', from: 3, to: [1] }],
  });

  test('does not turn it once more', async () => {
    for (const metadata of ['strip', 'all'] as const) {
      const rendition = await shown(image, { metadata });
      expect(await sizeOf(rendition)).toEqual([64, 128]);
      expect(await corners(rendition)).toEqual([BLUE, RED, WHITE, GREEN].map((colour) => near(colour)));
    }
  });

  test('is dropped', async () => {
    const { exif: kept, xmp: others } = await sharp(await shown(image)).metadata();
    expect([kept, others]).toEqual([undefined, undefined]);
  });

  test('is kept where its owner is to be named', async () => {
    const { exif: kept } = await sharp(await renditionOf(image, { scale: 1 }, { ...accepted, metadata: 'copyright' })).metadata();
    expect(exifReader(kept!).Image).toMatchObject({ Artist: 'Ada' });
  });

  test('is kept as a whole, without an orientation', async () => {
    const { exif: kept, xmp: others, orientation = 1 } = await sharp(await renditionOf(image, { scale: 1 }, { ...accepted, metadata: 'all' })).metadata();

    expect(exifReader(kept!).Image).toMatchObject({ Artist: expect.stringMatching(/^Ada/) });
    expect(orientation).toBe(1);
    expect(others!.toString()).toContain('tiff:Orientation="1" by="Ada"');
  });
});

describe('renditions in the format of a HEIC', () => {
  const original = { format: 'original' as const, options: {} };

  test('are JPEG', async () => {
    expect((await sharp(await renditionOf(heicFile('alpha'), { scale: 1, formats: [original] }, accepted)).metadata()).format).toBe('jpeg');
  });

  test('are what the format says, with its options', async () => {
    const lossless = { ...original, heic: { format: 'webp' as const, options: { lossless: true } } };
    const rendition = await renditionOf(heicFile('alpha'), { scale: 1, formats: [lossless] }, accepted);

    expect(await sharp(rendition).metadata()).toMatchObject({ format: 'webp', hasAlpha: true });
    expect(rendition.includes('VP8L')).toBe(true);
  });
});

describe('a HEIC that cannot be decoded', () => {
  const photo = heicFile('photo');

  test.each<[string, () => Buffer, string]>([
    ['ends early', () => photo.subarray(0, photo.length - 2000), 'CORRUPT_IMAGE'],
    ['ends in its boxes', () => photo.subarray(0, 100), 'CORRUPT_IMAGE'],
    ['lacks a tile', () => heif({ ...tiled(), references: [{ type: 'dimg', from: 1, to: [2, 3, 4] }] }), 'CORRUPT_IMAGE'],
    ['has a damaged tile', () => heif({ ...tiled(), items: tiled().items.map((item, at) => (at === 3 ? { ...item, data: Buffer.alloc(item.data.length, 7) } : item)) }), 'CORRUPT_IMAGE'],
    ['has more pixels than it states', () => heif({ items: [{ ...picture(coded('quadrants')), properties: [coded('quadrants').hvcC, ispe(16, 16)] }] }), 'UNSUPPORTED_FORMAT'],
    ['has another codec', () => heif({ items: [{ ...picture(coded('red')), type: 'jpeg' }] }), 'UNSUPPORTED_FORMAT'],
    ['has too many pixels', () => heif({ items: [grid(1, 1, 20_000, 20_000), { ...picture(coded('red')), hidden: true }], references: [{ type: 'dimg', from: 1, to: [2] }] }), 'TOO_LARGE'],
    ['is cropped to a small part', () => of('photo', clap(50, 40)), 'UNSUPPORTED_FORMAT'],
    ['has a side that is too long', () => heif({ items: [{ ...picture(coded('red')), properties: [coded('red').hvcC, ispe(65_536, 10)] }] }), 'TOO_LARGE'],
  ])('as it %s, fails', async (_, make, code) => {
    await expect(shown(make())).rejects.toMatchObject({ code });
  });

  test('takes no longer than there is time', async () => {
    const options = processing(accepted);
    const probed = await probe(photo, options);
    const rendering = heicAsPng(photo, probed.heic!, Date.now() + 1);
    await expect(rendering).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(heicAsPng(photo, probed.heic!, Date.now() - 1)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('is counted twice in pixels, before they are decoded', async () => {
    const changes = { ...accepted, maxInputPixels: 128 * 64 * 2 };
    await expect(probe(heicFile('quadrants'), processing(changes))).resolves.toMatchObject({ width: 128 });
    await expect(probe(heicFile('quadrants'), processing({ ...changes, maxInputPixels: changes.maxInputPixels - 1 }))).rejects.toMatchObject({
      code: 'TOO_LARGE', detail: 'expected at most 8191.5 pixels of HEIC, received 128x64 pixels (8192)',
    });
  });
});
