import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What is wrong with what a user wrote. Of a value that belongs to no construct, such as a profile, the message names the factory. */
export class CheckError extends Error {
  // Node.js prints the other kind of private fields with the error.
  #isLocated = false;

  /** Lets the message begin with the path of a construct, as those of CDK's own validations do. What is inmost counts. */
  public locate(construct: IConstruct): void {
    if (this.#isLocated) return;
    const { message, stack } = this;
    this.#isLocated = true;
    this.message = `[${construct.node.path}] ${message}`;
    this.stack = stack?.replace(message, () => this.message);
  }
}

/** Checks what a construct was given: errors name it. */
export function checked<T>(construct: IConstruct, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof CheckError) error.locate(construct);
    throw error;
  }
}

/** The error of a wrong prop: where it stands, the rule, what was received, and what to change where that is not plain. */
export function invalid(path: string, rule: string, received: unknown, remedy?: string): CheckError {
  // JSON has no word for NaN and infinity.
  const value = typeof received === 'number' ? String(received) : JSON.stringify(received);
  return new CheckError(`${path} must be ${rule}, received ${value}${remedy ? `: ${remedy}` : ''}`);
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
