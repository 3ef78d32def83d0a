import { BUDGETS, FILE_BUDGET } from './budgets';
import { compare, Difference } from './compare';
import type { Oracle } from './oracles';
import type { Original } from './originals';
import { onPaper, Picture, project, View, views } from './views';
import { PermanentError } from '../../src/lambda/resize/endings/permanent-error';
import { renditionsOf } from '../helpers/renditions';

export interface Pair extends Difference {
  readonly view: string;
  readonly rendition: Picture;
  readonly shown: Picture;
}

/** Why a verdict is not as it should be. */
export type Problem =
  /** Both show the original, and not the same. */
  | 'differs'
  /** The handler refuses what the other program shows. */
  | 'refused'
  /** The handler makes renditions of what the other program does not show. */
  | 'unseen'
  /** Neither renditions nor a refusal. */
  | 'broken';

/** What the handler made of an original, beside what another program shows. */
export interface Verdict {
  readonly original: Original;
  /** `COMPLETED`, the code of the failure, or `ERROR`. */
  readonly outcome: string;
  readonly message?: string;
  readonly problem?: Problem;
  /** Empty unless both show it. */
  readonly pairs: readonly Pair[];
}

/** Each rendition from one decoding with the others, or by itself: they are the same. */
export const WAYS = ['together', 'alone'] as const;
export type Way = (typeof WAYS)[number];

export interface JudgeOptions {
  /** Pixels of the longest side of a rendition. */
  readonly side: number;
  readonly ways: readonly Way[];
}

export async function judge(original: Original, oracle: Oracle, { side, ways }: JudgeOptions): Promise<Verdict> {
  const data = await original.make();
  const all = views(side);
  const papers = [...new Set(all.map(({ paper }) => paper))];
  const shown = await oracle.show(data, original.format, papers);
  const pairs: Pair[] = [];
  try {
    for (const way of ways) {
      const made = await render(data, all, way);
      for (const view of shown ? all : []) {
        const expected = await project(shown![papers.indexOf(view.paper)], view);
        const rendition = await onPaper(made.get(view)!, view.paper);
        pairs.push({ view: `${view.spec.name} ${way}`, rendition, shown: expected, ...compare(rendition, expected) });
      }
    }
  } catch (error) {
    const isRefused = error instanceof PermanentError;
    const message = error instanceof Error ? error.message : String(error);
    return { original, outcome: isRefused ? error.code : 'ERROR', message, problem: !isRefused ? 'broken' : shown ? 'refused' : undefined, pairs: [] };
  }
  const isAlike = pairs.every((pair) => isWithin(pair, original));
  return { original, outcome: 'COMPLETED', problem: !shown ? 'unseen' : isAlike ? undefined : 'differs', pairs };
}

/** The pair that is furthest apart. */
export function worst({ pairs }: Verdict): Pair | undefined {
  return [...pairs].sort((one, other) => other.error - one.error)[0];
}

function isWithin({ error, similarity }: Difference, { format, choice }: Original): boolean {
  const isMadeHere = Object.keys(choice).length > 0;
  const budget = isMadeHere ? BUDGETS[format] : FILE_BUDGET;
  return error <= budget.error && similarity >= budget.similarity;
}

async function render(data: Buffer, all: readonly View[], way: Way): Promise<Map<View, Buffer>> {
  const processing = { acceptSvg: true };
  const keyOf = ({ spec }: View) => `${spec.name}.${spec.formats[0].format}`;
  if (way === 'together') {
    const made = await renditionsOf(data, all.map(({ spec }) => spec), processing);
    return new Map(all.map((view) => [view, made[keyOf(view)]]));
  }
  const made = new Map<View, Buffer>();
  for (const view of all) made.set(view, (await renditionsOf(data, [view.spec], processing))[keyOf(view)]);
  return made;
}
