import { Size } from './geometry';
import { Readable } from './readable';
import { sharp } from './sharp';

const START_OF_SCAN = Buffer.from([0xff, 0xda]);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/**
 * Gives a JPEG its end marker where that alone is missing, and every pixel is there.
 *
 * @param size as it lies in the file
 */
export async function endedJpeg(data: Buffer, size: Size): Promise<Readable | undefined> {
  // The entropy-coded data holds no markers: behind the last scan of a whole image comes its end.
  const end = data.lastIndexOf(END_OF_IMAGE);
  if (end === data.length - 2 || end > data.lastIndexOf(START_OF_SCAN)) return undefined;
  if (!hasAllScans(data) || !await hasAllRows(data, size)) return undefined;
  return { data: Buffer.concat([data, END_OF_IMAGE]), strict: true };
}

/**
 * Whether the last rows are the same whatever stands behind them: where there is more to come, they are made of that.
 * The decoder's own remark on it is lost where it concerns the last rows.
 */
async function hasAllRows(data: Buffer, { width, height }: Size): Promise<boolean> {
  const rows = Math.min(height, 16);
  const lastRows = async (filler: number) => {
    const filled = Buffer.concat([data, Buffer.alloc(256, filler), END_OF_IMAGE]);
    return sharp(filled, { failOn: 'error', limitInputPixels: false, sequentialRead: true })
      .extract({ left: 0, top: height - rows, width, height: rows }).raw().toBuffer();
  };
  try {
    const [one, other] = [await lastRows(0x00), await lastRows(0x55)];
    return one.equals(other);
  } catch {
    // What is wrong with it, its own decoding says.
    return false;
  }
}

/** Whether the scans bring every coefficient to its last bit: those of a progressive JPEG refine it one by one. */
function hasAllScans(data: Buffer): boolean {
  const missing = new Map<number, Set<number>>();
  for (let at = firstScan(data), scans = 0; at !== -1 && scans < MAX_SCANS; at = data.indexOf(START_OF_SCAN, at + 2), scans += 1) {
    const count = data[at + 4];
    const spectral = at + 5 + 2 * count;
    if (!(spectral + 2 < data.length)) return false;
    const [from, to, approximation] = data.subarray(spectral, spectral + 3);
    for (let component = at + 5; component < spectral; component += 2) {
      const left = missing.get(data[component]) ?? new Set(Array.from({ length: 64 }, (_, coefficient) => coefficient));
      missing.set(data[component], left);
      // eslint-disable-next-line no-bitwise -- packed fields
      if ((approximation & 15) === 0) for (let coefficient = from; coefficient <= Math.min(to, 63); coefficient += 1) left.delete(coefficient);
    }
  }
  return missing.size > 0 && [...missing.values()].every((left) => left.size === 0);
}

/** Behind the segments, of which one may hold a thumbnail with scans of its own. */
function firstScan(data: Buffer): number {
  let at = 2;
  while (at + 4 <= data.length && data[at] === 0xff && data[at + 1] !== START_OF_SCAN[1]) at += 2 + data.readUInt16BE(at + 2);
  return data.indexOf(START_OF_SCAN, at);
}

/** Encoders write a dozen. */
const MAX_SCANS = 100;

const PROFILE_NAME = 'ICC_PROFILE\0';
const MAX_SEGMENT_BYTES = 65_533;

/** The JPEG with the profile instead of its own. */
export function jpegWithProfile(data: Buffer, profile: Buffer): Buffer {
  const parts = [data.subarray(0, 2)];
  const room = MAX_SEGMENT_BYTES - PROFILE_NAME.length - 2;
  const count = Math.ceil(profile.length / room);
  for (let part = 0; part < count; part += 1) {
    const content = Buffer.concat([Buffer.from(PROFILE_NAME, 'latin1'), Buffer.from([part + 1, count]), profile.subarray(part * room, (part + 1) * room)]);
    const head = Buffer.from([0xff, 0xe2, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    parts.push(head, content);
  }
  let at = 2;
  while (at + 4 <= data.length && data.readUInt16BE(at) !== START_OF_SCAN.readUInt16BE(0)) {
    // Decoders pass over what is no marker.
    const isMarker = data[at] === 0xff && data[at + 1] >= 0xc0 && data[at + 1] !== 0xff;
    const end = isMarker ? at + 2 + data.readUInt16BE(at + 2) : at + 1;
    const isProfile = data[at + 1] === 0xe2 && data.toString('latin1', at + 4, at + 4 + PROFILE_NAME.length) === PROFILE_NAME;
    if (!isProfile) parts.push(data.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...parts, data.subarray(at)]);
}
