const MAX_NAME_LENGTH = 100;
/** Of an extension that is kept: longer ones are part of the name. */
const MAX_EXTENSION_LENGTH = 16;

/** The key of an upload: nothing that a client writes can lead out of the folder of its image id. */
export function objectKey(prefix: string, imageId: string, fileName: string): string {
  return `${prefix}${imageId}/${safeName(fileName)}`;
}

/** ASCII letters, digits, `.`, `_` and `-`, with the extension kept. */
export function safeName(fileName: string): string {
  // Decomposed, accented letters keep their base letter.
  const ascii = fileName.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  const dot = ascii.lastIndexOf('.');
  const extension = dot >= 0 ? ascii.slice(dot + 1).replace(/[^A-Za-z0-9]/g, '') : '';
  const hasExtension = extension.length > 0 && extension.length <= MAX_EXTENSION_LENGTH;
  const ending = hasExtension ? `.${extension}` : '';
  const stem = (hasExtension ? ascii.slice(0, dot) : ascii)
    .replace(/\.{2,}/g, '.').replace(/^[.-]+/, '').slice(0, MAX_NAME_LENGTH - ending.length).replace(/[.-]+$/, '');
  return `${stem || 'image'}${ending}`;
}
