import { releaseMemory } from '../../../src/lambda/shared/release-memory';
import { ReleasedMemory } from '../../helpers/released-memory';

test('memory of a buffer is given back; that of a part of more, which others may have, is not', () => {
  const released = new ReleasedMemory();
  try {
    releaseMemory(Buffer.alloc(100_000));
    releaseMemory(Buffer.from('in the pool of small buffers'));
    releaseMemory(Buffer.alloc(100_000).subarray(1));
    expect(released.pieces).toEqual([100_000]);
  } finally {
    released.stop();
  }
});

test('without what gives it back it stays', () => {
  const { transfer } = ArrayBuffer.prototype as { transfer?: unknown };
  const buffer = Buffer.alloc(100_000, 7);
  releaseMemory(buffer);
  expect(buffer.length).toBe(transfer ? 0 : 100_000);
});
