import { crc32 } from '@aws-crypto/crc32';

/** Uniform numbers from 0 to 1. */
export type Random = () => number;

const MAX_EDITS = 6;
const MAX_RUN = 64;
/** Where counters overflow, signs turn and lengths lie. */
const TELLING = [0, 1, 0x7f, 0x80, 0xff];

/** The data with a few faults, of which most leave it recognisable. */
export function mutate(data: Buffer, donor: Buffer, random: Random): Buffer {
  let mutated: Buffer = Buffer.from(data);
  // One fault is the most telling number of them, and some lie behind others.
  const edits = 1 + below(1 + below(MAX_EDITS, random), random);
  for (let edit = 0; edit < edits && mutated.length > 0; edit += 1) mutated = pick(FAULTS, random)(mutated, donor, random);
  // Otherwise a checksum would keep every fault in a PNG from the code behind it.
  return random() < 0.7 ? withPngChecksums(mutated) : mutated;
}

export function below(limit: number, random: Random): number {
  return Math.floor(limit * random());
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[below(items.length, random)];
}

type Fault = (data: Buffer, donor: Buffer, random: Random) => Buffer;

const FAULTS: readonly Fault[] = [flipBit, overwrite, overwrite, overwriteNumber, overwriteNumber, insert, remove, repeat, splice, truncate];

function flipBit(data: Buffer, _: Buffer, random: Random): Buffer {
  data[place(data, random)] ^= 2 ** below(8, random); // eslint-disable-line no-bitwise
  return data;
}

function overwrite(data: Buffer, _: Buffer, random: Random): Buffer {
  data[place(data, random)] = random() < 0.5 ? pick(TELLING, random) : below(256, random);
  return data;
}

function overwriteNumber(data: Buffer, _: Buffer, random: Random): Buffer {
  const at = place(data, random);
  return data.fill(Buffer.from([pick(TELLING, random), pick(TELLING, random)]), at, Math.min(data.length, at + pick([2, 4], random)));
}

function insert(data: Buffer, _: Buffer, random: Random): Buffer {
  const run = Buffer.from(Array.from({ length: 1 + below(MAX_RUN, random) }, () => below(256, random)));
  return inserted(data, run, random);
}

function remove(data: Buffer, _: Buffer, random: Random): Buffer {
  const at = place(data, random);
  return Buffer.concat([data.subarray(0, at), data.subarray(at + 1 + below(MAX_RUN, random))]);
}

function repeat(data: Buffer, _: Buffer, random: Random): Buffer {
  return inserted(data, piece(data, random), random);
}

function splice(data: Buffer, donor: Buffer, random: Random): Buffer {
  return inserted(data, piece(donor, random), random);
}

function truncate(data: Buffer, _: Buffer, random: Random): Buffer {
  return data.subarray(0, 1 + place(data, random));
}

/** Headers are small and decide the most: every second fault is in the first bytes. */
function place(data: Buffer, random: Random): number {
  return below(random() < 0.5 ? Math.min(data.length, 512) : data.length, random);
}

function piece(data: Buffer, random: Random): Buffer {
  const at = below(data.length, random);
  return data.subarray(at, at + 1 + below(4 * MAX_RUN, random));
}

function inserted(data: Buffer, run: Buffer, random: Random): Buffer {
  const at = place(data, random);
  return Buffer.concat([data.subarray(0, at), run, data.subarray(at)]);
}

function withPngChecksums(data: Buffer): Buffer {
  if (data.toString('latin1', 1, 4) !== 'PNG') return data;
  for (let at = 8; at + 12 <= data.length;) {
    const end = at + 8 + data.readUInt32BE(at);
    if (end + 4 > data.length) break;
    data.writeUInt32BE(crc32(data.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return data;
}
