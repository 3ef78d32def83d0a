import { SceneSchedule } from './scene-schedule';
import { problemsOf } from '../check';
import { History } from '../history';

export interface Explored {
  readonly runs: number;
  /** Of the first run that broke a promise. */
  readonly problems?: string;
}

/** Runs a history in every order that differs from the usual one by so many switches, until a promise is broken. */
export async function explore(history: History, maxSwitches: number): Promise<Explored> {
  let runs = 0;
  let left: ReadonlyMap<number, number>[] = [new Map()];
  for (let count = 0; count <= maxSwitches; count += 1) {
    const next: ReadonlyMap<number, number>[] = [];
    for (const switches of left) {
      const schedule = new SceneSchedule(switches);
      const problems = await problemsOf(history, schedule);
      runs += 1;
      if (problems !== undefined) return { runs, problems };
      if (count < maxSwitches) next.push(...furtherSwitches(switches, schedule.choices));
    }
    left = next;
  }
  return { runs };
}

function furtherSwitches(switches: ReadonlyMap<number, number>, choices: readonly number[]): ReadonlyMap<number, number>[] {
  const first = Math.max(-1, ...switches.keys()) + 1;
  return choices.flatMap((count, turn) => (turn < first ? [] : Array.from({ length: count - 1 }, (_, at) => new Map([...switches, [turn, at + 1]]))));
}
