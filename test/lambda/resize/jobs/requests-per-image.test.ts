import type { S3Client } from '@aws-sdk/client-s3';
import { PROFILE_DEFAULTS } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

const CLOCK = { getRemainingTimeInMillis: () => 60_000 };

let handler: LocalHandler;
let image: Buffer;
/** Names of the requests to S3 and DynamoDB since the last reset. */
let requests: string[] = [];

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(photo(160, 120)).jpeg().toBuffer();
  for (const client of [handler.client, handler.dynamodb.client as unknown as S3Client]) {
    client.middlewareStack.add((next, { commandName }) => (args) => {
      requests.push(commandName!);
      return next(args);
    }, { step: 'initialize', name: 'recordRequests', priority: 'high' });
  }
});
afterAll(() => handler.stop());

async function upload(key: string, more = {}) {
  const event = await handler.upload(key, image, more);
  requests = [];
  return event;
}

describe('an image with three renditions', () => {
  const profiles = [20, 40, 60].map((width) => profile({ ...PROFILE_DEFAULTS, name: `w${width}`, width }));
  const made = ['GetObjectCommand', 'PutObjectCommand', 'PutObjectCommand', 'PutObjectCommand', 'UpdateItemCommand', 'UpdateItemCommand'];
  beforeEach(() => handler.reset({ profiles }));

  test('is read once, stored thrice, and its record written twice', async () => {
    await handler.deliver(await upload('cat.jpg'));

    expect([...requests].sort()).toEqual(made);
  });

  test('with an id of its own is written once more: a pointer', async () => {
    await handler.deliver(await upload('cat.jpg', { Metadata: { 'image-id': 'cat' } }));

    expect([...requests].sort()).toEqual([...made, 'UpdateItemCommand']);
  });

  test('is not made again for a repeated event', async () => {
    const event = await upload('cat.jpg');
    await handler.deliver(event);
    requests = [];
    await handler.deliver(event);

    expect(requests).not.toContain('PutObjectCommand');
    expect(requests.length).toBeLessThanOrEqual(4);
  });

  test('is encoded further while its first renditions are being stored', async () => {
    const event = await upload('cat.jpg');
    const { renditions } = handler.services;
    const store = renditions.store.bind(renditions);
    let release = () => {};
    const allUnderWay = new Promise<void>((resolve) => { release = resolve; });
    let underWay = 0;
    jest.spyOn(renditions, 'store').mockImplementation(async (...rendition) => {
      underWay += 1;
      if (underWay === profiles.length) release();
      await allUnderWay;
      return store(...rendition);
    });
    await handler.deliver(event);

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
  });
});

test.each([1, 2, 3])('a batch has %d of its images at a time in memory', async (parallel) => {
  await handler.reset();
  const events = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) events.push(await upload(`${name}.jpg`));
  let [active, most] = [0, 0];
  const { imaging } = handler.services;
  handler.services = {
    ...handler.services,
    imaging: {
      ...imaging,
      async render(...args) {
        most = Math.max(most, active += 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        await imaging.render(...args);
        active -= 1;
      },
    },
  };
  const records = events.map((event, at) => ({
    messageId: String(at), eventSource: 'aws:sqs', body: JSON.stringify({ Records: [event] }), attributes: { ApproximateReceiveCount: '1' },
  }));

  expect(await dispatch(handler.services, { Records: records }, CLOCK, parallel)).toEqual({ batchItemFailures: [] });
  expect(most).toBe(parallel);
});
