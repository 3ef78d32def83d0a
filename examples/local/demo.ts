import { createWriteStream } from 'fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { basename, join, relative } from 'path';
import { LocalApp } from '.';
import { HELP, parseArguments, UsageError } from './demo/arguments';
import { contactSheet } from './demo/contact-sheet';
import { count } from './demo/format';
import { findInputs, Input, OWN_FILES } from './demo/inputs';
import { ensurePayload } from './demo/payload';
import { problems, summary, table, totalsOf } from './demo/report';
import { process as processInputs } from './demo/run';
import { writeSamples } from './demo/samples';

const EXIT = { ok: 0, pipelineFailed: 1, usage: 2, interrupted: 130 } as const;

/** Waits of minutes, for redeliveries, take half a second each. */
const WAIT_FACTOR = 1 / 720;

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const temporary = await mkdtemp(join(tmpdir(), 'demo-'));
  try {
    const paths = args.inputs.length > 0 ? args.inputs : await writeSamples(temporary);
    const inputs = await findInputs(paths, args.out);
    await prepareOut(args.out);
    return await run(args.example, inputs, args.out);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function prepareOut(out: string): Promise<void> {
  const present = await stat(out).catch(() => undefined);
  if (present && !present.isDirectory()) throw new UsageError(`--out must be a folder, received ${out}`);
  await mkdir(out, { recursive: true });
}

async function run(example: string, inputs: readonly Input[], out: string): Promise<number> {
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(EXIT.interrupted));
  });
  const started = Date.now();
  await ensurePayload(console.log);
  console.log(`Starting ${basename(example)} on this machine for ${count(inputs.length, 'file')}.`);
  const log = createWriteStream(join(out, OWN_FILES.log));
  const app = await LocalApp.start({ directory: example, waitFactor: WAIT_FACTOR, onLog: ({ text }) => log.write(`${text}\n`) });
  try {
    return await Promise.race([interrupted, processAll(app, inputs, out, started)]);
  } finally {
    await app.stop();
    log.end();
  }
}

async function processAll(app: LocalApp, inputs: readonly Input[], out: string, started: number): Promise<number> {
  const outcomes = await processInputs(app, inputs, out);
  const elapsed = Date.now() - started;
  await writeFile(join(out, OWN_FILES.sheet), contactSheet(outcomes, elapsed));

  const pathOf = (name: keyof typeof OWN_FILES) => relative('', join(out, OWN_FILES[name]));
  console.log(table(outcomes, pathOf('sheet')));
  for (const line of problems(outcomes)) console.log(line);
  console.log(`\n${summary(totalsOf(outcomes), elapsed)}\nContact sheet: ${pathOf('sheet')}\nRecords: ${pathOf('records')}`);

  const deadLetters = app.deadLetterQueues.reduce((sum, queue) => sum + queue.size, 0);
  if (deadLetters > 0) console.error(`the pipeline failed: ${count(deadLetters, 'message')} in the dead-letter queue; see ${pathOf('log')}`);
  else if (totalsOf(outcomes).states.ERROR > 0) console.error(`the pipeline failed: see the files in ERROR above, and ${pathOf('log')}`);
  else return EXIT.ok;
  return EXIT.pipelineFailed;
}

// The template names the version of Node.js that Lambda runs; this one may be older.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

main().then(
  (status) => {
    process.exitCode = status;
    // What was interrupted may still wait for something.
    if (status === EXIT.interrupted) process.exit();
  },
  (error: Error) => {
    console.error(error instanceof UsageError ? `${error.message}\nSee --help.` : error);
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.pipelineFailed;
  },
);
