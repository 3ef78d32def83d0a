import { Chromium } from './chromium';
import { findImageMagick, ImageMagick } from './imagemagick';
import type { Oracle } from './oracle';
import { findChromium } from '../../examples/browser/browser';

export type { Oracle } from './oracle';

/** Most browsers show neither. */
const BY_IMAGEMAGICK = ['tiff', 'heic'];

export function oracleName(format: string): 'ImageMagick' | 'Chromium' {
  return BY_IMAGEMAGICK.includes(format) ? 'ImageMagick' : 'Chromium';
}

export function isInstalled(name: 'ImageMagick' | 'Chromium'): boolean {
  if (name === 'ImageMagick') return findImageMagick() !== undefined;
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
