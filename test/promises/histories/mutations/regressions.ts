import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { Mutation } from './list';
import { BUNDLED, mutating } from './mutate';

/** The file of a test below `test`, without `.test.ts`, and its name, or a part of it. */
export type TestName = readonly [file: string, name: string];

const ROOT = join(__dirname, '..', '..', '..', '..');

/** Bundles the file of a test with the handler, changed as a mutation says. */
export async function bundleTest(outfile: string, [file]: TestName, mutation?: Mutation): Promise<void> {
  const contents = `
    require('./promises/histories/mutations/apply').apply(${JSON.stringify(mutation?.name ?? '')});
    require('./${file}.test');`;
  // Scripts wait for calls by the names of their commands.
  await build({ ...BUNDLED, keepNames: true, stdin: { contents, resolveDir: join(ROOT, 'test') }, outfile, plugins: mutating(mutation) });
}

interface JestTest {
  readonly fullName: string;
  readonly status: string;
}

interface JestResult {
  readonly testResults: readonly { readonly assertionResults: readonly JestTest[] }[];
}

/** Runs a bundled test, or several of the name. @returns whether all pass. @throws Error when there is none */
export async function passes(bundle: string, [file, name]: TestName): Promise<boolean> {
  const config = { rootDir: dirname(bundle), testMatch: [bundle], transform: {}, testTimeout: 60_000, modulePaths: [join(ROOT, 'node_modules')] };
  const pattern = name.replace(/[^\w ]/g, '\\$&');
  const args = [require.resolve('jest/bin/jest'), '--config', JSON.stringify(config), '--json', '--runInBand', '--testNamePattern', pattern];
  const stdout = await new Promise<string>((resolve) => execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (_, out) => resolve(out)));
  const tests = (JSON.parse(stdout) as JestResult).testResults.flatMap(({ assertionResults }) => assertionResults);
  const run = tests.filter(({ fullName, status }) => fullName.includes(name) && (status === 'passed' || status === 'failed'));
  if (run.length === 0) throw new Error(`no test ${JSON.stringify(name)} in ${file}: ${stdout.slice(0, 1000)}`);
  return run.every(({ status }) => status === 'passed');
}
