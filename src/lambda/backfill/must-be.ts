/** Messages for what a person asks for: the field, the rule, and what was received. */

interface Issue {
  readonly code?: string;
  readonly input?: unknown;
  readonly keys?: unknown;
}

/** An option of every part of a schema. */
export interface Message {
  readonly error: (issue: Issue) => string;
}

const MAX_SHOWN = 200;

export function mustBe(path: string, rule: string): Message {
  return { error: ({ input }) => `${path} must be ${rule}, received ${shown(input)}` };
}

/** @param fields that an input may have */
export function ofFields(fields: readonly string[]): Message {
  return {
    error: ({ code, input, keys }) => (code === 'unrecognized_keys'
      ? `the input must have no ${(keys as string[]).join(', ').slice(0, MAX_SHOWN)}: it knows ${fields.join(', ')}`
      : `the input must be an object, received ${shown(input)}`),
  };
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, MAX_SHOWN);
}
