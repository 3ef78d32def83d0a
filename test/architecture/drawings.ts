import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { between, Graph, importsOf, reduced, roomBelow } from './imports';

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'architecture.md');

/** What is drawn, by the name of its place in the document. */
export const ROOMS: Readonly<Record<string, (file: string) => string | undefined>> = {
  'src': (file) => roomBelow('src/lambda')(file)?.replace(/^/, 'lambda/') ?? roomBelow('src')(file),
  'src/lambda/resize': roomBelow('src/lambda/resize'),
  'local-runner': roomBelow('local-runner'),
};

export function readDocument(): string {
  return readFileSync(DOCUMENT, 'utf8');
}

export function writeDocument(text: string): void {
  writeFileSync(DOCUMENT, text);
}

/** The document with drawings of what is imported now. */
export function redrawn(document: string): string {
  const files = importsOf('src', 'local-runner');
  return Object.entries(ROOMS).reduce((text, [name, roomOf]) => replaceDrawing(text, name, draw(reduced(between(files, roomOf)))), document);
}

function replaceDrawing(document: string, name: string, drawing: string): string {
  const [begin, end] = [`<!-- imports of ${name} -->\n`, '<!-- end of imports -->'];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/architecture.md must have a place for the imports of ${name}, between ${begin.trim()} and ${end}`);
  return `${document.slice(0, from)}${begin}${drawing}${document.slice(to)}`;
}

function draw(graph: Graph): string {
  const id = (room: string) => room.replace(/\W/g, '_');
  const rooms = [...graph.keys()].sort().map((room) => `  ${id(room)}["${room}"]`);
  const arrows = [...graph].flatMap(([room, imported]) => [...imported].map((other) => `  ${id(room)} --> ${id(other)}`)).sort();
  return ['```mermaid', 'flowchart TB', ...rooms, ...arrows, '```', ''].join('\n');
}
