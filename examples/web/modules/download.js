// @ts-check
import { bestOf } from './album.js';
import { element, webUrl } from './dom.js';

/** @typedef {import('./types.js').Image} Image */

/** Browsers drop downloads that come too fast. */
const PAUSE = 300;

/**
 * Saves the original of each image, or its best version where originals are not given out.
 * @param {readonly string[]} imageIds
 * @param {(imageId: string) => Promise<Image | undefined>} full
 * @returns {Promise<number>} how many could not be saved
 */
export async function download(imageIds, full) {
  let failed = 0;
  for (const imageId of imageIds) {
    const image = await full(imageId).catch(() => undefined);
    const file = image?.source ?? (image && bestOf(image.renditions));
    const address = file && webUrl(file.downloadUrl ?? file.url);
    if (address === undefined) {
      failed += 1;
      continue;
    }
    const link = element('a', { href: address, download: image?.fileName ?? true });
    document.body.append(link);
    link.click();
    link.remove();
    if (imageIds.length > 1) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return failed;
}
