import type { MapRun } from './map-run';
import type { States } from './states';

export type Action = (input: unknown, scope: Scope) => Promise<unknown>;

/** What an action has of the execution that it belongs to. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Runs states within the same execution. */
  run(states: States, input: unknown, signal: AbortSignal, context?: object): Promise<unknown>;
  /** Runs states as an execution of their own. */
  runChild(states: States, input: unknown, signal: AbortSignal, child: { readonly mapRun: MapRun; readonly name: string }): Promise<unknown>;
  startMapRun(label: string, state: string, items: number): MapRun;
}
