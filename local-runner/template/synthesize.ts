import { spawn } from 'child_process';
import { readFileSync } from 'fs';
import { delimiter, join } from 'path';

/** An account that nobody has. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** Runs the app of a folder's `cdk.json` as the CDK CLI would, and has it write its cloud assembly to `outdir`. */
export async function synthesize(directory: string, outdir: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const { app, context = {} } = JSON.parse(readFileSync(join(directory, 'cdk.json'), 'utf8')) as { app?: string; context?: object };
  if (!app) throw new Error(`expected "app" in ${join(directory, 'cdk.json')} to be the command of the CDK app, received ${JSON.stringify(app)}`);

  const child = spawn(app, {
    cwd: directory,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...environment,
      PATH: [join(__dirname, '..', '..', 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_DEFAULT_ACCOUNT: ACCOUNT,
      CDK_DEFAULT_REGION: REGION,
    },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the app of ${directory} must synthesise, but ended with status ${code}:\n${Buffer.concat(output).toString().trim()}`);
}
