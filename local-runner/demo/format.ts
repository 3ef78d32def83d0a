/** Numbers and names as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

export function formatPixels({ width, height, frames }: { readonly width: number; readonly height: number; readonly frames?: number }): string {
  return `${width} x ${height}${frames ? ` x ${frames} frames` : ''}`;
}

/** How much smaller a rendition is than its original; a plus for one that is larger. */
export function formatSaving(reductionPercent: number): string {
  return reductionPercent >= 0 ? `-${reductionPercent} %`.replace(/^-0 /, '0 ') : `+${-reductionPercent} %`;
}

export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** File names may hold what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The end of a long text tells more than its beginning: it has the file's name. */
export function shortened(text: string, maxLength: number): string {
  return text.length > maxLength ? `...${text.slice(text.length - maxLength + 3)}` : text;
}
