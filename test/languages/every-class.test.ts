import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

/** The apps whose templates `npm run check:languages` compares, by their language. */
const APPS: Readonly<Record<string, readonly string[]>> = {
  typescript: ['test/languages/twins.ts'],
  python: ['examples/python', 'test/languages/python'],
  java: ['examples/java/src', 'test/languages/java'],
  go: ['examples/go', 'test/languages/go'],
};

const { types } = JSON.parse(readFileSync(join(packageRoot, '.jsii'), 'utf8')) as { types: Record<string, { name: string; kind: string }> };
/** Those that nobody names: a pipeline has them. */
const REACHED = ['ImageResizePipelineGrants', 'ImageResizePipelineMetrics'];
const classes = Object.values(types).filter(({ kind, name }) => kind === 'class' && !REACHED.includes(name)).map(({ name }) => name);

function textOf(path: string): string {
  if (path.endsWith('.ts')) return readFileSync(join(packageRoot, path), 'utf8');
  const files = (readdirSync(join(packageRoot, path), { recursive: true }) as string[]).filter((file) => /\.(py|java|go)$/.test(file));
  return files.map((file) => readFileSync(join(packageRoot, path, file), 'utf8')).join('\n');
}

test.each(Object.entries(APPS))('every class is used by the apps in %s that are compared', (_language, paths) => {
  const text = paths.map(textOf).join('\n');
  expect(classes.length).toBeGreaterThan(10);
  expect(classes.filter((name) => !new RegExp(`\\b(New)?${name}(\\b|_)`).test(text))).toEqual([]);
});
