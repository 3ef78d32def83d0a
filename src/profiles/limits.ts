/** The longest side a rendition can be asked for: what WebP can hold. */
export const MAX_SIDE = 16383;
