import { inspect } from 'node:util';
import { AttributeValue, FAILURE_CODES, HookAnswer, NOT_CHOSEN } from '../../../contract';

const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
const OWN_CODES: readonly string[] = [...Object.keys(FAILURE_CODES), NOT_CHOSEN];
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const MAX_MESSAGE = 500;
const MAX_ATTRIBUTES_BYTES = 4096;
const MAX_DEPTH = 8;
/** Smaller numbers do not fit into DynamoDB; of larger ones JavaScript's have no exact form. */
const [LEAST, MOST] = [1e-130, Number.MAX_SAFE_INTEGER];
/** As names, they are not those of an attribute to every library that reads the record. */
const TAKEN: readonly string[] = ['constructor', 'prototype'];

/** An answer as it can be recorded. */
export interface CheckedAnswer extends HookAnswer {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/**
 * What a hook answered, and nothing beside it.
 *
 * @param profiles those that may be chosen
 * @throws Error that says what is wrong with it
 */
export function requireAnswer(answer: unknown, profiles: readonly string[]): CheckedAnswer {
  const given = requireObject('', answer);
  const unknown = Object.keys(given).find((name) => !['refuse', 'attributes', 'profiles'].includes(name));
  if (unknown !== undefined) throw wrong('', 'an object with refuse, attributes and profiles', unknown);
  const { refuse, attributes, profiles: chosen } = given;
  return {
    ...refuse !== undefined && { refuse: requireRefusal(refuse) },
    ...attributes !== undefined && { attributes: requireAttributes(attributes) },
    ...chosen !== undefined && { profiles: requireChoice(chosen, profiles) },
  };
}

function requireRefusal(refuse: unknown): HookAnswer['refuse'] {
  const { code, message } = requireObject('refuse', refuse);
  if (typeof code !== 'string' || !CODE.test(code)) throw wrong('refuse.code', '3 to 64 capital letters, digits and underscores', code);
  if (OWN_CODES.includes(code)) throw wrong('refuse.code', 'none of the pipeline\'s own', code);
  const isSentence = typeof message === 'string' && message.trim() !== '' && message.length <= MAX_MESSAGE;
  if (!isSentence) throw wrong('refuse.message', `a sentence of at most ${MAX_MESSAGE} characters`, message);
  return { code, message };
}

function requireAttributes(attributes: unknown): Record<string, AttributeValue> {
  const found = requireMap('attributes', attributes, MAX_DEPTH + 1);
  const bytes = Buffer.byteLength(JSON.stringify(found));
  if (bytes > MAX_ATTRIBUTES_BYTES) throw wrong('attributes', `at most ${MAX_ATTRIBUTES_BYTES} bytes as JSON`, bytes);
  return found;
}

function requireValue(path: string, value: unknown, depth: number): AttributeValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    const amount = Math.abs(value);
    if (amount === 0 || (amount >= LEAST && amount <= MOST)) return value;
    throw wrong(path, `a number of at most ${MOST}, as larger ones lose digits: write it as a text`, value);
  }
  if (depth === 0) throw wrong(path, `nested at most ${MAX_DEPTH} deep`, value);
  // By index: a list may have holes.
  if (Array.isArray(value)) return Array.from(value, (each, at) => requireValue(`${path}[${at}]`, each, depth - 1));
  return requireMap(path, value, depth);
}

function requireMap(path: string, value: unknown, depth: number): Record<string, AttributeValue> {
  const found: Record<string, AttributeValue> = {};
  for (const [name, each] of Object.entries(requireObject(path, value))) {
    if (!NAME.test(name)) throw wrong(path, 'named by a letter and up to 63 letters, digits, dashes and underscores', name);
    if (TAKEN.includes(name)) throw wrong(path, `without the names ${TAKEN.join(' and ')}`, name);
    if (each !== undefined) found[name] = requireValue(`${path}.${name}`, each, depth - 1);
  }
  return found;
}

function requireChoice(chosen: unknown, profiles: readonly string[]): string[] {
  const isChoice = Array.isArray(chosen) && chosen.length > 0 && chosen.every((name) => profiles.includes(name));
  if (!isChoice) throw wrong('profiles', `at least one of ${JSON.stringify(profiles).slice(0, 500)}`, chosen);
  return [...new Set<string>(chosen)];
}

function requireObject(path: string, value: unknown): Record<string, unknown> {
  const isPlain = typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) throw wrong(path, 'an object', value);
  return value as Record<string, unknown>;
}

function wrong(path: string, rule: string, received: unknown): Error {
  const shown = inspect(received, { depth: 1, maxArrayLength: 10, maxStringLength: 100, breakLength: Infinity }).slice(0, 200);
  return new Error(`the answer of the hook is wrong: ${path || 'it'} must be ${rule}, received ${shown}`);
}
