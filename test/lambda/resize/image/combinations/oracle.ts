/** What holds of every rendition, whatever was asked for. */
import sharp from 'sharp';
import { Combination, originalOf } from './arbitraries';
import { adjustmentOf, AdjustmentConfig } from '../../../../../src/contract';
import { measure, plan, PlannedRendition, probe, render } from '../../../../../src/lambda/resize/image';
import { open, solid } from '../../../../helpers/images';
import { processing, profile as profileOf, watermarks } from '../../../../helpers/renditions';

/** Of what is stored as 8 bits between two steps, and of that sharpened. */
const [ROUNDING, SHARPENED_ROUNDING] = [6, 24];

interface Made {
  readonly planned: PlannedRendition;
  readonly data: Buffer;
  readonly frames: number;
}

async function make(image: Buffer, { metadata, animation, profile }: Pick<Combination, 'metadata' | 'animation' | 'profile'>): Promise<Made> {
  const config = processing({ metadata, animation, acceptSvg: true });
  const profiles = [profileOf(profile)];
  const probed = await measure(image, await probe(image, config), profiles, { processing: config });
  const made: Made[] = [];
  await render(image, probed, plan(probed, profiles, config, { focalPoint: { x: 0.9, y: 0.1 } }), {
    processing: config, watermarks, onRendition: async (planned, data, frames) => void made.push({ planned, data: Buffer.from(data), frames }),
  });
  return made[0];
}

/** What is wrong with the rendition of a combination. */
export async function problemsOf(combination: Combination): Promise<string[]> {
  const image = await originalOf(combination);
  const made = await make(image, combination);
  return [
    ...await problemsOfForm(made, combination),
    ...await problemsOfCorners(made, combination),
    ...await problemsOfGreyness(made, combination),
    ...await problemsOfOrder(image, combination),
  ];
}

/** The rendition is what was planned, which is what records say. */
async function problemsOfForm({ planned, data, frames }: Made, { original, animation, profile: { adjustments } }: Combination): Promise<string[]> {
  const { format, compression, width, height, pageHeight, pages = 1, hasAlpha, orientation } = await sharp(data).metadata();
  const found = format === 'heif' && compression === 'av1' ? 'avif' : format;
  const isAnimated = /Animation$/.test(original) && animation && ['gif', 'webp'].includes(planned.format) && !adjustmentOf(adjustments, 'trim');
  return [
    ...expectSame('format', found, planned.format),
    ...expectSame('size', `${width}x${pageHeight ?? height}`, `${planned.width}x${planned.height}`),
    ...expectSame('frames', pages, frames),
    ...expectSame('planned frames', planned.frames, isAnimated ? 3 : 1),
    ...expectSame('alpha of what has none', planned.flatten && hasAlpha, false),
    // Of one it would be turned once more.
    ...expectSame('orientation', orientation ?? 1, 1),
  ];
}

/** Corners are transparent where the format has transparency, and nowhere else. */
async function problemsOfCorners({ planned: { flatten, width, height }, data }: Made, { profile: { adjustments } }: Combination): Promise<string[]> {
  const corners = adjustmentOf(adjustments, 'roundedCorners');
  const side = Math.min(corners?.radius ?? 0, Math.floor(Math.min(width, height) / 2));
  // Of smaller ones no pixel is wholly outside.
  if (side < 3 || flatten) return [];
  const { data: pixels, info } = await sharp(data).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const alphaAt = (x: number, y: number) => pixels[(y * info.width + x) * info.channels + 3];
  const found = [[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]].map(([x, y]) => alphaAt(x, y));
  return found.every((alpha) => alpha <= 40) ? [] : [`corners have alpha ${found.join(', ')}`];
}

/** Nothing has colours after greyscale, unless a watermark has, or corners are painted. */
async function problemsOfGreyness({ planned: { flatten }, data }: Made, { profile: { adjustments } }: Combination): Promise<string[]> {
  const has = (name: AdjustmentConfig['name']) => adjustments.some((adjustment) => adjustment.name === name);
  if (!has('greyscale') || has('watermark') || (has('roundedCorners') && flatten)) return [];
  const { data: pixels, info } = await sharp(data).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  let most = 0;
  for (let at = 0; at < pixels.length; at += info.channels) {
    if (pixels[at + 3] < 128) continue;
    const colours = [...pixels.subarray(at, at + 3)];
    most = Math.max(most, Math.max(...colours) - Math.min(...colours));
  }
  return most <= 12 ? [] : [`channels of what is grey are up to ${most} apart`];
}

/**
 * All adjustments at once are the same as one after the other, in the order of the documentation. Compared where nothing else is in between:
 * stills in sRGB, without loss.
 */
async function problemsOfOrder(image: Buffer, combination: Combination): Promise<string[]> {
  const { profile: { adjustments, ...profile }, original } = combination;
  if (['cmyk', 'wideGamut', 'deep', 'svg'].includes(original)) return [];
  const lossless = { metadata: 'strip', animation: false } as const;
  const formats = [{ format: 'png' as const, options: {} }];
  const stills = async (from: Buffer, spec: Combination['profile']) => (await make(from, { ...lossless, profile: { ...spec, formats } })).data;
  const atOnce = await stills(image, { ...profile, adjustments });
  const isFirst = ({ name }: AdjustmentConfig) => name === 'trim' || name === 'extend';
  let step = await stills(image, { ...profile, adjustments: adjustments.filter(isFirst) });
  for (const adjustment of adjustments.filter((each) => !isFirst(each))) {
    step = await stills(step, { scale: 1, background: profile.background, adjustments: [adjustment] });
  }
  const [one, other] = await Promise.all([atOnce, step].map((png) => sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true })));
  if (one.info.width !== other.info.width || one.info.height !== other.info.height) return ['done one after the other, the size is another'];
  let most = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const alpha = Math.min(one.data[at + 3], other.data[at + 3]) / 255;
    for (let channel = 0; channel < 3; channel += 1) most = Math.max(most, alpha * Math.abs(one.data[at + channel] - other.data[at + channel]));
    most = Math.max(most, Math.abs(one.data[at + 3] - other.data[at + 3]));
  }
  const tolerance = adjustmentOf(adjustments, 'sharpen') ? SHARPENED_ROUNDING : ROUNDING;
  return most <= tolerance ? [] : [`done one after the other, pixels are up to ${Math.round(most)} apart`];
}

function expectSame(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what} is ${String(found)} and not ${String(expected)}`];
}

/** The files of `MARKS`, by name. */
export async function marks(): Promise<Record<string, Buffer>> {
  const mark = (width: number, height: number, alpha: number) => open(solid(width, height, [30, 50, 210, alpha]));
  return {
    'blue.png': await mark(40, 20, 255).png().toBuffer(),
    'half.png': await mark(30, 30, 128).png().toBuffer(),
    'pixel.png': await mark(1, 1, 255).png().toBuffer(),
    'high.png': await mark(4, 200, 255).png({ palette: true }).toBuffer(),
  };
}
