/** What cannot be seen, turns the direction of what is around it, or is half a character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const SPACES = /\s+/gu;

/**
 * A text that a file brings along, as it may go into records, events, answers and logs: in one line, of characters that are seen and stand
 * where they are written, and not longer than `most` of them, none of which is cut in half.
 */
export function plainText(text: string, most: number): string {
  // Of more, nothing would be left of a long text but work.
  const shown = text.slice(0, 16 * most).replace(SPACES, ' ').replace(UNSEEN, '').replace(SPACES, ' ').trim();
  return [...shown].slice(0, most).join('').trimEnd();
}
