import { AVIFS } from './avif';
import { GIFS } from './gif';
import { HEICS } from './heic';
import { JPEGS } from './jpeg';
import { PNGS } from './png';
import { Axes, Choice, describeChoice, pairwise, randomChoice, Space } from './space';
import { SVGS } from './svg';
import { TIFFS } from './tiff';
import { WEBPS } from './webp';
import { RawImage } from '../../helpers/images';
import { Random } from '../../hostile/mutate';
import { generator } from '../../measure/bench/images';

export interface Original {
  /** Format and what is unusual about it, or the path of a file. */
  readonly name: string;
  readonly format: string;
  /** What was chosen, by axis; empty for files that were not made here. */
  readonly choice: Readonly<Record<string, string>>;
  /** What is to be seen, where the other program is known to be wrong. */
  readonly picture?: RawImage;
  /** Words of `docs/limits.md` that say why the other program is asked about another one. */
  readonly line?: string;
  make(): Promise<Buffer>;
  /** What the other program is asked about. */
  ask(): Promise<Buffer>;
}

export const SPACES = { jpeg: JPEGS, png: PNGS, webp: WEBPS, avif: AVIFS, gif: GIFS, tiff: TIFFS, heic: HEICS, svg: SVGS } as const;
export type SpaceName = keyof typeof SPACES;

/** The originals that are always compared: every value of an axis meets every value of each other axis. */
export function standing(name: SpaceName): Original[] {
  const space = spaceOf(name);
  return pairwise(space, generator(1)).map((choice) => originalOf(name, space, choice));
}

/** So many originals from anywhere in the spaces. */
export function drawn(runs: number, random: Random): Original[] {
  const names = Object.keys(SPACES) as SpaceName[];
  return Array.from({ length: runs }, (_, run) => {
    const name = names[run % names.length];
    return originalOf(name, spaceOf(name), randomChoice(spaceOf(name), random));
  });
}

/** Every axis by itself: one value is unusual, the others are not. */
export function simple(name: SpaceName): Original[] {
  const space = spaceOf(name);
  const plain = Object.fromEntries(Object.entries(space.axes).map(([axis, [usual]]) => [axis, usual]));
  const choices = [plain, ...Object.entries(space.axes).flatMap(([axis, values]) => values.slice(1).map((value) => ({ ...plain, [axis]: value })))];
  return choices.filter((choice) => space.exists(choice)).map((choice) => originalOf(name, space, choice));
}

function spaceOf(name: SpaceName): Space<Axes> {
  return SPACES[name] as unknown as Space<Axes>;
}

function originalOf(format: SpaceName, space: Space<Axes>, choice: Choice<Axes>): Original {
  const substitute = space.substitute?.(choice);
  return {
    name: `${format}: ${describeChoice(space, choice)}`,
    format,
    choice,
    make: async () => space.make(choice),
    ask: async () => space.make(substitute?.choice ?? choice),
    line: substitute?.line,
    picture: space.picture?.(choice),
  };
}
