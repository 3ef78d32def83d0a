import { fork } from 'node:child_process';
import { join } from 'node:path';
import { handlerEnvironment } from './environment';
import { IMAGES, ImageName } from './images';
import { describeMachine, Machine } from './machine';
import { EQUAL_SIZES, PROFILE_SETS } from './profiles';
import { chart, machineLines, medians } from './report';
import { ratio, spread, Spread } from './statistics';
import { interleave, NAMES, Results, Subject, Subjects, Task } from './subjects';
import type { Synthesis } from './synthesis';
import { targetLines } from './targets';
import { openWorkshop } from './workshop';

export interface BenchOptions {
  /** A small set and few rounds: whether it runs, not how fast it is. */
  readonly quick: boolean;
  /** Of the comparison that the ratios are from. */
  readonly rounds: number;
  print(line: string): void;
}

export interface Summary {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  /** Medians, of processor time: three JPEG renditions of a 24-megapixel JPEG. */
  readonly ratios: Readonly<Record<RatioName, number>> & { readonly vsPillow: number | null };
  readonly spreads: Readonly<Record<RatioName, Spread>> & { readonly vsPillow: Spread | null };
  /** Of the packaged handler's process, in megabytes. */
  readonly peakRssMb: { readonly mp24: number; readonly mp100: number };
  readonly synthesis: Synthesis;
  readonly cases: readonly CaseSummary[];
}

type RatioName = 'vsDecode' | 'vsDecodeAndScale' | 'vsSharpPerProfile' | 'threeProfilesVsOne' | 'sixProfilesVsOne' | 'equalProfilesVsOne' | 'placeholder'
  | 'placeholderWeb' | 'handlerOverhead' | 'handlerGoingOn' | 'handlerOverHttp' | 'coldLoadVsSharp';

interface CaseSummary extends Task {
  readonly subject: string;
  readonly cpuMs: Spread;
  readonly wallMs: Spread;
  readonly peakRssMb: Spread;
  readonly bytes: number;
}

const HEADLINE: Task = { image: 'mp24', format: 'jpeg', profiles: 3 };
const WEB: Task = { image: 'web', format: 'jpeg', profiles: 1 };
/** Images one after another in a process, with what is collected of the garbage meanwhile. */
const GOING_ON = 10;
const MATRIX_ROUNDS = 2;
/** Of two ways in one process, in each round. */
const PAIRS = 12;

export async function runBench({ quick, rounds, print }: BenchOptions): Promise<Summary> {
  const workshop = await openWorkshop();
  try {
    const subjects = new Subjects(workshop, handlerEnvironment([]));
    const machine = describeMachine(workshop.payload, subjects.others);
    machineLines(machine).forEach(print);

    const cases: CaseSummary[] = [];
    const measureCase = async (task: Task, chosen: readonly Subject[], times: number) => {
      const results = await interleave(chosen, times);
      chart(title(task), results).forEach(print);
      cases.push(...summarise(task, results));
      return results;
    };

    const headline = await measureCase(HEADLINE, await headlineSubjects(subjects, quick ? 2 : PAIRS), rounds);
    const largest = { ...HEADLINE, image: 'mp100' } as const;
    const hundred = await measureCase(largest, [await subjects.ours(largest, 'handler-over-http', NAMES.http)], quick ? 1 : MATRIX_ROUNDS);
    for (const task of quick ? QUICK_MATRIX : matrix()) {
      await measureCase(task, await matrixSubjects(subjects, task), quick || task.format !== 'jpeg' ? 1 : MATRIX_ROUNDS);
    }

    const spreads = ratiosOf(headline);
    const synthesis = await measureSynthesis();
    const summary: Summary = {
      machine,
      quick,
      rounds,
      ratios: mediansOf(spreads),
      spreads,
      peakRssMb: { mp24: peak(headline), mp100: peak(hundred) },
      synthesis,
      cases,
    };
    print('');
    print(`Synthesis: ${synthesis.firstMs.toFixed(0)} ms for an app with one pipeline, ${synthesis.furtherMs.toFixed(0)} ms for each further pipeline; `
      + `the handler is staged ${synthesis.stagedCopies} time(s) for four pipelines in two stacks`);
    targetLines(summary).forEach(print);
    return summary;
  } finally {
    await workshop.close();
  }
}

