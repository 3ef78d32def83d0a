import { Token } from 'aws-cdk-lib';

/** The error of a wrong prop: where it stands, the rule, what was received, and what to change where that is not plain. */
export function invalid(path: string, rule: string, received: unknown, remedy?: string): Error {
  // JSON has no word for NaN and infinity.
  const value = typeof received === 'number' ? String(received) : JSON.stringify(received);
  return new Error(`${path} must be ${rule}, received ${value}${remedy ? `: ${remedy}` : ''}`);
}

/** Checks a number that is known at synth; tokens pass. */
export function requireNumber(path: string, value: number | undefined, min: number, max: number, unit = ''): void {
  requireValue(path, value, `a number from ${min} to ${max}${unit}`, (known) => Number.isFinite(known) && known >= min && known <= max);
}

/** Checks a whole number that is known at synth; tokens pass. */
export function requireInteger(path: string, value: number | undefined, min: number, max: number, unit = ''): void {
  requireValue(path, value, `a whole number from ${min} to ${max}${unit}`, (known) => Number.isInteger(known) && known >= min && known <= max);
}

/** Checks a string that is known at synth; tokens pass. */
export function requireMatch(path: string, value: string | undefined, pattern: RegExp, rule: string): void {
  requireValue(path, value, rule, (known) => pattern.test(known));
}

/** Checks each string of a list that is known at synth; tokens pass. */
export function requireEachMatch(path: string, values: readonly string[] | undefined, pattern: RegExp, rule: string): void {
  if (Token.isUnresolved(values)) return;
  values?.forEach((value, at) => requireMatch(`${path}[${at}]`, value, pattern, rule));
}

/** Refuses a token where synthesis computes something from the value. */
export function requireKnown(path: string, value: unknown, remedy?: string): void {
  if (Token.isUnresolved(value)) throw invalid(path, 'known at synth', value, remedy);
}

function requireValue<T>(path: string, value: T | undefined, rule: string, holds: (known: T) => boolean): void {
  if (value === undefined || Token.isUnresolved(value) || holds(value)) return;
  throw invalid(path, rule, value);
}
