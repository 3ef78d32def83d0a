import { Backfill } from './history';
import { envelope, notification, S3Event } from '../cloud/events';

/** One of the copies in which an event is told. */
export interface Message {
  readonly event: S3Event;
  /** As its sender puts it. */
  readonly payload: object;
  /** Of what was asked for, and is told by no event. */
  readonly request?: Pick<Backfill, 'retryFailed'>;
  /** Deliveries so far, since it was last sent. */
  receives: number;
  /** Whether one of the last deliveries, which only record that there was no success, had nothing in its way. */
  isRecorded?: boolean;
}

export function messageOf(event: S3Event, form: 'notification' | 'envelope'): Message {
  // What a state machine or a queue passes on is JSON.
  return { event, payload: JSON.parse(JSON.stringify(form === 'notification' ? notification(event) : envelope(event))), receives: 0 };
}

/** @param event an event of the object */
export function requestOf(event: S3Event, retryFailed: boolean): Message {
  const { bucket, key } = event;
  return { event, payload: { backfill: { bucket, key, retryFailed } }, request: { retryFailed }, receives: 0 };
}

/** Orders the events of a key, in one form whatever form they came in. */
export function orderOf({ sequencer, time }: Pick<S3Event, 'sequencer' | 'time'>): string {
  return ordered(sequencer ?? `${Math.floor(Date.parse(time) / 1000).toString(16).padStart(8, '0')}00000000`);
}

export function ordered(sequencer: string): string {
  return sequencer.toUpperCase().padStart(18, '0');
}
