import { FilledBucket } from './filled-bucket';
import { checkBackfill } from './scenario';
import { generator } from '../../measure/bench/images';

const ORIGINALS = 18;

test('a full bucket is planned, made, made again for a profile more, and ends the same wherever a run is killed', async () => {
  const filled = await FilledBucket.start(ORIGINALS, '200,800');
  try {
    await checkBackfill(filled, ORIGINALS, 3, generator(1));
  } finally {
    await filled.stop();
  }
}, 180_000);
