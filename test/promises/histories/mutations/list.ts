import { GUARDS, WRITES } from '../../../../src/lambda/resize/record/writes';

/** A change of the handler that breaks a guard, or swaps two calls. */
export type Mutation = { readonly name: string } & (
  /** A write of the record goes without one of its guards. */
  | { readonly write: string; readonly without: string }
  /** A call goes out without one of its parameters. */
  | { readonly command: string; readonly parameter: string }
  /** Below `src/lambda/resize`; the text stands in the file exactly once. */
  | { readonly file: string; readonly find: string; readonly replace: string }
);

/** Every guard of every write. */
const GUARDED: Mutation[] = Object.entries(WRITES).flatMap(([write, { needs }]) => needs
  .filter((guard) => guard in GUARDS)
  .map((without) => ({ name: `${write}: without ${without}`, write, without })));

/** What the services are asked to check, or to read. */
const CONDITIONS: Mutation[] = [
  ['PutObjectCommand', 'IfNoneMatch', 'a rendition is stored whatever is there'],
  ['PutObjectCommand', 'IfMatch', 'a rendition is replaced whatever it has become'],
  ['DeleteObjectCommand', 'IfMatch', 'an object is deleted whatever it has become'],
  ['GetCommand', 'ConsistentRead', 'records are read that may be old'],
].map(([command, parameter, name]) => ({ name: `calls: ${name}`, command, parameter }));

const TEXTS: Mutation[] = [];

/** Of those that are missed, with the reason why no history can tell. */
export const UNNOTICED: Readonly<Record<string, string>> = {};

export const MUTATIONS: readonly Mutation[] = [...GUARDED, ...CONDITIONS, ...TEXTS];
