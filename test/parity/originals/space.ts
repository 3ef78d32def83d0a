/** A space of originals: every choice along several axes. */
import { RawImage } from '../../helpers/images';
import { pick, Random } from '../../hostile/mutate';

export type Axes = Readonly<Record<string, readonly string[]>>;

/** One choice of each axis. */
export type Choice<A extends Axes> = { readonly [axis in keyof A]: A[axis][number] };

export interface Space<A extends Axes> {
  readonly axes: A;
  /** Values, by axis, that tell something only together: each combination of them is among the originals that are always compared. */
  readonly joint?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Whether there is such a file: some formats hold no such depth, space or profile. */
  exists(choice: Choice<A>): boolean;
  make(choice: Choice<A>): Promise<Buffer> | Buffer;
  /** What is missing, by damage: pixels of any rendition, or those of later frames alone. */
  lacks?(choice: Choice<A>): Lacking | undefined;
  /** What is shown to the other program instead, where it deals with this one in a way that is not followed. */
  substitute?(choice: Choice<A>): Substitute<A> | undefined;
  /** What is to be seen, where the other program is known to be wrong; undefined where it is right. */
  picture?(choice: Choice<A>): RawImage | undefined;
}

export type Lacking = 'pixels' | 'frames';

/** The usual damage: what is lost, or does not unpack. */
export function lacksPixels({ damage }: Readonly<Record<string, string>>): Lacking | undefined {
  return /^(?:lost-|bad-codes|offset-beyond)/.test(damage) ? 'pixels' : undefined;
}

export interface Substitute<A extends Axes> {
  readonly choice: Choice<A>;
  /** Words of `docs/limits.md` that say so; none where the other program is wrong. */
  readonly line?: string;
}

export function randomChoice<A extends Axes>({ axes, exists }: Space<A>, random: Random): Choice<A> {
  for (;;) {
    const choice = Object.fromEntries(Object.entries(axes).map(([axis, values]) => [axis, pick(values, random)])) as Choice<A>;
    if (exists(choice)) return choice;
  }
}

/** Rivals from which the choice with most that is new is taken. */
const RIVALS = 40;
/** So many draws without anything new: the pairs that are left do not exist. */
const PATIENCE = 20;

/**
 * So many choices that every value meets every value of each other axis in one of them, where that exists, and joint values all others.
 * A file that lacks pixels shows nothing but how it is refused.
 */
export function pairwise<A extends Axes>(space: Space<A>, random: Random): Choice<A>[] {
  const told = (choice: Choice<A>) => (space.lacks?.(choice) === 'pixels'
    ? pairsOf(choice).filter((pair) => pair.includes('damage='))
    : [...pairsOf(choice), ...jointOf(space, choice)]);
  const covered = new Set<string>();
  const chosen: Choice<A>[] = [plainest(space)];
  told(chosen[0]).forEach((pair) => covered.add(pair));
  for (let fruitless = 0; fruitless < PATIENCE;) {
    const rivals = Array.from({ length: RIVALS }, () => randomChoice(space, random));
    const news = rivals.map((rival) => told(rival).filter((pair) => !covered.has(pair)));
    const best = news.reduce((most, pairs, at) => (pairs.length > news[most].length ? at : most), 0);
    if (news[best].length === 0) {
      fruitless += 1;
      continue;
    }
    fruitless = 0;
    chosen.push(rivals[best]);
    news[best].forEach((pair) => covered.add(pair));
  }
  return chosen;
}

/** The first value of each axis is the usual one. */
export function plainest<A extends Axes>({ axes }: Space<A>): Choice<A> {
  return Object.fromEntries(Object.entries(axes).map(([axis, [usual]]) => [axis, usual])) as Choice<A>;
}

/** What is not as usual, in words. */
export function describeChoice<A extends Axes>({ axes }: Space<A>, choice: Choice<A>): string {
  const unusual = Object.entries(choice).filter(([axis, value]) => value !== axes[axis][0]);
  return unusual.map(([axis, value]) => `${axis} ${value}`).join(', ') || 'plain';
}

function pairsOf(choice: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(choice).map(([axis, value]) => `${axis}=${value}`);
  return values.flatMap((one, at) => values.slice(at + 1).map((other) => `${one}&${other}`));
}

function jointOf<A extends Axes>({ joint = [] }: Space<A>, choice: Readonly<Record<string, string>>): string[] {
  return joint.flatMap((values, at) => {
    const axes = Object.keys(values);
    return axes.every((axis) => values[axis].includes(choice[axis])) ? `${at}:${axes.map((axis) => choice[axis]).join()}` : [];
  });
}
