/** Patterns of EventBridge: which events a rule takes. */

type Pattern = { readonly [field: string]: Pattern | readonly unknown[] };

/** The kinds of comparison that the runner knows, by their names in patterns. */
const OPERATORS: Readonly<Record<string, (value: unknown, argument: unknown) => boolean>> = {
  'prefix': (value, argument) => typeof value === 'string' && value.startsWith(argument as string),
  'suffix': (value, argument) => typeof value === 'string' && value.endsWith(argument as string),
  'exists': (value, argument) => (value !== undefined) === argument,
  'equals-ignore-case': (value, argument) => typeof value === 'string' && value.toLowerCase() === (argument as string).toLowerCase(),
  'anything-but': (value, argument) => value !== undefined && !anythingBut(argument).some((matcher) => matches(matcher, value)),
};

/** @throws Error that names a part of the pattern that the runner does not know */
export function requireKnownPattern(pattern: Pattern, at: string): void {
  for (const [field, part] of Object.entries(pattern)) {
    if (field.startsWith('$')) throw new Error(`${at} uses ${JSON.stringify(field)}, which the local runner does not know`);
    if (!Array.isArray(part)) {
      requireKnownPattern(part as Pattern, `${at}.${field}`);
      continue;
    }
    for (const matcher of part as unknown[]) requireKnownMatcher(matcher, `${at}.${field}`);
  }
}

/** Whether an event has what the pattern asks for, in every field that the pattern names. */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, part]) => {
    const value = typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[field] : undefined;
    if (!Array.isArray(part)) return matchesPattern(part as Pattern, value);
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return values.some((each) => part.some((matcher) => matches(matcher, each)));
  });
}

function matches(matcher: unknown, value: unknown): boolean {
  if (!isOperator(matcher)) return matcher === value;
  return Object.entries(matcher).every(([operator, argument]) => OPERATORS[operator](value, argument));
}

function requireKnownMatcher(matcher: unknown, at: string): void {
  if (!isOperator(matcher)) return;
  for (const [operator, argument] of Object.entries(matcher)) {
    if (!(operator in OPERATORS)) throw new Error(`${at} uses ${JSON.stringify(operator)}, which the local runner does not know: it knows ${Object.keys(OPERATORS).join(', ')}`);
    if (operator === 'anything-but') anythingBut(argument).forEach((each) => requireKnownMatcher(each, at));
  }
}

function anythingBut(argument: unknown): readonly unknown[] {
  return Array.isArray(argument) ? argument : [argument];
}

function isOperator(matcher: unknown): matcher is Record<string, unknown> {
  return typeof matcher === 'object' && matcher !== null;
}
