// @ts-check
import { getDroppedFiles } from '../vendor/uppy.js';

/**
 * Takes files and folders that are dropped or pasted anywhere on the page.
 * @param {HTMLElement} overlay shown while files hover over the page
 * @param {(files: File[]) => void} onFiles
 */
export function acceptDrops(overlay, onFiles) {
  let depth = 0;
  /** @param {number} value */
  const setDepth = (value) => {
    depth = Math.max(0, value);
    overlay.hidden = depth === 0;
  };
  window.addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(depth + 1);
  });
  window.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener('dragleave', (event) => {
    if (hasFiles(event)) setDepth(depth - 1);
  });
  window.addEventListener('drop', async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    give(await getDroppedFiles(/** @type {DataTransfer} */ (event.dataTransfer)), onFiles);
  });
  window.addEventListener('paste', ({ clipboardData }) => give([...(clipboardData?.files ?? [])], onFiles));
}

/** @param {DragEvent} event */
function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}

/**
 * @param {File[]} files
 * @param {(files: File[]) => void} onFiles
 */
function give(files, onFiles) {
  if (files.length > 0) onFiles(files);
}
