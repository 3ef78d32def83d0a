import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Job, Measurement, Work } from './job';
import { ratio } from '../statistics';

/** Turns with a small image before: a function in Lambda is warm for nearly all of its images. */
const WARM_UPS = 20;

/** Measures the work that `prepare` makes for the job on the command line, and tells the parent. */
export async function measure(prepare: (job: Job) => Promise<Work>): Promise<void> {
  const job = JSON.parse(process.argv[2]) as Job;
  const { against } = job;
  const [work, other] = await Promise.all([job, ...against ? [{ ...job, ...against }] : []].map(prepare));
  await warmUp(job, other ? [work, other] : [work]);
  const image = readFileSync(job.file);
  const time = (each: Work) => timed(job.repeats, () => each(image));
  process.send!(against ? await inPairs(against.pairs, () => time(work), () => time(other)) : await time(work));
  process.disconnect();
}

export async function warmUp({ warmUp: file }: Job, works: readonly Work[]): Promise<void> {
  const small = readFileSync(file);
  for (let done = 0; done < WARM_UPS; done += 1) for (const work of works) await work(small);
}

/** @returns the last measurement of the first way, with the ratio of all */
async function inPairs(pairs: number, first: () => Promise<Measurement>, second: () => Promise<Measurement>): Promise<Measurement> {
  const [ones, others] = [[] as Measurement[], [] as Measurement[]];
  for (let pair = 0; pair < pairs; pair += 1) {
    const turns = [async () => ones.push(await first()), async () => others.push(await second())];
    for (const turn of pair % 2 ? turns.reverse() : turns) await turn();
  }
  return { ...ones.at(-1)!, ratio: ratio(ones.map(({ cpu }) => cpu), others.map(({ cpu }) => cpu)).median };
}

export async function timed(repeats: number, work: () => Promise<number>): Promise<Measurement> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  let bytes = 0;
  for (let done = 0; done < repeats; done += 1) bytes = await work();
  const wall = (performance.now() - before) / repeats;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: (user + system) / 1000 / repeats, wall, peakRssMb: peakRssMb(), bytes };
}

/** A process inherits `maxRSS` from the one that starts it; Linux has a figure of its own as well. */
export function peakRssMb(): number {
  const kilobytes = process.platform === 'linux'
    ? Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1])
    : process.resourceUsage().maxRSS;
  return (kilobytes * 1024) / 1e6;
}
