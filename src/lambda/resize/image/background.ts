import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Colour } from './colour';
import { sharp } from './sharp';

/** The values by which a colour, given in sRGB, goes by in the space of the image's own RGB profile. */
export async function inProfileOf(image: Buffer, { r, g, b, alpha }: Colour): Promise<Colour> {
  const { icc } = await sharp(image).metadata();
  if (!icc) return { r, g, b, alpha };
  // sharp takes profiles by path alone.
  const directory = await mkdtemp(join(tmpdir(), 'profile-'));
  try {
    const path = join(directory, 'source.icc');
    await writeFile(path, icc);
    return await inProfile(path, { r, g, b, alpha });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same in Display P3, in which sharp works on 16 bits with a profile. */
export async function inDisplayP3(colour: Colour): Promise<Colour> {
  return inProfile('p3', colour);
}

async function inProfile(profile: string, { r, g, b, alpha }: Colour): Promise<Colour> {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: { r, g, b } } });
  const [red, green, blue] = await pixel.withIccProfile(profile, { attach: false }).raw().toBuffer();
  return { r: red, g: green, b: blue, alpha };
}
