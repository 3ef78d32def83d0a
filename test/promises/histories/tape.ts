/** Something that can happen next. */
export interface Turn {
  /** Whose turn it is, where that goes on. */
  readonly of?: unknown;
  readonly take: () => void;
}

/** Decisions of the scheduler, one after the other; the first choice once they are used up. */
export class Tape {
  private position = 0;

  constructor(private readonly decisions: readonly number[]) {}

  /** @returns a number below `choices` */
  decide(choices: number): number {
    return (this.decisions[this.position++] ?? 0) % choices;
  }
}
