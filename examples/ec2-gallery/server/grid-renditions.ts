import { ImageRecord, Rendition } from './records';

type Renditions = Readonly<Record<string, Rendition>>;

/** What browsers draw, the smallest files first. */
const SMALLEST_FIRST = ['avif', 'webp', 'jpeg', 'png', 'gif'];
/** Of these, what every browser draws. */
const EVERYWHERE = ['jpeg', 'png', 'gif'];
/** Of these, what moves. */
const ANIMATED = ['webp', 'gif'];
/** Pixels of the shorter side that are enough for a grid, also on screens with two pixels for one. */
const ENOUGH = 400;

/**
 * What a list needs to draw an image in a grid: sizes up to the first that is large enough, in the smallest format and in one that every
 * browser draws. Of what no browser draws, the smallest.
 */
export function gridRenditions({ renditions = {}, original }: ImageRecord): Renditions {
  const all = smallestFirst(renditions);
  const present = SMALLEST_FIRST.filter((format) => all.some(([, rendition]) => rendition.format === format));
  if (present.length === 0) return Object.fromEntries(all.slice(0, 1));
  const moving = original?.frames === undefined ? [] : present.filter((format) => ANIMATED.includes(format));
  const formats = new Set([present[0], EVERYWHERE.find((format) => present.includes(format)), ...moving]);
  const chosen = all.filter(([, { format }]) => formats.has(format));
  const enough = chosen.find(([, { width, height }]) => Math.min(width, height) >= ENOUGH)?.[1];
  return Object.fromEntries(chosen.filter(([, rendition]) => !enough || area(rendition) <= area(enough)));
}

/** How many bytes the smallest file of the largest size saves. */
export function savedBytes({ renditions = {}, original }: ImageRecord): number | undefined {
  const all = Object.values(renditions);
  if (!original || all.length === 0) return undefined;
  const largest = Math.max(...all.map(area));
  return Math.max(0, original.bytes - Math.min(...all.filter((rendition) => area(rendition) === largest).map(({ bytes }) => bytes)));
}

export function smallestFirst(renditions: Renditions): [string, Rendition][] {
  return Object.entries(renditions).sort(([aName, a], [bName, b]) => area(a) - area(b) || (aName < bName ? -1 : 1));
}

function area({ width, height }: Rendition): number {
  return width * height;
}
