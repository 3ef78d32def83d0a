import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { LocalHandler } from '../../../helpers/handler';
import { open, solid } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

const RENDITIONS = 200;
const LONGEST_NAME = 64;
/** Of `{key}/{profile}.{ext}` with the longest names of profiles. */
const keyFor = (bytes: number) => 'x'.repeat(bytes - '/'.length - LONGEST_NAME - '.png'.length);
const profiles = (generation: string) => Array.from({ length: RENDITIONS }, (_, at) => (
  profile({ name: `${generation}${at}`.padEnd(LONGEST_NAME, '-'), width: 1 + at % 4, formats: ['png'] })));

let handler: LocalHandler;
let image: Buffer;
beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(solid(4, 4, [10, 20, 30])).png().toBuffer();
});
afterAll(async () => handler.stop());

test('as many renditions as there may be fit, with the longest keys, also while the former ones are listed', async () => {
  const key = keyFor(362);
  await handler.reset({ profiles: profiles('a') });
  await handler.deliver(await handler.upload(key, image));
  const former = await handler.recordOf(key);
  handler.configure({ profiles: profiles('b') });
  await handler.deliver(await handler.upload(key, image));

  const record = await handler.recordOf(key);
  expect(record).toMatchObject({ status: 'COMPLETED' });
  expect(Object.keys(record!.renditions!)).toHaveLength(RENDITIONS);
  const names = Object.values(record!.renditions!).map((facts) => facts.key);
  await expect(handler.client.send(new HeadObjectCommand({ Bucket: handler.outputBucket, Key: names.at(-1) }))).resolves.toBeDefined();
  // An execution holds what the record listed before, and the facts of what was made.
  expect(JSON.stringify([[...former!.outputs!], record!.renditions]).length).toBeLessThan(256 * 1024);
});

test('fails the image where a record of so many renditions has no room for its keys', async () => {
  const key = keyFor(363);
  await handler.reset({ profiles: profiles('a') });
  await handler.deliver(await handler.upload(key, image));

  expect(await handler.recordOf(key)).toMatchObject({
    status: 'FAILED',
    failure: {
      code: 'OUTPUT_KEY_TOO_LONG',
      detail: `the key of rendition ${profiles('a')[0].name}.png would have 363 bytes in JSON, and a record of 200 renditions has room for 362`,
    },
  });
});
