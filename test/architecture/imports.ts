import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ModuleKind, ModuleResolutionKind, preProcessFile, resolveModuleName, sys } from 'typescript';

/** What imports what: files, or the rooms that they are in. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const ROOT = join(__dirname, '..', '..');
const OPTIONS = { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10 };

/** The imports between the TypeScript files of folders, of types as well. */
export function importsOf(...folders: string[]): Graph {
  const files = folders.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, String(name))));
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).sort();
  return new Map(sources.map((file) => [posix(file), new Set(importedBy(file).filter((imported) => sources.includes(imported)).map(posix))]));
}

/** The same between the rooms of files. */
export function between(files: Graph, roomOf: (file: string) => string | undefined): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, imported] of files) {
    const room = roomOf(file);
    if (room === undefined) continue;
    const known = rooms.get(room) ?? new Set();
    for (const other of [...imported].map(roomOf)) if (other !== undefined && other !== room) known.add(other);
    rooms.set(room, known);
  }
  return rooms;
}

/** Ways that lead back to where they began, each once. */
export function circlesOf(graph: Graph): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string) => {
    if (path.includes(node)) circles.push([...path.slice(path.indexOf(node)), node].join(' -> '));
    if (path.includes(node) || done.has(node)) return;
    path.push(node);
    graph.get(node)?.forEach(visit);
    path.pop();
    done.add(node);
  };
  [...graph.keys()].forEach(visit);
  return circles;
}

/** A graph without circles, without the arrows that follow from others. */
export function reduced(graph: Graph): Graph {
  const reachable = (from: string): Set<string> => new Set([...graph.get(from) ?? []].flatMap((next) => [next, ...reachable(next)]));
  return new Map([...graph].map(([node, next]) => {
    const indirect = new Set([...next].flatMap((other) => [...reachable(other)]));
    return [node, new Set([...next].filter((other) => !indirect.has(other)))];
  }));
}

function importedBy(file: string): string[] {
  const { importedFiles } = preProcessFile(readFileSync(join(ROOT, file), 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => {
    const { resolvedModule } = resolveModuleName(fileName, join(ROOT, file), OPTIONS, sys);
    return fileName.startsWith('.') && resolvedModule ? [relative(ROOT, resolvedModule.resolvedFileName)] : [];
  });
}

function posix(file: string): string {
  return file.split(sep).join('/');
}

/** The folder of a file below another folder; of a file beside the folders its own name, and undefined for one elsewhere. */
export function roomBelow(parent: string): (file: string) => string | undefined {
  return (file) => {
    if (!file.startsWith(`${parent}/`)) return undefined;
    return file.slice(parent.length + 1).split('/')[0].replace(/\.ts$/, '');
  };
}
