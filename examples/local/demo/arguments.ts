import { existsSync } from 'fs';
import { join, resolve } from 'path';
import { parseArgs } from 'util';

const EXAMPLES = join(__dirname, '..', '..');
const EXAMPLES_TO_RUN = ['quick-start', 'minimal'] as const;

export const HELP = `Runs an example of the pipeline on this machine: embedded S3, DynamoDB and SQS, and the packaged Lambda code.

  npm run demo                                       on sample images; results in .demo
  npm run demo -- --once --out DIR FILE_OR_FOLDER... on any files; folders with all that is in them, except hidden files

  --once           end when every file came to its final state
  --out DIR        where renditions, records.json and the contact sheet index.html are written (default: .demo)
  --example NAME   the example to run: ${EXAMPLES_TO_RUN.join(' or ')} (default: ${EXAMPLES_TO_RUN[0]})
  --help           this text

Exit status: 0 when every file came to the final state that it should, 1 when the pipeline failed, 2 for wrong arguments.
`;

export interface DemoArguments {
  readonly help: boolean;
  readonly once: boolean;
  /** Absolute path. */
  readonly out: string;
  /** Folder of the example's CDK app. */
  readonly example: string;
  /** Absolute paths; none for the sample images. */
  readonly inputs: readonly string[];
}

/** The fault is the user's: shown without a stack, and before anything starts. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseArguments(args: readonly string[]): DemoArguments {
  const { values, positionals } = parsed(args);
  const { example = EXAMPLES_TO_RUN[0] } = values;
  if (!EXAMPLES_TO_RUN.some((name) => name === example)) {
    throw new UsageError(`--example must be ${EXAMPLES_TO_RUN.join(' or ')}, received ${JSON.stringify(example)}`);
  }
  // npm changes to the folder of the package, and keeps where its user stood.
  const folder = process.env.npm_lifecycle_event === 'demo' ? process.env.INIT_CWD ?? '' : '';
  const inputs = positionals.map((path) => resolve(folder, path));
  for (const path of inputs) {
    if (!existsSync(path)) throw new UsageError(`no such file or folder: ${path}`);
  }
  return { help: values.help ?? false, once: values.once ?? false, out: resolve(folder, values.out ?? '.demo'), example: join(EXAMPLES, example), inputs };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { once: { type: 'boolean' }, out: { type: 'string' }, example: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
