import { readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '../..');
const PAGE = 'docs/changing-a-live-pipeline.md';

/** Rows of the page's tables: the props as `<struct>.<prop>`, and the other cells. Sections are named after structs, and rows begin with a prop. */
export function documentedRows(): string[][] {
  const sections = readFileSync(join(ROOT, PAGE), 'utf8').split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const struct = /^`(\w+)`/.exec(section)?.[1];
    if (!struct) return [];
    return section.split('\n').filter((line) => line.startsWith('| `')).map((line) => {
      const [names, ...cells] = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
      return [names.replace(/`(\w+)`/g, `${struct}.$1`), ...cells];
    });
  });
}

/** `<struct>.<prop>` of the page. */
export function documentedProps(): string[] {
  return documentedRows().flatMap(([names]) => names.split(', ')).sort();
}
