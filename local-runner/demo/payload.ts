import { spawn } from 'child_process';
import { readdirSync, statSync } from 'fs';
import { join } from 'path';

const REPOSITORY = join(__dirname, '..', '..');
const SOURCES = ['src/contract', 'src/lambda', 'assets/build', 'assets/build.ts', 'assets/resize-handler/package-lock.json'];
const BUILT = ['arm64', 'x64'].map((architecture) => `assets/resize-handler/linux-${architecture}/index.mjs`);

/** Builds the code of the function, unless it is there and newer than what it is made of. */
export async function ensurePayload(print: (line: string) => void): Promise<void> {
  if (isCurrent()) return;
  print('Building the Lambda code (npm run build:handler) ...');
  const child = spawn(process.execPath, [...process.execArgv, join(REPOSITORY, 'assets', 'build.ts')], { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the Lambda code must build, but build:handler ended with status ${code}:\n${Buffer.concat(output).toString().trim()}`);
}

function isCurrent(): boolean {
  try {
    // Of built files the time of their change: their modification time is the same in every build.
    const built = Math.min(...BUILT.map((file) => statSync(join(REPOSITORY, file)).ctimeMs));
    return built > Math.max(...SOURCES.map((path) => newest(join(REPOSITORY, path))));
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
