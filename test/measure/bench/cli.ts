import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runBench } from './bench';

const USAGE = `npm run bench [-- --quick] [-- --rounds N] [-- --json FILE]

  --quick      few rounds on a small set: whether it runs, not how fast it is
  --rounds N   of the comparison that the ratios are from, from 1 to 100 (default 11)
  --json FILE  writes the numbers as well`;

interface Arguments {
  readonly quick: boolean;
  readonly rounds: number;
  readonly json?: string;
}

async function main(): Promise<void> {
  const found = read(process.argv.slice(2));
  if (typeof found === 'string') {
    console.error(`${found}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const summary = await runBench({ quick: found.quick, rounds: found.rounds, print: (line) => console.log(line) });
  if (found.json) await writeFile(found.json, `${JSON.stringify(summary, undefined, 2)}\n`);
}

/** @returns what is wrong, otherwise */
function read(args: string[]): Arguments | string {
  try {
    const { values } = parseArgs({ args, options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' }, json: { type: 'string' } } });
    const rounds = Number(values.rounds ?? (values.quick ? 1 : 11));
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) return `expected --rounds to be a whole number from 1 to 100, received ${values.rounds}`;
    return { quick: values.quick, rounds, json: values.json };
  } catch (error) {
    return (error as Error).message;
  }
}

void main();
