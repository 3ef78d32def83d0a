/** The packaged handler as it is: S3 and DynamoDB are stand-ins in another process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Job, Work } from './job';
import { measure } from './measure';
import { handlerEnvironment } from '../environment';
import { objectEvent } from '../event';
import { profilesOf } from '../profiles';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

void measure(async (job: Job): Promise<Work> => {
  Object.assign(process.env, handlerEnvironment(profilesOf(job.sizes, job.format)), { AWS_ENDPOINT_URL: job.endpoint });
  const { handler } = await import(pathToFileURL(join(job.payload, 'index.mjs')).href) as { handler: Handler };
  // The stand-in has both images; which one is meant, its size tells.
  const keys = new Map([job.warmUp, job.file].map((file) => [readFileSync(file).length, file]));
  return async (image) => {
    await handler(objectEvent(keys.get(image.length)!, image.length), { getRemainingTimeInMillis: () => 60_000 });
    return takeStored(job.endpoint);
  };
});

/** The handler answers for failures as well, in the record: what was stored tells. */
async function takeStored(endpoint: string): Promise<number> {
  const bytes = Number(await (await fetch(`${endpoint}/stored`, { method: 'DELETE' })).text());
  if (bytes === 0) throw new Error('the handler stored nothing');
  return bytes;
}
