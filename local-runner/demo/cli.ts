import { createWriteStream } from 'fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { LocalApp } from '..';
import { DemoArguments, HELP, parseArguments, UsageError } from './arguments';
import { fillBucket, showBackfill } from './backfill';
import { contactSheet } from './contact-sheet';
import { directoryOf, Example } from './examples';
import { count, formatTime } from './format';
import { showGallery, untilUnused } from './gallery';
import { findInputs, Input, OWN_FILES } from './inputs';
import { ensurePayload } from './payload';
import { process as processInputs } from './process-inputs';
import { qrCode } from './qr-code';
import { problems, summary, table, totalsOf } from './report';
import { photographs, writeSamples } from './samples';

const EXIT = { ok: 0, pipelineFailed: 1, usage: 2, interrupted: 130 } as const;

/** Waits of minutes, for redeliveries, take half a second each. */
const WAIT_FACTOR = 1 / 720;

/** A gallery that nobody looks at ends by itself, unless somebody can end it. */
const UNUSED_MS = 30 * 60_000;

let isInterrupted = false;

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const temporary = await mkdtemp(join(tmpdir(), 'demo-'));
  try {
    const inputs = await inputsOf(args, temporary);
    await prepareOut(args.out);
    return await run(args, inputs);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Files that are given, or samples; an example whose bucket is full before makes its own. */
async function inputsOf({ inputs, gallery, example, out }: DemoArguments, temporary: string): Promise<readonly Input[]> {
  if (inputs.length > 0) return findInputs(inputs, out);
  if (example.photos !== undefined) return [];
  return findInputs(await (gallery ? photographs(temporary) : writeSamples(temporary)), out);
}

async function prepareOut(out: string): Promise<void> {
  const present = await stat(out).catch(() => undefined);
  if (present && !present.isDirectory()) throw new UsageError(`--out must be a folder, received ${out}`);
  await mkdir(out, { recursive: true });
}

async function run({ example, gallery, out, port, host, qr, strict }: DemoArguments, inputs: readonly Input[]): Promise<number> {
  let isThere = false;
  const interrupted = new Promise<number>((resolve) => {
    const interrupt = () => {
      isInterrupted = true;
      // A gallery that is there is meant to be ended so.
      resolve(gallery && isThere ? EXIT.ok : EXIT.interrupted);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  });
  const started = Date.now();
  await ensurePayload(console.log);
  const { photos } = example;
  console.log(`Starting ${example.name} on this machine${photos === undefined ? ` for ${count(inputs.length, 'file')}` : ''}.`);
  const log = createWriteStream(join(out, OWN_FILES.log));
  const app = await LocalApp.start({
    directory: directoryOf(example),
    waitFactor: WAIT_FACTOR,
    pagePort: port,
    host,
    onLog: ({ text }) => log.write(`${text}\n`),
    ...photos !== undefined && { buckets: [photos], prepare: (s3) => fillBucket(s3, photos, inputs) },
  });
  isThere = true;
  try {
    if (photos !== undefined) return await Promise.race([interrupted, backfill(app, inputs)]);
    const work = gallery ? visit(app, example, inputs, { out, qr }) : processAll(app, example, inputs, out, { started, strict });
    return await Promise.race([interrupted, work]);
  } finally {
    if (isInterrupted && !gallery) console.log(`\nInterrupted after ${formatTime(Date.now() - started)}: nothing was written but the log, ${join(out, OWN_FILES.log)}`);
    await app.stop();
    log.end();
    if (gallery) console.log('\nThe gallery has ended, and its images are gone.');
  }
}

async function backfill(app: LocalApp, inputs: readonly Input[]): Promise<number> {
  return await showBackfill(app, inputs, console.log) ? EXIT.ok : EXIT.pipelineFailed;
}

async function visit(app: LocalApp, { page }: Example, inputs: readonly Input[], { out, qr }: { out: string; qr: boolean }): Promise<number> {
  const url = `${app.output(page!)}/`;
  if (qr) console.log(`\n${qrCode(url)}`);
  await showGallery(app, url, inputs);
  // Whoever has a terminal ends it; a page in the background asks for nothing, and is open all the same.
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  console.log(hasTerminal ? 'Ctrl-C ends it.' : 'Ctrl-C ends it; so does half an hour in which nobody sees its page.');
  await untilUnused(() => app.lastRequestAt, hasTerminal ? Infinity : UNUSED_MS);
  return deadLettersOf(app, out) > 0 ? EXIT.pipelineFailed : EXIT.ok;
}

async function processAll(app: LocalApp, { sourcePrefix = '' }: Example, inputs: readonly Input[], out: string, { started, strict }: { started: number; strict: boolean }): Promise<number> {
  const outcomes = await processInputs(app, inputs, out, sourcePrefix);
  const elapsed = Date.now() - started;
  await writeFile(join(out, OWN_FILES.sheet), contactSheet(outcomes, elapsed));

  const pathOf = (name: keyof typeof OWN_FILES) => join(out, OWN_FILES[name]);
  // Terminals open it by a click.
  const sheet = pathToFileURL(pathOf('sheet')).href;
  console.log(table(outcomes, sheet));
  for (const line of problems(outcomes)) console.log(line);
  console.log(`\n${summary(totalsOf(outcomes), elapsed)}\nContact sheet: ${sheet}\nRecords: ${pathOf('records')}`);

  if (deadLettersOf(app, out) > 0) return EXIT.pipelineFailed;
  const { states } = totalsOf(outcomes);
  if (strict && (states.FAILED > 0 || problems(outcomes).some((line) => line.startsWith('SKIPPED ')))) {
    console.error('--strict: see the files and renditions above that could not be made');
    return EXIT.pipelineFailed;
  }
  if (states.ERROR === 0) return EXIT.ok;
  console.error(`the pipeline failed: see the files in ERROR above, and ${pathOf('log')}`);
  return EXIT.pipelineFailed;
}

/** How many messages could not be handled; says so. */
function deadLettersOf(app: LocalApp, out: string): number {
  const deadLetters = app.deadLetterQueues.reduce((sum, queue) => sum + queue.size, 0);
  if (deadLetters > 0) console.error(`the pipeline failed: ${count(deadLetters, 'message')} in the dead-letter queue; see ${join(out, OWN_FILES.log)}`);
  return deadLetters;
}

// The template names the version of Node.js that Lambda runs; this one may be older.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

main().then(
  (status) => {
    process.exitCode = status;
    // What was interrupted may still wait for something.
    if (isInterrupted) process.exit();
  },
  (error: Error) => {
    console.error(error instanceof UsageError ? `${error.message}\nSee --help.` : error);
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.pipelineFailed;
  },
);
