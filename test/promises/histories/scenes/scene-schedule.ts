import { Schedule } from '../schedule';
import { Turn } from '../tape';

/** Whoever has begun goes on to its end, and then the next in order, but for some turns at which somebody else goes first. */
export class SceneSchedule implements Schedule {
  /** How many could be next, by turn. */
  readonly choices: number[] = [];
  private last: unknown;
  private turn = 0;
  private hasEnded = false;

  /** @param switches by turn, which of the others goes first */
  constructor(private readonly switches: ReadonlyMap<number, number> = new Map()) {}

  choose(turns: readonly Turn[]): Turn {
    const goingOn = turns.findIndex(({ of }) => of !== undefined && of === this.last);
    const inOrder = goingOn < 0 ? turns : [turns[goingOn], ...turns.slice(0, goingOn), ...turns.slice(goingOn + 1)];
    // Calls that one invocation makes side by side keep their order.
    const options = inOrder.filter(({ of }, at) => of === undefined || inOrder.findIndex((other) => other.of === of) === at);
    if (!this.hasEnded) this.choices.push(options.length);
    const chosen = options[(!this.hasEnded && this.switches.get(this.turn)) || 0];
    this.turn += 1;
    this.last = chosen.of;
    return chosen;
  }

  /** What comes now is in order. */
  end(): void {
    this.hasEnded = true;
  }
}
