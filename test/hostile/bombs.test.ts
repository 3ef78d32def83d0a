import { Bomb, OVER_THE_LIMIT, WITHIN_THE_LIMIT } from './bombs';
import { problemOf } from './image-fuzz';
import { ImageWorker } from './image-worker';
import type { ProfileSpec } from '../helpers/renditions';

/** What the documentation gives the smallest function, and what a function has by default. */
const [SMALLEST_MB, DEFAULT_MB] = [512, 1769];

const SPECS: readonly ProfileSpec[] = [
  { name: 'large', width: 1600, height: 1600, formats: ['jpeg', 'webp'] },
  { name: 'small', width: 150, height: 150 },
];

describe.each([
  ['over the limit of pixels', OVER_THE_LIMIT, SMALLEST_MB],
  ['within the limit of pixels', WITHIN_THE_LIMIT, DEFAULT_MB],
] as const)('%s', (_, bombs, memoryMb) => {
  const worker = new ImageWorker();

  afterAll(() => worker.stop());

  test.each(bombs.map((bomb): [string, Bomb] => [bomb.name, bomb]))('%s does no harm', async (__, { make, code, isStill }) => {
    const verdict = await worker.run({ data: await make(), specs: SPECS, processing: { acceptHeic: true } });

    expect(problemOf(verdict, memoryMb)).toBeUndefined();
    const renditions = { 'large.jpeg': {}, ...(isStill ? {} : { 'large.webp': {} }), 'small.jpeg': {} };
    expect(verdict).toMatchObject({ outcome: code ? { code } : { renditions } });
  });
});
