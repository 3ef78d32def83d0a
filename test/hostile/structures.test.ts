import { STRUCTURES, Structure } from './structures';
import { PermanentError } from '../../src/lambda/resize/endings/permanent-error';
import { probe } from '../../src/lambda/resize/image';
import { processing } from '../helpers/renditions';

/** Of processors, for eight megabytes: what goes through its blocks twice, or through itself, takes minutes. */
const MAX_CPU_MILLISECONDS = 8000;
/** Bytes of memory: SVG, which is accepted by choice, is held as a tree. */
const MAX_BYTES = 512e6;
const MAX_BYTES_OF_SVG = 1500e6;

const each = STRUCTURES.map((structure): [string, Structure] => [structure.name, structure]);

test.each(each)('%s is looked at in time and memory that its size allows', async (name, { data }) => {
  const before = process.memoryUsage.rss();
  const started = process.cpuUsage();
  const outcome = await probe(data, processing({ acceptSvg: true })).catch((error: unknown) => error);

  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(MAX_CPU_MILLISECONDS);
  expect(process.memoryUsage.rss() - before).toBeLessThan(name.startsWith('an SVG') ? MAX_BYTES_OF_SVG : MAX_BYTES);
  if (outcome instanceof Error) expect(outcome).toBeInstanceOf(PermanentError);
});
