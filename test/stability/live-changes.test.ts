import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { documentedProps, documentedRows } from './documented-props';

const ROOT = join(__dirname, '../..');

/** Structs that constructs and triggers hand to each other: nobody sets them on a construct. */
const HANDED_OVER = ['ResizeTriggerContext', 'ResizeTriggerConfig', 'ResizeTriggerSource'];

test('docs/changing-a-live-pipeline.md says of every prop what changing it does, and of nothing else', () => {
  expect(documentedProps()).toEqual(publicProps());
});

test('what it says is something', () => {
  expect(documentedRows().filter(([, ...cells]) => cells.length !== 2 || cells.some((cell) => cell.trim() === ''))).toEqual([]);
});

test('structs that are handed over are public, and no more than they are left out', () => {
  const names = structs().map(({ name }) => name.text);
  expect(HANDED_OVER.filter((name) => !names.includes(name))).toEqual([]);
});

/** `<struct>.<prop>` of all that users of the package can set. */
function publicProps(): string[] {
  return structs()
    .filter(({ name }) => !HANDED_OVER.includes(name.text))
    .flatMap(({ name, members }) => members.map((member) => `${name.text}.${(member.name as ts.Identifier).text}`))
    .sort();
}

function structs(): ts.InterfaceDeclaration[] {
  const index = parse('src/index.ts');
  const files = index.statements.filter(ts.isExportDeclaration).map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
  return files.flatMap((file) => {
    const { statements } = parse(join(dirname('src/index.ts'), `${file}.ts`));
    return statements.filter(ts.isInterfaceDeclaration).filter((one) => one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
}
