/** Where a matching may stand in a pattern. */
interface State {
  /** The states after the next character of a key. */
  readonly after: (character: string) => readonly number[];
  /** A state that is reached without a character. */
  readonly skip?: number;
}

/** Wildcards, the longest first; what is none of them stands for itself. */
const PARTS = /(?<=^|\/)\*\*\/|\*{2,}|\*|\?|[^]/gu;

/**
 * Matches keys with a pattern: `?` is a character and `*` any number of them within a segment, `**` any number of them across
 * segments, and the segment `**` any number of segments. Everything else is literal, dots, brackets and braces as well: to S3
 * `.` and `..` are names like any other.
 *
 * Keys are the uploaders'. A regular expression would begin anew at every star; here the time is at most the length of the key
 * times that of the pattern, as all states are followed at once.
 */
export function keyPattern(pattern: string): (key: string) => boolean {
  const states: State[] = [];
  for (const [part] of pattern.matchAll(PARTS)) states.push(...statesOf(part, states.length));
  const end = states.length;

  return (key) => {
    let current = reached(states, [0]);
    for (const character of key) {
      current = reached(states, [...current].flatMap((at) => states[at]?.after(character) ?? []));
      if (current.size === 0) return false;
    }
    return current.has(end);
  };
}

function statesOf(part: string, at: number): State[] {
  const next = [at + 1];
  const stay = [at];
  switch (part) {
    case '**/': {
      // In a segment; the slash may be the last that is taken.
      const after = (character: string) => (character === '/' ? [at + 1, at + 2] : next);
      return [{ after, skip: at + 2 }, { after }];
    }
    case '*': return [{ after: (character) => (character === '/' ? [] : stay), skip: at + 1 }];
    case '?': return [{ after: (character) => (character === '/' ? [] : next) }];
    default: return [/^\*{2,}$/.test(part)
      ? { after: () => stay, skip: at + 1 }
      : { after: (character) => (character === part ? next : []) }];
  }
}

/** These states and those that are reached from them without a character. */
function reached(states: readonly State[], from: readonly number[]): Set<number> {
  const found = new Set(from);
  // What is added while a set is walked is walked as well.
  for (const at of found) {
    const skip = states[at]?.skip;
    if (skip !== undefined) found.add(skip);
  }
  return found;
}
