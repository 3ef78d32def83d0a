// @ts-check

/** @typedef {{ file: string, type: string }} Sample */

/**
 * The photographs that come with the page, and one file that is damaged, so that one sees what becomes of such.
 * @returns {Promise<File[]>}
 */
export async function loadSamples() {
  const answer = await fetch('samples/samples.json');
  if (!answer.ok) throw new Error(`samples.json answered ${answer.status}`);
  const { photographs } = /** @type {{ photographs: Sample[] }} */ (await answer.json());
  const files = await Promise.all(photographs.map(async ({ file, type }) => new File([await (await fetch(`samples/${file}`)).blob()], file, { type })));
  const [{ type }] = files;
  return [...files, new File([files[0].slice(0, 4000), 'and nothing else'], 'damaged.jpg', { type })].reverse();
}