async function headlineSubjects(subjects: Subjects, pairs: number): Promise<Subject[]> {
  const alone = { pairs, sizes: PROFILE_SETS[1] };
  const bare = { pairs, placeholder: false };
  return [
    await subjects.ours(HEADLINE),
    await subjects.ours({ ...HEADLINE, profiles: 1 }, 'image-path', NAMES.path1),
    await subjects.ours({ ...HEADLINE, profiles: 6 }, 'image-path', NAMES.path6),
    await subjects.ours(HEADLINE, 'image-path', NAMES.pairs3, { against: alone }),
    await subjects.ours({ ...HEADLINE, profiles: 6 }, 'image-path', NAMES.pairs6, { against: alone }),
    await subjects.ours(HEADLINE, 'image-path', NAMES.placeholder, { against: bare }),
    await subjects.ours({ ...WEB, profiles: 3 }, 'image-path', NAMES.placeholderWeb, { against: bare }),
    await subjects.ours(WEB, 'image-path', NAMES.equal, { sizes: EQUAL_SIZES, against: alone }),
    await subjects.ours(HEADLINE, 'image-path', NAMES.pathGoingOn, { repeats: GOING_ON }),
    await subjects.ours(HEADLINE, 'handler', NAMES.handlerGoingOn, { repeats: GOING_ON }),
    await subjects.ours(HEADLINE, 'sharp-per-profile', NAMES.sharp),
    await subjects.ours(HEADLINE, 'decode', NAMES.decode),
    await subjects.ours(HEADLINE, 'decode-and-scale', NAMES.scale),
    await subjects.ours(HEADLINE, 'handler', NAMES.handler),
    await subjects.ours(HEADLINE, 'handler-over-http', NAMES.http),
    ...await subjects.installed(HEADLINE),
    ...subjects.loads(),
  ];
}

const QUICK_MATRIX: readonly Task[] = [{ image: 'web', format: 'jpeg', profiles: 3 }, { image: 'animated', format: 'webp', profiles: 1 }];

function matrix(): Task[] {
  const images = Object.keys(IMAGES) as ImageName[];
  const counts = Object.keys(PROFILE_SETS).map(Number) as Task['profiles'][];
  return (['jpeg', 'webp', 'avif'] as const).flatMap((format) => images.flatMap((image) => counts.map((profiles) => ({ image, format, profiles }))));
}

async function matrixSubjects(subjects: Subjects, task: Task): Promise<Subject[]> {
  const compared = [await subjects.ours(task), await subjects.ours(task, 'sharp-per-profile', NAMES.sharp)];
  if (task.format !== 'jpeg' || task.profiles !== 3) return compared;
  // The command line tools are slow enough to be left to one comparison.
  return [...compared, await subjects.ours(task, 'decode', NAMES.decode), ...await subjects.installed(task, 'Pillow')];
}

function title({ image, format, profiles }: Task): string {
  return `${IMAGES[image].description} -> ${profiles} x ${format.toUpperCase()} (${PROFILE_SETS[profiles].join(', ')} px)`;
}

function summarise(task: Task, results: Results): CaseSummary[] {
  return [...results].map(([subject, measurements]) => {
    const { cpu, wall, peakRssMb, bytes } = medians(measurements);
    return { ...task, subject, cpuMs: cpu, wallMs: wall, peakRssMb, bytes: bytes.median };
  });
}

function ratiosOf(results: Results): Summary['spreads'] {
  const cpu = (name: string) => results.get(name)!.map((one) => one.cpu);
  const inPairs = (name: string) => spread(results.get(name)!.map((one) => one.ratio!));
  const path = cpu(NAMES.path);
  const pillow = [...results.keys()].find((name) => name.startsWith('Pillow'));
  return {
    vsDecode: ratio(path, cpu(NAMES.decode)),
    vsDecodeAndScale: ratio(path, cpu(NAMES.scale)),
    vsSharpPerProfile: ratio(path, cpu(NAMES.sharp)),
    vsPillow: pillow ? ratio(cpu(pillow), path) : null,
    threeProfilesVsOne: inPairs(NAMES.pairs3),
    sixProfilesVsOne: inPairs(NAMES.pairs6),
    equalProfilesVsOne: inPairs(NAMES.equal),
    placeholder: inPairs(NAMES.placeholder),
    placeholderWeb: inPairs(NAMES.placeholderWeb),
    handlerOverhead: ratio(cpu(NAMES.handler), path),
    handlerGoingOn: ratio(cpu(NAMES.handlerGoingOn), cpu(NAMES.pathGoingOn)),
    handlerOverHttp: ratio(cpu(NAMES.http), path),
    coldLoadVsSharp: ratio(cpu(NAMES.loadHandler), cpu(NAMES.loadSharp)),
  };
}

function mediansOf(spreads: Summary['spreads']): Summary['ratios'] {
  return Object.fromEntries(Object.entries(spreads).map(([name, of]) => [name, of && of.median])) as Summary['ratios'];
}

function peak(results: Results): number {
  return Math.max(...results.get(NAMES.http)!.map(({ peakRssMb }) => peakRssMb));
}

async function measureSynthesis(): Promise<Synthesis> {
  const child = fork(join(__dirname, 'synthesis.ts'), [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const answer = new Promise<Synthesis>((resolve) => child.on('message', (message) => resolve(message as Synthesis)));
  const ended = new Promise<never>((_, reject) => child.on('exit', (code) => code !== 0 && reject(new Error(`the synthesis ended with status ${code}`))));
  return Promise.race([answer, ended]);
}
