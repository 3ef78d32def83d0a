import { ImageWorker } from './image-worker';
import { open, photo } from '../helpers/images';
import type { ProfileSpec } from '../helpers/renditions';

const worker = new ImageWorker();

afterAll(() => worker.stop());

/** Some codecs look at the clock only between two renditions: four of ninety megapixels take far longer than the limit on any machine. */
const NAMES = ['first', 'second', 'third', 'fourth'];
const ENCODERS: readonly (readonly [string, ProfileSpec['formats']])[] = [
  ['PNG', [{ format: 'png', options: { compressionLevel: 9 } }]],
  ['TIFF', [{ format: 'tiff', options: { compression: 'deflate' } }]],
  ['JPEG', [{ format: 'jpeg', options: { mozjpeg: true, quality: 100 } }]],
];

test.each(ENCODERS)('a %s that takes too long ends as TIMEOUT, and the process goes on', async (_, formats) => {
  const data = await open(photo(600, 600)).png().toBuffer();
  const specs = NAMES.map((name) => ({ name, scale: 16, enlarge: true, formats }));
  const long = await worker.run({ data, specs, timeoutSeconds: 0.5 });
  expect(long).toMatchObject({ outcome: { code: 'TIMEOUT' } });

  const short = await worker.run({ data, specs: [{ width: 30 }], timeoutSeconds: 50 });
  expect(short).toMatchObject({ outcome: { renditions: { 'test.jpeg': { width: 30, height: 30 } } } });
});
