import type { ImageJob, RenditionReport } from './child/protocol';
import { Form, makeForms } from './forms';
import { problemOf } from './image-fuzz';
import { ImageWorker, Verdict } from './image-worker';
import { below } from './mutate';
import type { ProfileSpec } from '../helpers/renditions';
import { generator } from '../measure/bench/images';

const worker = new ImageWorker();
let forms: Form[];

beforeAll(async () => { forms = await makeForms(); });
afterAll(() => worker.stop());

/** What must not be, with the name of the job that it came of. */
async function problems(jobs: Iterable<[string, ImageJob]>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, job] of jobs) {
    const problem = problemOf(await worker.run(job));
    if (problem) found.push(`${name}: ${problem}`);
  }
  return found;
}

function renditionsIn(verdict: Verdict): Readonly<Record<string, RenditionReport>> {
  if ('outcome' in verdict && 'renditions' in verdict.outcome) return verdict.outcome.renditions;
  throw new Error(`expected renditions, received ${JSON.stringify(verdict)}`);
}

describe('every form of every format', () => {
  const specs: readonly ProfileSpec[] = [{ name: 'whole', scale: 1, formats: ['png', 'webp'] }, { name: 'square', width: 20, height: 20, fit: 'cover' }];

  test('comes out upright, in its size, its colours and with its frames', async () => {
    for (const { name, data, width, height, frames = 1, corners = [] } of forms) {
      const side = Math.max(width, height);
      const verdict = await worker.run({ data, specs: side > 16383 ? [{ ...specs[0], formats: ['png'] }, specs[1]] : specs });

      const whole = { width, height, frames: 1 };
      expect({ name, verdict }).toMatchObject({ name, verdict: { outcome: { renditions: { 'whole.png': whole } } } });
      if (side <= 16383) expect({ name, verdict }).toMatchObject({ name, verdict: { outcome: { renditions: { 'whole.webp': { width, height, frames } } } } });
      const { pixels } = renditionsIn(verdict)['whole.png'];
      const distance = (colour: readonly number[], at: number) => Math.max(...colour.map((value, channel) => Math.abs(value - pixels[at][channel])));
      expect({ name, wrong: corners.map(distance).filter((far) => far > 12) }).toEqual({ name, wrong: [] });
    }
  });
});

const SPECS: readonly ProfileSpec[] = [{ name: 'a', width: 30, height: 30, formats: ['jpeg', 'webp'] }, { name: 'b', width: 20 }];

test('cut off anywhere, each becomes renditions or a failure with a code', async () => {
  const cut = forms.flatMap(({ name, data }) => {
    const lengths = [0, 1, 2, 3, 8, 12, 16, 33, 100, ...[0.25, 0.5, 0.75, 0.95].map((part) => Math.floor(data.length * part))];
    return lengths.map((length): [string, ImageJob] => [`${name} at ${length}`, { data: data.subarray(0, length), specs: SPECS }]);
  });

  expect(await problems(cut)).toEqual([]);
});

test('with bytes overwritten, each becomes renditions or a failure with a code', async () => {
  const random = generator(7);
  const damaged = forms.flatMap(({ name, data }) => [1, 4, 16].map((count): [string, ImageJob] => {
    const copy = Buffer.from(data);
    for (let at = 0; at < count; at += 1) copy[below(copy.length, random)] = below(256, random);
    return [`${name}, ${count} bytes`, { data: copy, specs: SPECS }];
  }));

  expect(await problems(damaged)).toEqual([]);
});
