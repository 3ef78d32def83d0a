import { readFileSync } from 'fs';
import { join } from 'path';
import { Statement } from './account';

/** The actions that a section of docs/permissions.md names, in the first column of its table. */
export function documentedActions(section: string): string[] {
  const sections = readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8').split(/^## /m);
  const text = sections.find((each) => each.startsWith(`${section}\n`));
  if (!text) throw new Error(`docs/permissions.md must have a section ${JSON.stringify(section)}`);
  const cells = text.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1]);
  return sorted(cells.flatMap((cell) => cell.match(/(?<=`)[a-z0-9]+:[A-Z][A-Za-z]*\*?(?=`)/g) ?? []));
}

/** The actions that statements allow. */
export function actionsOf(statements: readonly Statement[]): string[] {
  return sorted(statements.flatMap(({ Action }) => Action));
}

function sorted(actions: readonly string[]): string[] {
  return [...new Set(actions)].sort();
}
