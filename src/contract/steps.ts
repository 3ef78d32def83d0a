/**
 * What a state machine and the handler say to each other: the state machine sends a request per step and passes on what
 * the step before answered. Only the names here are known to the state machine.
 */

/** Steps of one event; the values are the `step` of a request. */
export const STEPS = {
  /** Reads the image and has its record accept it. */
  begin: 'begin',
  /** Makes one rendition. */
  render: 'render',
  /** Completes the record. */
  complete: 'complete',
  /** Records that every try of a step failed. */
  giveUp: 'giveUp',
} as const;
export type Step = keyof typeof STEPS;

/** What a step came to, beside the outcomes of whole events, which end the execution. */
export const STEP_OUTCOMES = {
  /** The record is claimed: `renditions` are to be made. */
  claimed: 'claimed',
  /** The object is another by now: begin again. */
  changed: 'changed',
  /** Nothing could be done: the event belongs into the dead-letter queue. */
  givenUp: 'givenUp',
} as const;
