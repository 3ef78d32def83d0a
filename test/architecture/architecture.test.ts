import { readDocument, redrawn, ROOMS } from './drawings';
import { between, circlesOf, importsOf } from './imports';

const files = importsOf('src', 'local-runner');

test('no file imports itself through others', () => {
  expect(circlesOf(files)).toEqual([]);
});

test.each(Object.entries(ROOMS))('no room of %s imports itself through others', (_name, roomOf) => {
  const rooms = between(files, roomOf);
  expect(rooms.size).toBeGreaterThan(3);
  expect(circlesOf(rooms)).toEqual([]);
});

test('a circle is found, with the way it takes', () => {
  const graph = new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['b', 'd'])], ['d', new Set<string>()]]);
  expect(circlesOf(graph)).toEqual(['b -> c -> b']);
});

test('imports of types count', () => {
  expect(files.get('src/pipeline/image-resize-pipeline.ts')).toContain('src/triggers/trigger-binding.ts');
});

test('docs/architecture.md draws what is imported: npm run draw:imports', () => {
  expect(readDocument()).toBe(redrawn(readDocument()));
});
