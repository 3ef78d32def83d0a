import { Queue, QueueOptions } from '../../../../local-runner/services/sqs/queue';

const OPTIONS: QueueOptions = { name: 'q', arn: 'arn:aws:sqs:us-east-1:000000000000:q', visibilityTimeoutMs: 30_000, delayMs: 0, waitFactor: 1 };

const open: Queue[] = [];
function queue(options: Partial<QueueOptions> = {}): Queue {
  const made = new Queue({ ...OPTIONS, ...options });
  open.push(made);
  return made;
}

beforeEach(() => { jest.useFakeTimers(); });
afterEach(() => {
  open.splice(0).forEach((each) => each.close());
  jest.useRealTimers();
});

async function receiveOne(from: Queue) {
  const [message] = await from.receive(1);
  return message;
}

test('messages come in the order in which they were sent, and no more than asked for', async () => {
  const q = queue();
  ['a', 'b', 'c'].forEach((body) => q.send(body));

  expect((await q.receive(2)).map(({ body }) => body)).toEqual(['a', 'b']);
  expect((await q.receive(2)).map(({ body }) => body)).toEqual(['c']);
});

test('a receiver waits for a message', async () => {
  const q = queue();
  const received = q.receive(10);
  q.send('a');

  expect(await received).toMatchObject([{ body: 'a', md5OfBody: '0cc175b9c0f1b6a831c399e269772661', attributes: { ApproximateReceiveCount: '1' } }]);
});

test('a deleted message does not come back', async () => {
  const q = queue();
  q.send('a');
  q.delete((await receiveOne(q)).receiptHandle);
  jest.advanceTimersByTime(60_000);

  expect(q.size).toBe(0);
});

test('a message that is neither deleted nor released comes back after the visibility timeout, and is counted', async () => {
  const q = queue({ waitFactor: 0.001 });
  q.send('a');
  const first = await receiveOne(q);
  const second = q.receive(1);
  jest.advanceTimersByTime(29_999);
  let came = false;
  void second.then(() => { came = true; });
  await Promise.resolve();
  expect(came).toBe(false);

  jest.advanceTimersByTime(1);
  expect(await second).toMatchObject([{ messageId: first.messageId, attributes: { ApproximateReceiveCount: '2' } }]);
});

test('a released message waits for the rest of its visibility timeout', async () => {
  const q = queue();
  q.send('a');
  const { receiptHandle } = await receiveOne(q);
  jest.advanceTimersByTime(10_000);
  q.release(receiptHandle);
  const again = q.receive(1);

  jest.advanceTimersByTime(19_999);
  expect(q.size).toBe(1);
  jest.advanceTimersByTime(1);
  expect(await again).toHaveLength(1);
});

test('the wait of a released message can be compressed', async () => {
  const q = queue({ waitFactor: 0.01 });
  q.send('a');
  q.release((await receiveOne(q)).receiptHandle);
  const again = q.receive(1);
  jest.advanceTimersByTime(300);

  expect(await again).toHaveLength(1);
});

test('an outdated receipt has no effect', async () => {
  const q = queue();
  q.send('a');
  const { receiptHandle } = await receiveOne(q);
  jest.advanceTimersByTime(30_000);
  await receiveOne(q);
  q.delete(receiptHandle);

  expect(q.size).toBe(1);
});

test('a late receiver can still delete a message that has become visible again', async () => {
  const q = queue();
  q.send('a');
  const { receiptHandle } = await receiveOne(q);
  jest.advanceTimersByTime(30_000);
  q.delete(receiptHandle);

  expect(q.size).toBe(0);
});

test('a message that was received often enough moves to the dead-letter queue', async () => {
  const [q, dead] = [queue(), queue({ name: 'dead' })];
  q.redriveTo({ deadLetterQueue: dead, maxReceiveCount: 2 });
  q.send('a');
  for (const receives of ['1', '2']) {
    const message = await receiveOne(q);
    expect(message.attributes.ApproximateReceiveCount).toBe(receives);
    expect(dead.size).toBe(0);
    q.release(message.receiptHandle);
    jest.advanceTimersByTime(30_000);
  }

  expect(q.size).toBe(0);
  expect(dead.bodies).toEqual(['a']);
});

test('a delayed message is not visible before its time', async () => {
  const q = queue({ delayMs: 5000 });
  const received = q.receive(1);
  q.send('a');
  expect(q.size).toBe(1);
  jest.advanceTimersByTime(5000);

  expect(await received).toHaveLength(1);
});

test('closing ends those who wait', async () => {
  const q = queue();
  const received = q.receive(1);
  q.close();

  expect(await received).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});
