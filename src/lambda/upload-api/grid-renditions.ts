import type { OriginalFacts, RenditionFacts } from '../../contract';

type Renditions = Readonly<Record<string, RenditionFacts>>;

/** What browsers draw, the smallest files first. */
const SMALLEST_FIRST = ['avif', 'webp', 'jpeg', 'png', 'gif'];
/** Of these, what every browser draws. */
const EVERYWHERE = ['jpeg', 'png', 'gif'];
const ANIMATED = ['webp', 'gif'];
/** Pixels of the shorter side that are enough for a grid, also on screens with two pixels for one. */
const ENOUGH = 400;

/**
 * The renditions that a list needs to draw an image in a grid: up to the first size that is large enough, in the format with the
 * smallest files and in one that every browser knows. Of what no browser draws, the smallest.
 */
export function gridRenditions(renditions: Renditions, original?: OriginalFacts): Renditions {
  const drawn = Object.values(renditions).map<string>(({ format }) => format);
  const present = SMALLEST_FIRST.filter((format) => drawn.includes(format));
  if (present.length === 0) return firstOf(renditions);
  const moving = original && original.frames !== undefined ? present.filter((format) => ANIMATED.includes(format)) : [];
  const formats = new Set<string | undefined>([present[0], EVERYWHERE.find((format) => present.includes(format)), ...moving]);
  const chosen = bySize(renditions).filter(([, { format }]) => formats.has(format));
  const enough = chosen.find(([, { width, height }]) => Math.min(width, height) >= ENOUGH)?.[1];
  return Object.fromEntries(chosen.filter(([, rendition]) => !enough || area(rendition) <= area(enough)));
}

/** How many bytes the smallest file of the largest size saves; undefined where nothing was made. */
export function savedBytes(renditions: Renditions, original?: OriginalFacts): number | undefined {
  const all = Object.values(renditions);
  if (!original || all.length === 0) return undefined;
  const largest = Math.max(...all.map(area));
  const smallest = Math.min(...all.filter((rendition) => area(rendition) === largest).map(({ bytes }) => bytes));
  return Math.max(0, original.bytes - smallest);
}

/** The smallest first. */
export function bySize(renditions: Renditions): [string, RenditionFacts][] {
  return Object.entries(renditions).sort(([aName, a], [bName, b]) => area(a) - area(b) || (aName < bName ? -1 : 1));
}

function firstOf(renditions: Renditions): Renditions {
  return Object.fromEntries(bySize(renditions).slice(0, 1));
}

function area({ width, height }: RenditionFacts): number {
  return width * height;
}
