import { Step } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

/** AWS Step Functions ends an execution, past every Catch, when its state is longer. */
const MAX_STATE_BYTES = 256 * 1024;
/** Most renditions of an image, and what then is the longest key of one. */
const RENDITIONS = 200;
const LONGEST_KEY = 362;
/** What is shorter here than it can be in an account: the names of buckets, and the id of a version. */
const LONGEST_BUCKET = 63;
const LONGEST_VERSION_ID = 1024;

let handler: LocalHandler;

beforeAll(async () => { handler = await LocalHandler.start(); });
afterAll(() => handler.stop());

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test('the state of an execution has room for 200 renditions with the longest names and keys, of an original with the longest key', async () => {
  const names = Array.from({ length: RENDITIONS }, (_, at) => `${at}-`.padEnd(64, 'p'));
  const template = `{imageId}/{profile}-${'x'.repeat(LONGEST_KEY - 'k-'.length - 32 - 1 - 64 - 1 - '.jpg'.length)}.{ext}`;
  await handler.reset({ profiles: names.map((name, at) => profile({ name, width: at + 1 })), outputKey: template });
  // A control character takes one byte of a key, and six of JSON.
  const event = { Records: [await handler.upload('\u0001'.repeat(1024), await open(photo(RENDITIONS, 6)).jpeg().toBuffer())] };
  const take = async (step: Step, more: object = {}): Promise<any> => JSON.parse(JSON.stringify(
    await dispatch(handler.services, { step, event, ...more }, { getRemainingTimeInMillis: () => 60_000 }, 1)));

  const begun = await take('begin');
  const made = [];
  for (const rendition of begun.renditions) made.push(await take('render', { image: begun.image, rendition }));
  const ended = await take('complete', { image: begun.image, made });

  expect(made).toHaveLength(RENDITIONS);
  for (const { renditions } of made) expect(Object.values<any>(renditions)).toMatchObject([{ key: expect.stringMatching(new RegExp(`^.{${LONGEST_KEY}}$`)) }]);
  expect(ended).toEqual({ outcome: 'completed', imageId: begun.image.identity.id });
  const more = RENDITIONS * (LONGEST_BUCKET - handler.outputBucket.length) + LONGEST_VERSION_ID;
  expect(bytesOf({ event, begun, made, ended }) + more).toBeLessThan(MAX_STATE_BYTES);
});

test('fails an image for keys that are too long for that once they are written as JSON', async () => {
  const profiles = Array.from({ length: RENDITIONS }, (_, at) => profile({ name: `p${at}`, width: 4 }));
  await handler.reset({ profiles, outputKey: '{key}-{profile}' });
  const body = await open(photo(8, 6)).jpeg().toBuffer();
  await handler.deliver(await handler.upload('\u0001'.repeat(100), body));
  expect((await handler.recordOf('\u0001'.repeat(100)))!.failure).toMatchObject({ code: 'OUTPUT_KEY_TOO_LONG' });
});
