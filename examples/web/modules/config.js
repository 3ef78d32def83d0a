// @ts-check
/** @typedef {import('./types.js').Config} Config */

const CONTENT_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff'];

/**
 * Reads `config.json` beside the page.
 * @returns {Promise<Config>}
 */
export async function loadConfig() {
  const response = await fetch('config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`config.json answered ${response.status}`);
  const { api, uploads, title, maxBytes, deletes, contentTypes, requestedSize } = await response.json();
  if (typeof api !== 'string') throw new Error(`config.json: expected api to be a URL, received ${JSON.stringify(api)}`);
  if (uploads !== 'multipart' && uploads !== 'presigned') {
    throw new Error(`config.json: expected uploads to be "multipart" or "presigned", received ${JSON.stringify(uploads)}`);
  }
  return {
    api: new URL(api, document.baseURI).href.replace(/\/+$/, ''),
    uploads,
    title: title || 'Images',
    maxBytes,
    deletes: deletes === true,
    contentTypes: contentTypes ?? CONTENT_TYPES,
    requestedSize,
  };
}
