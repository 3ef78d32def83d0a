import { readFile } from 'node:fs/promises';
import { align, Size } from './geometry';
import { Overlay } from './overlay';
import { sharp } from './sharp';
import { WatermarkConfig, watermarkPath } from '../../../contract';

/** Files by their names, which follow from what is in them: each is read once. */
const files = new Map<string, Promise<Buffer>>();

/**
 * What lays a watermark over a picture.
 *
 * @throws Error when it is not there, or cannot be decoded: not the image's fault
 */
export async function watermark({ width, height }: Size, { image, scale, margin, opacity, position, tile }: WatermarkConfig): Promise<Overlay> {
  const room = { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) };
  const wanted = Math.min(Math.max(1, Math.round(scale * width)), room.width);
  const mark = await drawn(image, { width: wanted, height: room.height }, opacity);
  const raw = { width: mark.width, height: mark.height, channels: 4 } as const;
  if (!tile) {
    // Where there is no room for the margin, it gives way.
    const place = (space: number, side: 'left' | 'top') => {
      const kept = Math.min(margin, Math.floor(space / 2));
      return kept + align(space - 2 * kept, position, side);
    };
    return { input: mark.data, raw, left: place(width - mark.width, 'left'), top: place(height - mark.height, 'top') };
  }
  const [right, bottom] = [Math.min(margin, width - mark.width), Math.min(margin, height - mark.height)];
  const spaced = sharp(mark.data, { raw }).extend({ right, bottom, background: { r: 0, g: 0, b: 0, alpha: 0 } });
  const { data, info } = await spaced.raw().toBuffer({ resolveWithObject: true });
  return { input: data, raw: { width: info.width, height: info.height, channels: 4 }, tile: true, gravity: 'northwest' };
}

/** The watermark within a size, as pixels with alpha. */
async function drawn(image: string, within: Size, opacity: number): Promise<Size & { readonly data: Buffer }> {
  const file = await read(image);
  try {
    const { data, info } = await sharp(file).resize({ ...within, fit: 'inside' }).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    for (let at = 3; at < data.length; at += 4) data[at] = Math.round(data[at] * opacity);
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    throw new Error(`the watermark ${image} cannot be decoded: ${(cause as Error).message}`, { cause });
  }
}

async function read(image: string): Promise<Buffer> {
  const known = files.get(image);
  if (known) return known;
  const reading = (async () => readFile(watermarkPath(image)))();
  files.set(image, reading);
  // The next try looks again.
  reading.catch(() => files.delete(image));
  return reading;
}
