/** The packaged handler as it is: S3 and DynamoDB are stand-ins in another process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Job, Work } from './job';
import { handlerEnvironment } from '../environment';
import { objectEvent } from '../event';
import { profilesOf } from '../profiles';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** @param files that the stand-in has, each of another size: which one is meant, that tells */
export async function packagedHandler({ sizes, format, payload, endpoint }: Job, files: readonly string[]): Promise<Work> {
  Object.assign(process.env, handlerEnvironment(profilesOf(sizes, format)), { AWS_ENDPOINT_URL: endpoint });
  const { handler } = await import(pathToFileURL(join(payload, 'index.mjs')).href) as { handler: Handler };
  const keys = new Map(files.map((file) => [readFileSync(file).length, file]));
  return async (image) => {
    await handler(objectEvent(keys.get(image.length)!, image.length), { getRemainingTimeInMillis: () => 60_000 });
    return takeStored(endpoint);
  };
}

/** The handler answers for failures as well, in the record: what was stored tells. */
async function takeStored(endpoint: string): Promise<number> {
  const bytes = Number(await (await fetch(`${endpoint}/stored`, { method: 'DELETE' })).text());
  if (bytes === 0) throw new Error('the handler stored nothing');
  return bytes;
}
