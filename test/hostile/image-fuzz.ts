import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageJob } from './child/protocol';
import { makeForms } from './forms';
import { ImageWorker, Verdict } from './image-worker';
import { below, mutate, pick, Random } from './mutate';
import { SVGS } from './svgs';
import { METADATA_POLICIES, OutputFormatName, ProcessingConfig } from '../../src/contract';
import { heicForms } from '../helpers/heif';
import type { ProfileSpec } from '../helpers/renditions';
import { generator } from '../measure/bench/images';
import { simple, SpaceName, SPACES } from '../parity/originals';

export interface FuzzOptions {
  readonly seed: number;
  /** Ends after so many executions, or at `until`. */
  readonly executions?: number;
  /** Epoch milliseconds. */
  readonly until?: number;
  /** Folder for what reproduces a finding. */
  readonly out: string;
}

export interface FuzzResult {
  readonly executions: number;
  readonly renditions: number;
  /** Executions that ended as FAILED, by code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
  /** Of the worst execution, in megabytes of 10^6 bytes. */
  readonly peakRssMb: number;
}

/** The limit of pixels for the memory of the smallest function. */
const MAX_PIXELS = 24_000_000;
const MEMORY_MB = 512;
/** Of an image to begin with: faults in a large one are spread too thin. */
const MAX_BYTES = 100_000;
/** A process of the handler sees many images. */
const JOBS_PER_WORKER = 1000;

/** Sends faulty images through the image path: each becomes renditions as planned or a PermanentError, and the process lives on. */
export async function fuzzImages({ seed, executions = Infinity, until = Infinity, out }: FuzzOptions): Promise<FuzzResult> {
  const random = generator(seed);
  // What is slow by design would be found again and again, by the limit for what hangs; it has a test of its own.
  const images = (await beginnings()).filter(({ length }) => length < MAX_BYTES);
  const failures: Record<string, number> = {};
  const findings: string[] = [];
  let [done, renditions, peakRssMb] = [0, 0, 0];
  let worker = new ImageWorker();
  for (; done < executions && Date.now() < until; done += 1) {
    if (done % JOBS_PER_WORKER === JOBS_PER_WORKER - 1) {
      await worker.stop();
      worker = new ImageWorker();
    }
    const job = makeJob(mutate(pick(images, random), pick(images, random), random), random);
    const verdict = await worker.run(job);
    const problem = problemOf(verdict);
    if (problem) findings.push(`${problem}\n${save(out, `image-${seed}-${done}`, job)}`);
    if ('peakRssMb' in verdict) {
      peakRssMb = Math.max(peakRssMb, verdict.peakRssMb);
      if ('code' in verdict.outcome) failures[verdict.outcome.code] = (failures[verdict.outcome.code] ?? 0) + 1;
      if ('renditions' in verdict.outcome) renditions += 1;
    }
  }
  await worker.stop();
  return { executions: done, renditions, failures, findings, peakRssMb };
}

/** Every form that is read, and every way to say what colours, frames and directions mean: there is a parser behind each. */
async function beginnings(): Promise<Buffer[]> {
  // HEIC costs two threads each time: a file for each part of its reader will do.
  const originals = (Object.keys(SPACES) as SpaceName[]).filter((name) => name !== 'heic').flatMap(simple);
  const made = await Promise.all(originals.map((original) => original.make()));
  return [...[...await makeForms(), ...SVGS.filter(({ isSlow }) => !isSlow)].map(({ data }) => data), ...drawings(), ...made, ...heicForms()];
}

/** In units, in an encoding, and with sizes that are read before librsvg reads them. */
function drawings(): Buffer[] {
  const svg = (size: string, encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="2em" height="9mm"/></svg>`;
  const utf16 = Buffer.from(`\ufeff${svg('width="3em" height="2em"', 'UTF-16')}`, 'utf16le');
  return [Buffer.from(svg('width="12mm" height="1cm" font-size="9"', 'UTF-8')), utf16, Buffer.from(utf16).swap16()];
}

export function problemOf(verdict: Verdict, memoryMb = MEMORY_MB): string | undefined {
  if ('crash' in verdict) return verdict.crash;
  if ('hang' in verdict) return verdict.hang;
  if ('unexpected' in verdict.outcome) return verdict.outcome.unexpected;
  return verdict.peakRssMb > memoryMb ? `${Math.round(verdict.peakRssMb)} MB of memory, expected at most ${memoryMb}` : undefined;
}

const FORMATS: readonly OutputFormatName[] = ['jpeg', 'jpeg', 'png', 'webp', 'webp', 'gif', 'tiff', 'original', 'avif'];

function makeJob(data: Buffer, random: Random): ImageJob {
  const count = 1 + below(3, random);
  const specs = Array.from({ length: count }, (_, at): ProfileSpec => ({
    name: `p${at}`,
    ...pick<ProfileSpec>([{ width: 20 }, { width: 30, height: 30 }, { width: 40, height: 25, fit: 'cover' }, { scale: 0.5 }], random),
    ...pick<ProfileSpec>([{}, { fit: 'contain', width: 30, height: 30, scale: undefined }, { fit: 'fill', width: 17, height: 23, scale: undefined }], random),
    ...pick<ProfileSpec>([{}, { position: 'attention' }, { enlarge: true }], random),
    formats: [pick(FORMATS, random)],
  }));
  const processing: Partial<ProcessingConfig> = {
    maxInputPixels: MAX_PIXELS,
    metadata: pick(METADATA_POLICIES, random),
    animation: random() < 0.8,
    acceptSvg: true,
    acceptHeic: true,
  };
  return { data, specs, processing, timeoutSeconds: 50 };
}

/** @returns the file that reproduces a finding */
function save(folder: string, name: string, { data, ...job }: ImageJob): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, data);
  writeFileSync(`${file}.json`, `${JSON.stringify(job, undefined, 2)}\n`);
  return file;
}
