import { AVIFS } from './avif';
import { GIFS } from './gif';
import { HEICS } from './heic';
import { JPEGS } from './jpeg';
import { PNGS } from './png';
import { Axes, Choice, describeChoice, Lacking, pairwise, plainest, randomChoice, Space } from './space';
import { SVGS } from './svg';
import { TIFFS } from './tiff';
import { WEBPS } from './webp';
import { METADATA_POLICIES, MetadataPolicyName } from '../../../src/contract';
import { RawImage } from '../../helpers/images';
import { Random } from '../../hostile/mutate';
import { generator } from '../../measure/bench/images';

/** Each rendition from one decoding with the others, or by itself: they are the same. */
export const WAYS = ['together', 'alone'] as const;
export type Way = (typeof WAYS)[number];

/** How an original is rendered, beside what it is. */
interface How {
  readonly ways: readonly Way[];
  /** Renditions look the same with any. */
  readonly metadata: MetadataPolicyName;
}

/** As it is by default, and in both ways. */
export const USUAL: How = { ways: WAYS, metadata: 'strip' };

export interface Original extends How {
  /** Format and what is unusual about it, or the path of a file. */
  readonly name: string;
  readonly format: string;
  /** What was chosen, by axis; empty for files that were not made here. */
  readonly choice: Readonly<Record<string, string>>;
  /** What is to be seen, where the other program is known to be wrong. */
  readonly picture?: RawImage;
  /** What no rendition may be made of, as it is missing. */
  readonly lacks?: Lacking;
  /** Words of `docs/limits.md` that say why the other program is asked about another one. */
  readonly line?: string;
  make(): Promise<Buffer>;
  /** What the other program is asked about. */
  ask(): Promise<Buffer>;
}

export const SPACES = { jpeg: JPEGS, png: PNGS, webp: WEBPS, avif: AVIFS, gif: GIFS, tiff: TIFFS, heic: HEICS, svg: SVGS } as const;
export type SpaceName = keyof typeof SPACES;

/** The originals that are always compared: every value of an axis meets every value of each other axis, and every way to render it. */
export function standing(name: SpaceName): Original[] {
  const space = rendered(spaceOf(name));
  return pairwise(space, generator(1)).map((choice) => renderedOriginal(name, space, choice));
}

/** So many originals from anywhere in the spaces. */
export function drawn(runs: number, random: Random): Original[] {
  const names = Object.keys(SPACES) as SpaceName[];
  return Array.from({ length: runs }, (_, run) => {
    const name = names[run % names.length];
    const space = rendered(spaceOf(name));
    return renderedOriginal(name, space, randomChoice(space, random));
  });
}

/** Every axis by itself: one value is unusual, the others are not. */
export function simple(name: SpaceName): Original[] {
  const space = spaceOf(name);
  const plain = plainest(space);
  const choices = [plain, ...Object.entries(space.axes).flatMap(([axis, values]) => values.slice(1).map((value) => ({ ...plain, [axis]: value })))];
  return choices.filter((choice) => space.exists(choice)).map((choice) => originalOf(name, space, choice, USUAL));
}

function spaceOf(name: SpaceName): Space<Axes> {
  return SPACES[name] as unknown as Space<Axes>;
}

const HOW = { metadata: METADATA_POLICIES, way: WAYS } as const;

function rendered(space: Space<Axes>): Space<Axes> {
  return { ...space, axes: { ...space.axes, ...HOW } };
}

function renderedOriginal(format: SpaceName, space: Space<Axes>, choice: Choice<Axes>): Original {
  const { metadata, way } = choice as Choice<typeof HOW>;
  return originalOf(format, space, choice, { metadata, ways: [way] });
}

function originalOf(format: SpaceName, space: Space<Axes>, choice: Choice<Axes>, how: How): Original {
  const substitute = space.substitute?.(choice);
  return {
    ...how,
    name: `${format}: ${describeChoice(space, choice)}`,
    format,
    choice,
    lacks: space.lacks?.(choice),
    make: async () => space.make(choice),
    ask: async () => space.make(substitute?.choice ?? choice),
    line: substitute?.line,
    picture: space.picture?.(choice),
  };
}
