/** The packaged handler with several images, one after another in several turns, as an environment of Lambda has them. */
import { readFileSync } from 'node:fs';
import type { SeriesJob, SeriesMeasurement } from './job';
import { peakRssMb, timed, warmUp } from './measure';
import { packagedHandler } from './packaged-handler';
import { spread } from '../statistics';

void (async () => {
  const job = JSON.parse(process.argv[2]) as SeriesJob;
  const { files, turns } = job;
  const work = await packagedHandler(job, [job.warmUp, ...files]);
  await warmUp(job, [work]);
  const images = files.map((file) => readFileSync(file));
  const wall = images.map((): number[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, image] of images.entries()) wall[at].push((await timed(1, () => work(image))).wall);
  }
  const measurement: SeriesMeasurement = { wall: wall.map((times) => spread(times).median), peakRssMb: peakRssMb() };
  process.send!(measurement);
  process.disconnect();
})();
