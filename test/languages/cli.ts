import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { go } from './go';
import { java } from './java';
import { Artifact, fileIn, helpers, Language, missingTool, Program, run, shell } from './language';
import { python } from './python';
import { twins } from './twins';
import { codeFolders, packageRoot, payloadLayout } from '../../assets/build/layout';
import { listFiles } from '../../assets/build/tree';

const [JSII_PACMAK, JSII_ROSETTA] = ['jsii-pacmak', 'jsii-rosetta'].map((program) => join('node_modules', '.bin', program));
/** What jsii and its translator of examples write: both are read where packages are made. */
const [ASSEMBLY, TRANSLATIONS] = ['.jsii', '.jsii.tabl.json'].map((file) => join(packageRoot, file));
const LANGUAGES: readonly Language[] = [python, java, go];

/**
 * `npm run check:languages [-- LANGUAGE...]`: builds the package for a language (or takes it from the folder that PACKAGES names), looks into it, installs it into the language's
 * example beside the released CDK, synthesises that, and compares the templates with those of the same stacks in TypeScript.
 */
async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !LANGUAGES.some((language) => language.name === name));
  if (unknown.length > 0) {
    console.error(`check:languages: expected ${LANGUAGES.map(({ name }) => name).join(', ')}, received ${unknown.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  if (!existsSync(ASSEMBLY)) {
    console.error('check:languages: packages are made of what npm run build writes: run it first');
    process.exitCode = 1;
    return;
  }
  const work = mkdtempSync(join(tmpdir(), 'languages-'));
  try {
    const [expected, files] = [join(work, 'typescript'), join(work, 'files')];
    cpSync(join(helpers, 'files'), files, { recursive: true });
    await sharp({ create: { width: 32, height: 16, channels: 3, background: '#3366cc' } }).png().toFile(join(files, 'mark.png'));
    twins(expected, files).synth();
    if (!process.env.PACKAGES) translateExamples();
    for (const language of LANGUAGES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
      check(language, { work, expected, files, isAsked: asked.includes(language.name) });
    }
    if (asked.length === 0) checkDotnet(work);
  } finally {
    // Go makes its modules read-only; what it has replaced is not below this folder.
    rmSync(work, { recursive: true, force: true });
  }
}

/** Why packages of the language cannot be had; undefined where they can. */
function unreachable({ name, fetch }: Language, work: string): string | undefined {
  const folder = join(work, `${name}-reach`);
  mkdirSync(folder);
  try {
    const [program, ...args] = fetch(floor('constructs'));
    run(folder, program, args);
    return undefined;
  } catch (error) {
    return `its packages cannot be fetched: ${(error as Error).message}`;
  }
}

/** The lowest supported version of a peer. */
function floor(peer: string): string {
  const { peerDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { peerDependencies: Record<string, string> };
  return peerDependencies[peer].replace('^', '');
}

interface Check {
  readonly work: string;
  /** Folder of the templates in TypeScript. */
  readonly expected: string;
  /** Folder of what the stacks take from their app's folder. */
  readonly files: string;
  /** Whether the language was named: then nothing may be skipped. */
  readonly isAsked: boolean;
}

function check(language: Language, { work, expected, files, isAsked }: Check): void {
  const { name, programs } = language;
  const missing = missingTool(language) ?? unreachable(language, work);
  if (missing !== undefined) {
    console.log(`${name}: ${isAsked ? 'failed' : 'skipped'}: ${missing}`);
    if (isAsked) process.exitCode = 1;
    return;
  }
  try {
    const dist = build(language, work);
    const payloads = requirePayloads(name, language.artifact(dist), work);
    requireTranslated(language, dist);
    const app = install(language, { work, dist, files });
    const stacks = programs.flatMap((program, at) => compare(program, app, join(work, `${name}-${at}.out`), expected));
    console.log(`${name}: built, with ${payloads} files of its functions; installed, synthesised, and the same as in TypeScript: ${stacks.join(', ')}`);
  } catch (error) {
    console.error(`${name}: failed: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

/** Where only `projen compile` has run, nobody has translated the examples of docstrings and README. */
function translateExamples(): void {
  const areCurrent = existsSync(TRANSLATIONS) && statSync(TRANSLATIONS).mtimeMs >= statSync(ASSEMBLY).mtimeMs;
  if (!areCurrent) run(packageRoot, JSII_ROSETTA, ['extract', '--strict']);
}

/** @returns the folder of what was built: in the folder that PACKAGES names, or here and now */
function build({ name }: Language, work: string): string {
  if (process.env.PACKAGES) return join(resolve(packageRoot, process.env.PACKAGES), name);
  const dist = join(work, 'dist');
  run(packageRoot, JSII_PACMAK, ['--target', name, '--outdir', dist, '--rosetta-unknown-snippets', 'fail']);
  return join(dist, name);
}

/** @returns how many files there are */
function requirePayloads(name: string, artifact: Artifact, work: string): number {
  let npmPackage: string;
  if ('file' in artifact) {
    npmPackage = artifact.file;
  } else {
    const entry = run(work, 'unzip', ['-Z1', artifact.archive]).split('\n').find((file) => file.endsWith(artifact.within));
    if (entry === undefined) throw new Error(`${artifact.archive} must hold the npm package`);
    run(work, 'unzip', ['-qoj', artifact.archive, entry, '-d', join(work, `${name}-package`)]);
    npmPackage = join(work, `${name}-package`, entry.split('/').at(-1)!);
  }
  const packed = new Set(run(work, 'tar', ['-tzf', npmPackage]).split('\n').map((file) => file.replace(/^package\//, '')));
  const needed = codeFolders(payloadLayout(packageRoot)).flatMap((folder) => listFiles(folder)).map(({ path }) => relative(packageRoot, path));
  const lost = needed.filter((file) => !packed.has(file));
  if (lost.length > 0) throw new Error(`the package must hold the code of all functions, and lacks ${lost.slice(0, 5).join(', ')}`);
  return needed.length;
}

function requireTranslated(language: Language, dist: string): void {
  const { command, line } = language.translated(dist);
  // Java escapes what HTML would take for markup.
  const documentation = shell(dist, command).replaceAll('&quot;', '"');
  if (!documentation.includes(line)) throw new Error(`the documentation must have the translated line ${line}`);
}

/** No app of .NET is run. Its package is compiled where releases are built; elsewhere jsii makes its code, which is seen to hold the functions. */
function checkDotnet(work: string): void {
  try {
    if (process.env.PACKAGES) {
      const files = requirePayloads('dotnet', { archive: fileIn(join(resolve(packageRoot, process.env.PACKAGES), 'dotnet'), '.nupkg'), within: '.tgz' }, work);
      console.log(`dotnet: built, with ${files} files of its functions; neither installed nor synthesised`);
      return;
    }
    const dist = join(work, 'dotnet');
    run(packageRoot, JSII_PACMAK, ['--target', 'dotnet', '--code-only', '--outdir', dist, '--rosetta-unknown-snippets', 'fail']);
    const sources = (readdirSync(dist, { recursive: true }) as string[]).filter((name) => name.endsWith('.cs'));
    if (sources.length === 0) throw new Error('jsii must make code, and made none');
    const files = requirePayloads('dotnet', { file: fileIn(dist, '.tgz') }, work);
    console.log(`dotnet: ${sources.length} files of code made, with ${files} files of its functions; neither compiled nor run`);
  } catch (error) {
    console.error(`dotnet: failed: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

/** @returns the folder of the app */
function install(language: Language, { work, dist, files }: { work: string; dist: string; files: string }): string {
  const app = join(work, `${language.name}-app`);
  const cache = join(packageRoot, 'node_modules', '.cache', 'languages');
  mkdirSync(cache, { recursive: true });
  cpSync(join(packageRoot, 'examples', language.name), app, { recursive: true });
  cpSync(files, app, { recursive: true });
  language.install({ app, dist, cache, cdk: floor('aws-cdk-lib'), constructs: floor('constructs') });
  return app;
}

/** @returns the stacks that were compared */
function compare({ stacks, command }: Program, app: string, outdir: string, expected: string): readonly string[] {
  const { app: ofCdkJson } = JSON.parse(readFileSync(join(app, 'cdk.json'), 'utf8')) as { app: string };
  shell(app, command ?? ofCdkJson, { CDK_OUTDIR: outdir });
  for (const stack of stacks) {
    const [found, wanted] = [outdir, expected].map((folder) => JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as unknown);
    const difference = firstDifference(found, wanted, stack);
    if (difference) throw new Error(`the template must be the same as in TypeScript, but ${difference}`);
  }
  return stacks;
}

function firstDifference(found: unknown, wanted: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(found, wanted)) return undefined;
  if (!isObject(found) || !isObject(wanted)) return `${path} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`;
  const keys = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  return keys.map((key) => firstDifference(found[key], wanted[key], `${path}.${key}`)).find((difference) => difference !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

void main(process.argv.slice(2));
