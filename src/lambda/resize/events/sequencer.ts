/**
 * S3's sequencer: the second of the event in eight hexadecimal digits, and eight digits of its fraction. Notifications
 * spell it with two leading zeros and in upper case, EventBridge without and in lower case. The first digits of a time
 * between 2004 and 2106 are 4 to F.
 */
const KNOWN_FORM = /^(?:00)?([4-9A-F][0-9A-F]{15})$/i;

/** Before every event of S3, in whatever form its sequencer is. */
export const LOWEST_SEQUENCER = '0';

/**
 * One spelling for what S3 sends in several, so that events are in order whichever way they come: the greater string is
 * the later event. Those of S3-compatible stores in other forms stay as they are; they are in order among themselves.
 */
export function normalizedSequencer(sequencer: string): string {
  const [, digits] = KNOWN_FORM.exec(sequencer) ?? [];
  return digits ? `00${digits.toUpperCase()}` : sequencer;
}

/**
 * For events that come without one, such as some of lifecycle rules: the time of the event in the same form.
 *
 * @throws Error for what is no time, as that could not be put in order
 */
export function sequencerOfTime(time: string): string {
  const milliseconds = Date.parse(time);
  if (!(milliseconds >= 0)) throw new Error(`expected a time or a sequencer in an event of S3, received ${JSON.stringify(time)}`);
  const fraction = Math.floor(((milliseconds % 1000) / 1000) * 2 ** 32);
  return `00${hex(Math.floor(milliseconds / 1000))}${hex(fraction)}`;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}
