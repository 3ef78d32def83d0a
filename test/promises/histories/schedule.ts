import { Tape, Turn } from './tape';

/** One turn in so many goes to somebody else, where invocations mostly go on. */
const SWITCH_RATE = 10;

/** Decides who is next. */
export interface Schedule {
  choose(turns: readonly Turn[]): Turn;
}

/** Any turn may be the next; or mostly that of whoever had the last. */
export class RandomSchedule implements Schedule {
  private last: unknown;

  constructor(private readonly kind: 'runs' | 'mixed', private readonly tape: Tape) {}

  choose(turns: readonly Turn[]): Turn {
    const goingOn = this.kind === 'runs' ? turns.filter(({ of }) => of !== undefined && of === this.last) : [];
    const among = goingOn.length > 0 && this.tape.decide(SWITCH_RATE) !== 1 ? goingOn : turns;
    const chosen = among[this.tape.decide(among.length)];
    this.last = chosen.of;
    return chosen;
  }
}
