import { problemOf } from './image-fuzz';
import { ImageWorker } from './image-worker';
import { HostileSvg, SVGS } from './svgs';

/** MB that a function has by default: SVG that is accepted may need hundreds. */
const MEMORY_MB = 1769;

const worker = new ImageWorker();

afterAll(() => worker.stop());

const each = SVGS.map((svg): [string, HostileSvg] => [svg.name, svg]);

test.each(each)('SVG with %s does no harm where SVG is accepted', async (_, { data }) => {
  const verdict = await worker.run({ data, specs: [{ width: 30, formats: ['png'] }], processing: { acceptSvg: true } });

  expect(problemOf(verdict, MEMORY_MB)).toBeUndefined();
});

test('is not looked at where SVG is not accepted', async () => {
  for (const { name, data } of SVGS) {
    const verdict = await worker.run({ data, specs: [{ width: 30 }] });
    expect({ name, verdict }).toMatchObject({ name, verdict: { outcome: { code: 'UNSUPPORTED_FORMAT' } } });
  }
});
