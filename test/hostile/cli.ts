import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultReportMessage, RunDetails } from 'fast-check';
import { fuzzDispatch, fuzzParser } from './event-fuzz';
import { fuzzImages } from './image-fuzz';
import { LocalHandler } from '../helpers/handler';

const USAGE = `npm run check:fuzz [-- --seconds N] [-- --seed S] [-- --out FOLDER]

  --seconds N   how long, from 3 to 86400 (default 60); nearly all of it for images
  --seed S      a whole number from 0 to 2147483647; the same images in the same order
  --out FOLDER  for what reproduces a finding`;

/** Of the time, for each of the two that deal with events. */
const EVENTS_PART = 0.1;

interface Arguments {
  readonly seconds: number;
  readonly seed: number;
  readonly out: string;
}

async function main(): Promise<void> {
  const found = read(process.argv.slice(2));
  if (typeof found === 'string') {
    console.error(`${found}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const { seconds, seed, out } = found;
  const end = Date.now() + seconds * 1000;
  const limit = seconds * 1000 * EVENTS_PART;
  const events = { runs: Number.MAX_SAFE_INTEGER, seed, limit };
  const handler = await LocalHandler.start();
  await handler.reset();
  const failed = [report('parsed events', fuzzParser(events)), report('dispatched events', await fuzzDispatch(handler, events))];

  const { executions, renditions, failures, findings, peakRssMb } = await fuzzImages({ seed, until: end, out });
  // When its time was up, a dispatch was still under way.
  await handler.stop();
  for (const finding of findings) console.error(finding);
  const codes = Object.entries(failures).map(([code, count]) => `${count} ${code}`).join(', ');
  console.log(`images: ${executions} executions, ${renditions} with renditions, ${codes}, at most ${Math.round(peakRssMb)} MB, ${findings.length} findings`);
  console.log(`seed ${seed}`);
  process.exitCode = failed.includes(true) || findings.length > 0 ? 1 : 0;
}

/** @returns whether there is a finding */
function report<T>(name: string, result: RunDetails<T>): boolean {
  // Without a counterexample the time was up.
  const isFinding = result.counterexample !== null;
  if (isFinding) console.error(defaultReportMessage(result));
  console.log(`${name}: ${result.numRuns} executions, ${isFinding ? 1 : 0} findings`);
  return isFinding;
}

/** @returns what is wrong, otherwise */
function read(args: string[]): Arguments | string {
  try {
    const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, out: { type: 'string' } } });
    const [seconds, seed] = [Number(values.seconds), Number(values.seed ?? Date.now() % 2 ** 31)];
    if (!(seconds >= 3 && seconds <= 86_400)) return `expected --seconds to be a number from 3 to 86400, received ${values.seconds}`;
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31) return `expected --seed to be a whole number from 0 to 2147483647, received ${values.seed}`;
    return { seconds, seed, out: values.out ?? join(tmpdir(), 'image-fuzz') };
  } catch (error) {
    return (error as Error).message;
  }
}

void main();
