import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeVerdict } from './describe';
import { exceptionFor } from './exceptions';
import { originalsIn } from './folder';
import { judge } from './judge';
import { checkMutations } from './mutations/run';
import { oracleName, Oracles } from './oracles';
import { drawn } from './originals';
import { Sheet } from './sheet';
import { generator } from '../measure/bench/images';

const USAGE = `npm run check:parity [-- FOLDER] [-- --runs N] [-- --seed S] [-- --side N] [-- --worst N] [-- --out FILE]

  FOLDER      images of yours; without it, originals are generated
  --runs N    how many are generated, from 1 to 1000000 (default 1000)
  --seed S    a whole number from 0 to 2147483647; the same originals
  --side N    pixels of the longest side of a rendition, from 8 to 2000 (default 60, and 240 for a folder)
  --worst N   pairs on the sheet, from 1 to 1000 (default 100)
  --out FILE  where the sheet is written (default test-reports/parity.html)

npm run check:parity -- --mutations [--only TEXT]

  takes one mending of the image path back after the other, which the originals that are always compared must tell`;

interface Arguments {
  readonly folder?: string;
  readonly runs: number;
  readonly seed: number;
  readonly side: number;
  readonly worst: number;
  readonly out: string;
  readonly mutations: boolean;
  /** Part of the names of mutations. */
  readonly only: string;
}

async function main(): Promise<void> {
  const found = await read(process.argv.slice(2));
  if (typeof found !== 'string' && found.mutations) {
    process.exitCode = await checkMutations(found.only, console.log) > 0 ? 1 : 0;
    return;
  }
  if (typeof found === 'string') {
    console.error(`${found}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const originals = found.folder ? await originalsIn(found.folder) : drawn(found.runs, generator(found.seed));
  const sheet = new Sheet(found.worst);
  const counts: Record<string, number> = {};
  const count = (kind: string) => { counts[kind] = (counts[kind] ?? 0) + 1; };
  const oracles = await Oracles.open();
  try {
    for (const original of originals) {
      const oracle = oracles.for(original.format);
      if (!oracle) {
        count(`skipped: no ${oracleName(original.format)}`);
        continue;
      }
      const verdict = await judge(original, oracle, { side: found.side });
      const exception = exceptionFor(verdict);
      await sheet.add(verdict, exception);
      count(exception ? 'documented' : verdict.problem ?? (verdict.outcome === 'COMPLETED' ? 'alike' : 'refused by both'));
      if (verdict.problem && !exception) console.log(describeVerdict(verdict));
    }
  } finally {
    await oracles.close();
  }
  const summary = `${originals.length} originals${found.folder ? '' : ` of seed ${found.seed}`}: ${Object.entries(counts).map(([kind, times]) => `${times} ${kind}`).join(', ')}`;
  await mkdir(dirname(found.out), { recursive: true });
  await writeFile(found.out, sheet.html(summary));
  console.log(`${summary}\n${found.out}`);
  process.exitCode = ['differs', 'refused', 'unseen', 'accepted', 'broken'].some((problem) => counts[problem]) ? 1 : 0;
}

/** @returns what is wrong, otherwise */
async function read(args: string[]): Promise<Arguments | string> {
  try {
    const text = { type: 'string' } as const;
    const options = { runs: text, seed: text, side: text, worst: text, out: text, only: text, mutations: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [folder, ...more] = positionals;
    if (more.length > 0) return `expected one folder, received ${positionals.join(' ')}`;
    if (folder && !(await stat(folder).catch(() => undefined))?.isDirectory()) return `expected a folder, received ${folder}`;
    const whole = (name: 'runs' | 'seed' | 'side' | 'worst', usual: number, least: number, most: number) => {
      const value = Number(values[name] ?? usual);
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      throw new Error(`expected --${name} to be a whole number from ${least} to ${most}, received ${values[name]}`);
    };
    return {
      folder,
      runs: whole('runs', 1000, 1, 1_000_000),
      seed: whole('seed', Date.now() % 2 ** 31, 0, 2 ** 31 - 1),
      side: whole('side', folder ? 240 : 60, 8, 2000),
      worst: whole('worst', 100, 1, 1000),
      mutations: values.mutations,
      only: values.only ?? '',
      out: resolve(values.out ?? join('test-reports', 'parity.html')),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

void main();
