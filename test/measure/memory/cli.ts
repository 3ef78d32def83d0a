/** What `memorySize` costs, and how long an image takes by it: the tables of docs/performance.md. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { ProcessorShare } from './processor-share';
import type { SeriesJob, SeriesMeasurement } from '../bench/child/job';
import { PROFILE_SETS } from '../bench/profiles';
import { runChild } from '../bench/spawn';
import { openWorkshop, Workshop } from '../bench/workshop';
import { gbSeconds } from '../scale/duration';
import { ASSUMED, MIB_PER_VCPU, PRICES } from '../scale/inputs';

const USAGE = `npx tsx test/measure/memory/cli.ts PYTHON

  PYTHON  of an environment that has scikit-image and matplotlib: see test/measure/formats/cli.ts

  As root, on Linux with control groups of version 1: a process gets the share of a processor that Lambda gives by memory.`;

const MEMORY = [512, 1024, 1280, MIB_PER_VCPU, 2 * MIB_PER_VCPU];
const TURNS = { jpeg: 5, avif: 2 } as const;
const SCENES = ['mp12', 'mp24'] as const;

async function main([python]: string[]): Promise<void> {
  if (!python) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const workshop = await openWorkshop();
  try {
    const photographs = await addPhotographs(workshop, python);
    const scenes = await Promise.all(SCENES.map((name) => workshop.imageFile(name)));
    for (const format of ['jpeg', 'avif'] as const) {
      console.log(`\nThree ${format.toUpperCase()} of each, one image after another; with ${ASSUMED.waitMs} ms of waiting`);
      const heads = ['`memorySize`', 'vCPUs', ...['ten photographs, mean', '12 megapixels', '24 megapixels'].flatMap((name) => [name, 'per million']), 'largest peak'];
      console.log(`| ${heads.join(' | ')} |\n|${' --- |'.repeat(heads.length)}`);
      for (const memory of MEMORY) {
        const { wall, peakRssMb } = await measure(workshop, memory, [...photographs, ...scenes], format);
        const mean = wall.slice(0, photographs.length).reduce((sum, ms) => sum + ms, 0) / photographs.length;
        const cells = [mean, ...wall.slice(photographs.length)].map((ms) => ms + ASSUMED.waitMs).flatMap((ms) => {
          const dollars = 1e6 * (gbSeconds(ms, memory) * PRICES.lambdaGbSecond + PRICES.lambdaRequest);
          return [`${ms.toFixed(0)} ms`, `$${dollars.toFixed(2)}`];
        });
        console.log(`| ${[memory, (memory / MIB_PER_VCPU).toFixed(2), ...cells, `${peakRssMb.toFixed(0)} MB`].join(' | ')} |`);
      }
    }
  } finally {
    await workshop.close();
  }
}

/** As cameras and programs store them. */
async function addPhotographs(workshop: Workshop, python: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'photographs-'));
  try {
    execFileSync(python, [join(__dirname, '..', 'formats', 'photographs.py'), folder]);
    const files: string[] = [];
    for (const name of readdirSync(folder).sort()) {
      files.push(await workshop.addImage(basename(name, '.png'), await sharp(join(folder, name)).jpeg({ quality: 90 }).toBuffer()));
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(workshop: Workshop, memory: number, files: readonly string[], format: keyof typeof TURNS): Promise<SeriesMeasurement> {
  const { warmUp, payload, standIns: { endpoint } } = workshop;
  const job: SeriesJob = {
    file: files[0], files, turns: TURNS[format], warmUp, payload, endpoint, sizes: PROFILE_SETS[3], format, placeholder: true, repeats: 1,
  };
  const share = new ProcessorShare(`memory-${process.pid}-${memory}`, memory / MIB_PER_VCPU);
  try {
    return await runChild<SeriesMeasurement>(workshop.program('series'), JSON.stringify(job), { onStart: (pid) => share.add(pid) });
  } finally {
    share.remove();
  }
}

void main(process.argv.slice(2));
