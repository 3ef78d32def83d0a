import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const assembly = join(__dirname, '..', '..', '.jsii');

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly returns?: string;
  readonly default?: string;
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

// In other languages a parameter has the first sentence alone, which ends at a semicolon or a colon as well.
test('the first sentence of a docstring can stand alone', () => {
  expect(documented.filter(([, { summary = '' }]) => /[;:,]\.?$/.test(summary)).map(([path, { summary }]) => `${path}: ${summary}`)).toEqual([]);
});

test('no docstring has a word that other languages do not know', () => {
  const words = /\b(undefined|null|falsy|truthy|NaN|Promise)\b/;
  expect(documented.filter(([, docs]) => words.test(JSON.stringify(docs))).map(([path]) => path)).toEqual([]);
});
