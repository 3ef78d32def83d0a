import { envelope, notification, S3Event } from '../cloud/events';

/** One of the copies in which an event is told. */
export interface Message {
  readonly event: S3Event;
  /** As its sender puts it. */
  readonly payload: object;
  /** Deliveries so far, since it was last sent. */
  receives: number;
}

export function messageOf(event: S3Event, form: 'notification' | 'envelope'): Message {
  // What a state machine or a queue passes on is JSON.
  return { event, payload: JSON.parse(JSON.stringify(form === 'notification' ? notification(event) : envelope(event))), receives: 0 };
}

/** Orders the events of a key, in one form whatever form they came in. */
export function orderOf({ sequencer, time }: Pick<S3Event, 'sequencer' | 'time'>): string {
  return ordered(sequencer ?? `${Math.floor(Date.parse(time) / 1000).toString(16).padStart(8, '0')}00000000`);
}

export function ordered(sequencer: string): string {
  return sequencer.toUpperCase().padStart(18, '0');
}
