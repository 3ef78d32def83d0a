import { tables } from './tables';

/** The document with every table between its marks replaced by the computed one. @throws Error when the marks do not fit the tables */
export function withTables(document: string, computed = tables()): string {
  const found: string[] = [];
  const written = document.replace(/(<!-- table: (\w+) -->\n).*?(<!-- end -->)/gs, (_, before: string, name: string, after: string) => {
    found.push(name);
    return `${before}${computed[name]}\n${after}`;
  });
  const expected = Object.keys(computed);
  if (found.join() !== expected.join()) throw new Error(`expected the tables ${expected.join(', ')} in the document, received ${found.join(', ')}`);
  return written;
}
