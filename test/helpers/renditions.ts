import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { FormatConfig, PROCESSING_DEFAULTS, PROFILE_DEFAULTS, ProcessingConfig, ProfileConfig, WatermarkConfig, watermarkPath } from '../../src/contract';
import { measure, plan, probe, render } from '../../src/lambda/resize/image';

export type ProfileSpec = Partial<Omit<ProfileConfig, 'formats'>> & { readonly formats?: readonly (FormatConfig | FormatConfig['format'])[] };

/** A profile of JPEG within 100 x 100 pixels, changed by the given fields. */
export function profile(spec: ProfileSpec = {}): ProfileConfig {
  const sized = spec.width !== undefined || spec.height !== undefined || spec.scale !== undefined;
  return {
    ...PROFILE_DEFAULTS,
    name: 'test',
    ...(sized ? {} : { width: 100, height: 100 }),
    ...spec,
    formats: (spec.formats ?? ['jpeg']).map((format) => (typeof format === 'string' ? { format, options: {} } : format)),
  };
}

export function processing(changes: Partial<ProcessingConfig> = {}): ProcessingConfig {
  return { ...PROCESSING_DEFAULTS, ...changes };
}

/** From where the function would find its layers. */
export const watermarks = {
  read: async (image: WatermarkConfig['image']): Promise<Buffer> => readFile(watermarkPath(String(image))),
  forget: () => undefined,
};

/** What the handler makes of an image, by rendition name. */
export async function renditionsOf(
  image: Buffer, profiles: readonly ProfileSpec[], changes: Partial<ProcessingConfig> = {},
): Promise<Record<string, Buffer>> {
  const config = processing(changes);
  const asked = profiles.map(profile);
  const probed = await measure(image, await probe(image, config), asked, { processing: config });
  const made: Record<string, Buffer> = {};
  const refusals: Error[] = [];
  await render(image, probed, plan(probed, asked, config), {
    processing: config,
    onRendition: async ({ name }, data) => { made[name] = data; },
    onSkipped: (_, error) => refusals.push(error),
    watermarks,
  });
  if (refusals.length > 0 && Object.keys(made).length === 0) throw refusals[0];
  return made;
}

/** The one rendition of one profile. */
export async function renditionOf(image: Buffer, spec: ProfileSpec = {}, changes: Partial<ProcessingConfig> = {}): Promise<Buffer> {
  const made = Object.values(await renditionsOf(image, [spec], changes));
  if (made.length !== 1) throw new Error(`expected one rendition, received ${made.length}`);
  return made[0];
}

/** The pixel at the point as channels from 0 to 255, of one frame. */
export async function pixelAt(image: Buffer, x: number, y: number, page = 0): Promise<number[]> {
  const { data, info } = await sharp(image, { page }).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}
