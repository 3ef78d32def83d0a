/** What cannot be seen, turns the direction of what is around it, or is half a character. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
/** Some scripts spell with these two, and emoji are put together by one: but only between what they join. */
const LOOSE_JOINERS = /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
/** With the blank pattern of Braille. */
const SPACES = /[\s\u2800]+/gu;

/**
 * A text that a file brings along, as it may go into records, events, answers and logs: in one line, of characters that are seen and stand
 * where they are written, and not longer than `most` of them, none of which is cut in half.
 */
export function plainText(text: string, most: number): string {
  // Of more, nothing would be left of a long text but work.
  const seen = text.slice(0, 16 * most).replace(SPACES, ' ').replace(UNSEEN, '').replace(LOOSE_JOINERS, '').replace(SPACES, ' ').trim();
  return [...seen].slice(0, most).join('').replace(LOOSE_JOINERS, '').trim();
}
