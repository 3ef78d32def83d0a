import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

jest.setTimeout(240_000);

/** What a fresh machine may have beside the Node.js that runs the tests; the packaged function runs on the newest. */
const OTHERS = ['22', '24'];

/** Starts an example and gives the embedded services one image: synthesis and handler both run on the Node.js that is asked. */
const PROGRAM = `
  require('tsx/cjs');
  const { RunningApp, picture } = require('./test/helpers/running-app');
  (async () => {
    const app = await RunningApp.pipeline();
    await app.process('cat.jpg', await picture());
    const record = await app.record('cat.jpg');
    console.log(JSON.stringify({ node: process.versions.node.split('.')[0], status: record.status, keys: await app.outputKeys() }));
    await app.stop();
  })();
`;

test.each(OTHERS)('an app is synthesised and its packaged handler makes renditions on Node.js %s', (version) => {
  const node = nodeOf(version);
  if (node === undefined) {
    console.warn(`skipped: npm gives no Node.js ${version} here`);
    return;
  }
  const environment = { ...process.env, PATH: `${join(node, '..')}:${process.env.PATH}` };
  const printed = execFileSync(node, ['-e', PROGRAM], { cwd: packageRoot, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  expect(JSON.parse(printed.trim().split('\n').at(-1)!)).toEqual({ node: version, status: 'COMPLETED', keys: ['cat.jpg/small.jpg'] });
});

/** The program that npm's package `node` brings; undefined where the network, or the machine, does not give it. */
function nodeOf(version: string): string | undefined {
  try {
    const args = ['exec', '--yes', `--package=node@${version}`, '--', 'node', '-p', 'process.execPath'];
    return execFileSync('npm', args, { cwd: packageRoot, encoding: 'utf8', timeout: 90_000, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
