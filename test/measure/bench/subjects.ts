import type { Job, Measurement } from './child/job';
import { IMAGES, ImageName } from './images';
import { findOthers, Other } from './others';
import { PROFILE_SETS } from './profiles';
import { runChild } from './spawn';
import type { Child, Workshop } from './workshop';

/** Something that is measured, each time in a process of its own. */
export interface Subject {
  readonly name: string;
  measure(): Promise<Measurement>;
}

export interface Task {
  readonly image: ImageName;
  readonly format: Job['format'];
  readonly profiles: keyof typeof PROFILE_SETS;
}

export const NAMES = {
  path: 'image path of the handler',
  path1: 'image path, the largest alone',
  path6: 'image path, six profiles',
  pairs3: 'image path, three profiles after the largest alone',
  pairs6: 'image path, six profiles after the largest alone',
  placeholder: 'image path, with a placeholder after without',
  placeholderWeb: 'image path, web photo, with a placeholder after without',
  pathGoingOn: 'image path, ten images',
  handlerGoingOn: 'whole handler, ten images',
  equal: 'image path, web photo, six that come out equal after one',
  sharp: 'sharp, a pipeline per profile',
  decode: 'decoding alone',
  scale: 'decoding and scaling to the largest',
  handler: 'whole handler, answered from memory',
  http: 'packaged handler, stand-ins over HTTP',
  loadHandler: 'load of the packaged handler',
  loadSharp: 'load of sharp alone',
} as const;

/** Makes the subjects of a task. */
export class Subjects {
  readonly others: readonly Other[];

  constructor(private readonly workshop: Workshop, private readonly environment: Record<string, string>) {
    this.others = findOthers();
  }

  async ours({ image, format, profiles }: Task, child: Child = 'image-path', name: string = NAMES.path, changes: Partial<Job> = {}): Promise<Subject> {
    const job = JSON.stringify({ ...await this.job({ image, format, profiles }), ...changes });
    return { name, measure: () => runChild(this.workshop.program(child), job) };
  }

  /** Programs that are installed, or those of them whose name begins so. */
  async installed(task: Task, beginning = ''): Promise<Subject[]> {
    const job = await this.job(task);
    return this.others.filter(({ name, version }) => version && name.startsWith(beginning)).map((other) => ({
      name: other.name,
      measure: () => other.measure(job, this.workshop.folder),
    }));
  }

  loads(): Subject[] {
    const { payload, sharpAlone } = this.workshop;
    return [[NAMES.loadHandler, `${payload}/index.mjs`], [NAMES.loadSharp, sharpAlone]].map(([name, module]) => ({
      name,
      measure: () => runChild(this.workshop.program('load'), module, { environment: this.environment }),
    }));
  }

  private async job({ image, format, profiles }: Task): Promise<Job> {
    const { payload, standIns, warmUp } = this.workshop;
    return {
      file: await this.workshop.imageFile(image),
      warmUp,
      sizes: PROFILE_SETS[profiles],
      format,
      placeholder: true,
      // Enough work to be measured.
      repeats: IMAGES[image].width < 2000 && format !== 'avif' ? 5 : 1,
      payload,
      endpoint: standIns.endpoint,
    };
  }
}

/** By the name of the subject, in the order of the rounds. */
export type Results = ReadonlyMap<string, readonly Measurement[]>;

/** Each round measures every subject once, and begins with another one than the round before. */
export async function interleave(subjects: readonly Subject[], rounds: number): Promise<Results> {
  const results = new Map(subjects.map(({ name }) => [name, [] as Measurement[]]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % subjects.length;
    for (const { name, measure } of [...subjects.slice(first), ...subjects.slice(0, first)]) results.get(name)!.push(await measure());
  }
  return results;
}
