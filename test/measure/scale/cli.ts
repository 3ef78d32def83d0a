import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withTables } from './document';
import { tables } from './tables';

const DOCUMENT = join(__dirname, '..', '..', '..', 'docs', 'scale.md');
const USAGE = `npm run scale [-- --write]

  prints the tables of docs/scale.md
  --write  puts them into the document`;

function main(): void {
  let write: boolean;
  try {
    write = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values.write;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (write) writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8')));
  else for (const [name, table] of Object.entries(tables())) console.log(`${name}\n\n${table}\n`);
}

main();
