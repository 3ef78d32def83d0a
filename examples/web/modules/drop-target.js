// @ts-check

/**
 * Takes files that are dropped or pasted anywhere on the page.
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
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    give(event.dataTransfer, onFiles);
  });
  window.addEventListener('paste', (event) => give(event.clipboardData, onFiles));
}

/** @param {DragEvent} event */
function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}

/**
 * @param {DataTransfer | null} transfer
 * @param {(files: File[]) => void} onFiles
 */
function give(transfer, onFiles) {
  const files = [...(transfer?.files ?? [])];
  if (files.length > 0) onFiles(files);
}
