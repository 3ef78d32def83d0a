import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { invalid, requireKnown } from '../support/checks';

const MAX_BYTES = 2 * 1024 * 1024;
const MAX_PIXELS = 4096;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The chunk that every PNG ends with, without its length. */
const END = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/** A picture that `ImageAdjustment.watermark` lays over renditions. */
export class ImageWatermark {
  /**
   * A PNG that is part of your app, with or without transparency. It comes to the function in a layer, and is read once.
   *
   * @param path a PNG of at most 2 MiB and 4096 pixels a side
   */
  public static fromAsset(path: string): ImageWatermark {
    requireKnown('ImageWatermark.fromAsset', path);
    if (!existsSync(path)) throw invalid('ImageWatermark.fromAsset', 'a file that is there', path);
    const content = readFileSync(path);
    if (!content.subarray(0, 8).equals(SIGNATURE) || content.length < 45 || !content.subarray(-8).equals(END)) {
      throw invalid('ImageWatermark.fromAsset', 'a whole PNG', path);
    }
    if (content.length > MAX_BYTES) throw invalid('ImageWatermark.fromAsset', `a file of at most ${MAX_BYTES} bytes`, content.length, `make ${path} smaller`);
    const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
    if (Math.max(width, height) > MAX_PIXELS) {
      throw invalid('ImageWatermark.fromAsset', `at most ${MAX_PIXELS} pixels a side`, `${width}x${height}`, `make ${path} smaller`);
    }
    return new ImageWatermark(path, `${createHash('sha256').update(content).digest('hex').slice(0, 16)}.png`);
  }

  private constructor(
    /** @internal */
    public readonly _path: string,
    /**
     * Follows from the content: another picture is another setting of the renditions.
     *
     * @internal
     */
    public readonly _name: string,
  ) {}
}
