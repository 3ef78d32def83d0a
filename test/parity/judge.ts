import { BUDGETS, FILE_BUDGET, KEPT_PROFILE_BUDGET, WRITING_BUDGET } from './budgets';
import { compare, Difference } from './compare';
import type { Oracle } from './oracles';
import type { Original, Way } from './originals';
import { animatedViews, onPaper, Picture, project, rawOnPaper, View, views } from './views';
import type { ProcessingConfig } from '../../src/contract';
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
  /** The handler makes renditions although pixels of them are missing. */
  | 'accepted'
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

export interface JudgeOptions {
  /** Pixels of the longest side of a rendition. */
  readonly side: number;
}

export async function judge(original: Original, oracle: Oracle, { side }: JudgeOptions): Promise<Verdict> {
  const shown = new Shown(original, oracle);
  try {
    const pairs = await stills(original, shown, side);
    if (original.lacks === 'pixels' || (original.lacks === 'frames' && await isAnimatedAnyway(original, side))) {
      return { original, outcome: 'COMPLETED', problem: 'accepted', pairs };
    }
    if (!original.lacks && await shown.isAnimated()) pairs.push(...await animations(original, shown, side));
    const isAlike = pairs.every((pair) => isWithin(pair, budgetOf(original)));
    return { original, outcome: 'COMPLETED', problem: pairs.length === 0 ? 'unseen' : isAlike ? undefined : 'differs', pairs };
  } catch (error) {
    const isRefused = error instanceof PermanentError;
    const message = error instanceof Error ? error.message : String(error);
    const isShown = await shown.on('#ffffff') !== undefined;
    return { original, outcome: isRefused ? error.code : 'ERROR', message, problem: !isRefused ? 'broken' : isShown ? 'refused' : undefined, pairs: [] };
  }
}

/** Whether later frames are made of what is not there. */
async function isAnimatedAnyway(original: Original, side: number): Promise<boolean> {
  try {
    await render(await original.make(), animatedViews(side), 'alone', { animation: true, metadata: original.metadata });
    return true;
  } catch (error) {
    if (error instanceof PermanentError && error.code === 'CORRUPT_IMAGE') return false;
    throw error;
  }
}

async function stills({ make, ways, metadata }: Original, shown: Shown, side: number): Promise<Pair[]> {
  const data = await make();
  const pairs: Pair[] = [];
  for (const way of ways) {
    for (const [view, rendition] of await render(data, views(side), way, { animation: false, metadata })) {
      const picture = await shown.on(view.paper);
      if (picture) pairs.push(pairOf(`${view.spec.name} ${way}`, await onPaper(rendition, view.paper), await project(picture, view)));
    }
  }
  return pairs;
}

async function animations(original: Original, shown: Shown, side: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const [view, rendition] of await render(await original.make(), animatedViews(side), 'alone', { animation: true, metadata: original.metadata })) {
    const frames = await shown.framesOn(view.paper);
    const { format } = view.spec.formats[0];
    // By a reader that is not the one of the encoder.
    const made = await shown.framesOf(rendition, format, view.paper);
    // Encoders may merge neighbours that are alike: the frames of files of people are compared where none was.
    if (isMadeHere(original) || frames.length === made.length) {
      for (const [at, frame] of frames.entries()) {
        pairs.push(pairOf(`${format}, frame ${at + 1} of ${made.length}`, made[at] ?? NOTHING, await project(frame, view)));
      }
    }
  }
  return pairs;
}

const NOTHING: Picture = { data: Buffer.alloc(0), width: 0, height: 0 };

function pairOf(view: string, rendition: Picture, shown: Picture): Pair {
  return { view, rendition, shown, ...compare(rendition, shown) };
}

/** What the other program shows of an original, asked once for each colour of paper. */
class Shown {
  private readonly pictures = new Map<string, Picture | undefined>();

  constructor(private readonly original: Original, private readonly oracle: Oracle) {}

  async on(paper: string): Promise<Picture | undefined> {
    const { picture, format } = this.original;
    if (picture) return rawOnPaper(picture, paper);
    if (!this.pictures.has(paper)) {
      const papers = [...new Set([...views(8).map((view) => view.paper), paper])];
      const pictures = await this.oracle.show(await this.original.ask(), format, papers);
      papers.forEach((each, at) => this.pictures.set(each, pictures?.[at]));
    }
    return this.pictures.get(paper);
  }

  async isAnimated(): Promise<boolean> {
    return ANIMATED.includes(this.original.format) && (await this.framesOn('#ffffff')).length > 1;
  }

  async framesOn(paper: string): Promise<Picture[]> {
    return this.framesOf(await this.original.ask(), this.original.format, paper);
  }

  async framesOf(image: Buffer, format: string, paper: string): Promise<Picture[]> {
    return await this.oracle.animate?.(image, format, paper) ?? [];
  }
}

const ANIMATED = ['gif', 'webp'];

/** The pair that is furthest apart. */
export function worst({ pairs }: Verdict): Pair | undefined {
  return [...pairs].sort((one, other) => other.error - one.error)[0];
}

function isWithin({ error, similarity }: Difference, budget: Difference): boolean {
  return error <= budget.error && similarity >= budget.similarity;
}

function budgetOf(original: Original): Difference {
  const { metadata, choice } = original;
  if (!isMadeHere(original)) return FILE_BUDGET;
  if (choice.writing !== undefined && choice.writing !== 'none') return WRITING_BUDGET;
  return metadata === 'icc' || metadata === 'all' ? KEPT_PROFILE_BUDGET : BUDGETS[original.format];
}

function isMadeHere({ choice }: Original): boolean {
  return Object.keys(choice).length > 0;
}

/** The renditions of the views that were made. */
async function render(data: Buffer, all: readonly View[], way: Way, changes: Partial<ProcessingConfig>): Promise<Map<View, Buffer>> {
  const processing = { acceptSvg: true, acceptHeic: true, ...changes };
  const keyOf = ({ spec }: View) => `${spec.name}.${spec.formats[0].format}`;
  const made = new Map<View, Buffer>();
  for (const group of way === 'together' ? [all] : all.map((view) => [view])) {
    const renditions = await renditionsOf(data, group.map(({ spec }) => spec), processing);
    for (const view of group) made.set(view, renditions[keyOf(view)]);
  }
  return made;
}
