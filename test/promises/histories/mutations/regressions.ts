import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { Mutation } from './list';
import { BUNDLED, mutating } from './mutate';

const FOLDER = join(__dirname, '..', '..', 'regressions');

/** Bundles all regression tests with the handler, changed as a mutation says; each under the name of its file. */
export async function bundleRegressions(outfile: string, mutation?: Mutation): Promise<void> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts'));
  const contents = [
    `require('../histories/mutations/apply').apply(${JSON.stringify(mutation?.name ?? '')});`,
    ...files.map((file) => `describe(${JSON.stringify(basename(file, '.test.ts'))}, () => { require('./${file.slice(0, -3)}'); });`),
  ].join('\n');
  // Scripts wait for calls by the names of their commands.
  await build({ ...BUNDLED, keepNames: true, stdin: { contents, resolveDir: FOLDER }, outfile, plugins: mutating(mutation) });
}

/** Runs bundled tests. @returns the names of all, and of those that fail, each with the name of its file before it */
export async function runTests(bundle: string): Promise<{ readonly all: readonly string[]; readonly failed: readonly string[] }> {
  const config = JSON.stringify({ rootDir: join(bundle, '..'), testMatch: [bundle], transform: {}, testTimeout: 60_000 });
  const args = [require.resolve('jest/bin/jest'), '--config', config, '--json', '--runInBand'];
  const stdout = await new Promise<string>((resolve) => execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (_, out) => resolve(out)));
  const tests = (JSON.parse(stdout) as JestResult).testResults.flatMap(({ assertionResults }) => assertionResults);
  if (tests.length === 0) throw new Error(`no test ran: ${stdout.slice(0, 2000)}`);
  const nameOf = ({ fullName }: JestTest) => fullName;
  return { all: tests.map(nameOf), failed: tests.filter(({ status }) => status === 'failed').map(nameOf) };
}

interface JestTest {
  readonly fullName: string;
  readonly status: string;
}

interface JestResult {
  readonly testResults: readonly { readonly assertionResults: readonly JestTest[] }[];
}
