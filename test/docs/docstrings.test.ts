import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const assembly = join(__dirname, '..', '..', '.jsii');

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly returns?: string;
  readonly default?: string;
}

interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly overrides?: string;
  readonly parameters?: readonly { readonly name: string; readonly docs?: Docs }[];
}

interface Type {
  readonly name: string;
  readonly kind: string;
  readonly docs?: Docs;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
  readonly members?: readonly Member[];
}

/** Every docstring of the public API, by the path of what it is about. */
function docstrings(value: unknown, path: readonly string[] = []): [path: string, docs: Docs][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]): [string, Docs][] => {
    if (name === 'docs') return [[path.join('.'), inner as Docs]];
    return docstrings(inner, [...path, (inner as { name?: string } | null)?.name ?? name]);
  });
}

const { types } = existsSync(assembly) ? JSON.parse(readFileSync(assembly, 'utf8')) as { types: object } : { types: {} };
const documented = docstrings(types);

test('the public API has docstrings', () => {
  // If this fails: `npm run compile`.
  expect(documented.length).toBeGreaterThan(300);
});

/** Types, their members, and what methods are given; overridden methods have their docstring elsewhere. */
function everything(): { path: string; docs: Docs; isOptionalProp: boolean }[] {
  return Object.values(types as Record<string, Type>).flatMap(({ name, kind, docs = {}, properties = [], methods = [], members = [] }) => [
    { path: name, docs, isOptionalProp: false },
    ...[...properties, ...methods, ...members].filter((member) => member.overrides === undefined).flatMap((member) => [
      { path: `${name}.${member.name}`, docs: member.docs ?? {}, isOptionalProp: kind === 'interface' && member.optional === true },
      ...(member.parameters ?? []).map((parameter) => ({ path: `${name}.${member.name}(${parameter.name})`, docs: parameter.docs ?? {}, isOptionalProp: false })),
    ]),
  ]);
}

test('everything that is public has a docstring, and what may be left out says what then happens', () => {
  expect(everything().filter(({ docs }) => !docs.summary).map(({ path }) => path)).toEqual([]);
  expect(everything().filter(({ docs, isOptionalProp }) => isOptionalProp && !docs.default).map(({ path }) => path)).toEqual([]);
});

// In other languages a parameter has the first sentence alone, which ends at a semicolon or a colon as well.
test('the first sentence of a docstring can stand alone', () => {
  expect(documented.filter(([, { summary = '' }]) => /[;:,]\.?$/.test(summary)).map(([path, { summary }]) => `${path}: ${summary}`)).toEqual([]);
});

/** Words of JavaScript, literals of objects (those of JSON have names in quotes), functions, and what only TypeScript's comments need to escape. */
const FOREIGN = /\b(undefined|null|falsy|truthy|NaN|Promise|Record<)|[{,] ?\w+: |=>|\\/;

test('no docstring has a word or a literal that other languages do not know', () => {
  const texts = ({ summary, remarks, returns, default: otherwise }: Docs) => [summary, remarks, returns, otherwise].join('\n');
  expect(documented.filter(([, docs]) => FOREIGN.test(texts(docs))).map(([path, docs]) => `${path}: ${FOREIGN.exec(texts(docs))![0]}`)).toEqual([]);
});
