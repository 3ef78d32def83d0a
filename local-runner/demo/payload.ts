import { spawn } from 'child_process';
import { readdirSync, statSync } from 'fs';
import { join } from 'path';
import { codeFolders, packageRoot, payloadLayout, payloadSources } from '../../assets/build/layout';

/** Builds the code of the functions, unless it is there and newer than what it is made of. */
export async function ensurePayload(print: (line: string) => void): Promise<void> {
  if (isCurrent(packageRoot)) return;
  print('Building the Lambda code (npm run build:handler) ...');
  const child = spawn(process.execPath, [...process.execArgv, join(packageRoot, 'assets', 'build.ts')], {
    cwd: packageRoot, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the Lambda code must build, but build:handler ended with status ${code}:\n${Buffer.concat(output).toString().trim()}`);
}

/** Whether the code of a checkout is there and newer than what it is made of. */
export function isCurrent(checkout: string): boolean {
  try {
    // Of built files the time of their change: their modification time is the same in every build.
    const built = Math.min(...codeFolders(payloadLayout(checkout)).map((place) => statSync(join(place, 'index.mjs')).ctimeMs));
    return built > Math.max(...payloadSources.map((path) => newest(join(checkout, path))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function newest(path: string): number {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(...readdirSync(path).map((name) => newest(join(path, name))));
}
