import { Chromium } from './chromium';
import { findImageMagick, ImageMagick, readsHeic } from './imagemagick';
import type { Oracle } from './oracle';
import { findChromium } from '../../examples/browser/browser';

export type { Oracle } from './oracle';

/** Most browsers show neither. */
const BY_IMAGEMAGICK = ['tiff', 'heic'];

export function oracleName(format: string): 'ImageMagick' | 'Chromium' {
  return BY_IMAGEMAGICK.includes(format) ? 'ImageMagick' : 'Chromium';
}

/** @param format that is to be shown by it */
export function isInstalled(name: 'ImageMagick' | 'Chromium', format = ''): boolean {
  const program = name === 'ImageMagick' ? findImageMagick() : undefined;
  if (name === 'ImageMagick') return program !== undefined && (format !== 'heic' || readsHeic(program));
  try {
    return findChromium() !== '';
  } catch {
    return false;
  }
}

/** Who judges a format. */
export class Oracles {
  /** @returns with those that are installed */
  static async open(): Promise<Oracles> {
    return new Oracles(
      isInstalled('Chromium') ? await Chromium.launch() : undefined,
      isInstalled('ImageMagick') ? new ImageMagick(findImageMagick()!) : undefined,
    );
  }

  private constructor(private readonly chromium?: Oracle, private readonly imageMagick?: Oracle) {}

  /** @returns undefined when it is not installed */
  for(format: string): Oracle | undefined {
    return oracleName(format) === 'ImageMagick' ? this.imageMagick : this.chromium;
  }

  async close(): Promise<void> {
    await Promise.all([this.chromium?.close(), this.imageMagick?.close()]);
  }
}
