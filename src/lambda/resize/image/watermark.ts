import { align, Size } from './geometry';
import { Overlay } from './overlay';
import { sharp } from './sharp';
import { WatermarkConfig, watermarkName } from '../../../contract';

/** Where watermarks come from. */
export interface WatermarkFiles {
  /** @throws Error when it is not there, or is no watermark: not the image's fault */
  read(image: WatermarkConfig['image']): Promise<Buffer>;
  /** Has it read again, as it cannot be decoded. */
  forget(image: WatermarkConfig['image']): void;
}

/**
 * What lays a watermark over a picture.
 *
 * @throws Error when it is not there, or cannot be decoded: not the image's fault
 */
export async function watermark(
  { width, height }: Size, { image, scale, margin, opacity, position, tile }: WatermarkConfig, files: WatermarkFiles,
): Promise<Overlay> {
  const room = { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) };
  const wanted = Math.min(Math.max(1, Math.round(scale * width)), room.width);
  const mark = await drawn(image, files, { width: wanted, height: room.height }, opacity);
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
async function drawn(
  image: WatermarkConfig['image'], files: WatermarkFiles, within: Size, opacity: number,
): Promise<Size & { readonly data: Buffer }> {
  const file = await files.read(image);
  try {
    const { data, info } = await sharp(file).resize({ ...within, fit: 'inside' }).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    for (let at = 3; at < data.length; at += 4) data[at] = Math.round(data[at] * opacity);
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    files.forget(image);
    throw new Error(`the watermark ${watermarkName(image)} cannot be decoded: ${(cause as Error).message}`, { cause });
  }
}
