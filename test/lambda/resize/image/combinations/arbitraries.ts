/** Originals and profiles with adjustments, of every kind and small. */
import fc from 'fast-check';
import { ADJUSTMENTS, AdjustmentConfig, FITS, FormatConfig, METADATA_POLICIES } from '../../../../../src/contract';
import { alphaRamp, animation, cmykJpeg, open, orientedJpeg, paint, photo, RawImage } from '../../../../helpers/images';
import { ProfileSpec } from '../../../../helpers/renditions';

const SIDES = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 90 }) }, { weight: 1, arbitrary: fc.constantFrom(1, 2, 3) });

/** A photo with a white edge, which `trim` finds. */
function framed(width: number, height: number): RawImage {
  const { data, channels } = photo(width, height);
  const edge = Math.floor(Math.min(width, height) / 4);
  const isEdge = (x: number, y: number) => Math.min(x, y, width - 1 - x, height - 1 - y) < edge;
  return paint(width, height, (x, y) => {
    const at = (y * width + x) * channels;
    return isEdge(x, y) ? [255, 255, 255] : [...data.subarray(at, at + channels)];
  });
}

/** Of which no two are the same, whatever is done to them. */
const frames = (width: number, height: number) => [20, 120, 220].map((light) => paint(width, height, (x) => [light, light, (x * 37) % 256, 255]));

/** By name: the bytes of an original of a size. */
const ORIGINALS: Readonly<Record<string, (width: number, height: number, orientation: number) => Promise<Buffer>>> = {
  png: (width, height) => open(framed(width, height)).png().toBuffer(),
  transparent: (width, height) => open(width > 1 ? alphaRamp(width, height) : paint(width, height, () => [200, 40, 40, 128])).png().toBuffer(),
  grey: (width, height) => open(framed(width, height)).greyscale().png().toBuffer(),
  greyTransparent: (width, height) => open(paint(width, height, (x, y) => [90, 90, 90, (x * 13 + y * 7) % 256])).toColourspace('b-w').png().toBuffer(),
  palette: (width, height) => open(photo(width, height)).png({ palette: true, colours: 16 }).toBuffer(),
  deep: (width, height) => open(photo(width, height)).toColourspace('rgb16').png().toBuffer(),
  wideGamut: (width, height) => open(photo(width, height)).withIccProfile('p3').png().toBuffer(),
  jpeg: (width, height, orientation) => orientedJpeg(framed(width, height), orientation),
  greyJpeg: (width, height) => open(photo(width, height)).greyscale().jpeg().toBuffer(),
  cmyk: (width, height) => cmykJpeg(photo(width, height), { profile: true }),
  webp: (width, height) => open(photo(width, height)).webp().toBuffer(),
  tiff: (width, height, orientation) => open(photo(width, height)).withMetadata({ orientation }).tiff({ compression: 'lzw' }).toBuffer(),
  gifAnimation: (width, height) => animation('gif', frames(width, height)),
  webpAnimation: (width, height, orientation) => animation('webp', frames(width, height), { orientation }),
  svg: async (width, height) => Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="60%" height="80%" fill="#c04020"/></svg>`),
};

const OUTPUTS: readonly FormatConfig[] = [
  { format: 'png', options: {} },
  { format: 'png', options: { palette: true } },
  { format: 'jpeg', options: { quality: 90 } },
  { format: 'webp', options: { lossless: true } },
  { format: 'webp', options: { quality: 70 } },
  { format: 'gif', options: {} },
  { format: 'tiff', options: { compression: 'lzw' } },
  { format: 'tiff', options: { compression: 'jpeg' } },
  { format: 'avif', options: { effort: 0 } },
  { format: 'original', options: {} },
];

/** Files of watermarks, in the layer of the test. */
export const MARKS = ['blue.png', 'half.png', 'pixel.png', 'high.png'] as const;

const PLACES = ['centre', 'top', 'right top', 'right', 'right bottom', 'bottom', 'left bottom', 'left', 'left top'];
const COLOURS = fc.constantFrom('#ffffff', '#102030', '#d0203080', 'transparent');
const EDGE = fc.integer({ min: 0, max: 12 });

const EACH: { readonly [Name in AdjustmentConfig['name']]: fc.Arbitrary<Extract<AdjustmentConfig, { readonly name: Name }>> } = {
  trim: fc.record({ name: fc.constant('trim' as const), threshold: fc.constantFrom(0, 10, 255), background: COLOURS }, { requiredKeys: ['name', 'threshold'] }),
  extend: fc.record({ name: fc.constant('extend' as const), top: EDGE, right: EDGE, bottom: EDGE, left: EDGE }),
  blur: fc.record({ name: fc.constant('blur' as const), sigma: fc.constantFrom(0.3, 1, 5, 40) }),
  greyscale: fc.constant({ name: 'greyscale' as const }),
  sharpen: fc.record({ name: fc.constant('sharpen' as const), sigma: fc.constantFrom(0.1, 0.5, 3, 10) }),
  watermark: fc.record({
    name: fc.constant('watermark' as const),
    image: fc.constantFrom(...MARKS),
    scale: fc.constantFrom(0.01, 0.25, 1),
    margin: fc.constantFrom(0, 3, 1000),
    opacity: fc.constantFrom(0.01, 0.5, 1),
    position: fc.constantFrom(...PLACES),
    tile: fc.boolean(),
  }),
  roundedCorners: fc.record({ name: fc.constant('roundedCorners' as const), radius: fc.constantFrom(1, 4, 2048) }),
};

const adjustments: fc.Arbitrary<AdjustmentConfig[]> = fc.subarray([...ADJUSTMENTS], { minLength: 1 })
  .chain((names) => fc.tuple(...names.map((name): fc.Arbitrary<AdjustmentConfig> => EACH[name])));

const sizes: fc.Arbitrary<Pick<ProfileSpec, 'width' | 'height' | 'scale' | 'fit' | 'position'>> = fc.oneof(
  fc.record({ width: SIDES, height: SIDES, fit: fc.constantFrom(...FITS.filter((fit) => fit !== 'cover' && fit !== 'contain')) }),
  fc.record({ width: SIDES, height: SIDES, fit: fc.constant('contain' as const), position: fc.constantFrom(...PLACES) }),
  fc.record({ width: SIDES, height: SIDES, fit: fc.constant('cover' as const), position: fc.constantFrom(...PLACES, 'attention', 'entropy', 'focal-point') }),
  fc.record({ width: SIDES }),
  fc.record({ height: SIDES }),
  fc.record({ scale: fc.constantFrom(0.1, 0.5, 1, 2) }),
);

const formats = fc.constantFrom(...OUTPUTS).map((format) => [format]);

export interface Combination {
  readonly original: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly metadata: typeof METADATA_POLICIES[number];
  readonly animation: boolean;
  readonly profile: ProfileSpec & { readonly adjustments: readonly AdjustmentConfig[] };
}

export const combinations: fc.Arbitrary<Combination> = fc.record({
  original: fc.constantFrom(...Object.keys(ORIGINALS)),
  width: SIDES,
  height: SIDES,
  orientation: fc.integer({ min: 1, max: 8 }),
  metadata: fc.constantFrom(...METADATA_POLICIES),
  animation: fc.boolean(),
  profile: fc.tuple(sizes, fc.record({ enlarge: fc.boolean(), background: COLOURS, formats, adjustments }))
    .map(([size, more]) => ({ ...size, ...more })),
});

/** Its bytes. */
export function originalOf({ original, width, height, orientation }: Combination): Promise<Buffer> {
  return ORIGINALS[original](width, height, orientation);
}
