/** ICC profiles that are made by code: version 2, a matrix or grey, each with one gamma. */

export type Chromaticities = readonly [red: readonly [number, number], green: readonly [number, number], blue: readonly [number, number]];

export const SRGB_PRIMARIES: Chromaticities = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06]];
export const P3_PRIMARIES: Chromaticities = [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06]];
const WHITE_D65 = [0.3127, 0.329] as const;

/** Colours of the primaries with D50 as white. */
export function matrixProfile(primaries: Chromaticities, gamma: number, options: ProfileOptions = {}): Buffer {
  const columns = adaptedPrimaries(primaries);
  return profile('RGB ', { rXYZ: xyz(columns[0]), gXYZ: xyz(columns[1]), bXYZ: xyz(columns[2]), rTRC: curve(gamma), gTRC: curve(gamma), bTRC: curve(gamma) }, options);
}

export function greyProfile(gamma: number, options: ProfileOptions = {}): Buffer {
  return profile('GRAY', { kTRC: curve(gamma) }, options);
}

export interface ProfileOptions {
  /** As in the header: Adobe writes values beyond 3. */
  readonly intent?: number;
}

const D50 = [0.9642, 1, 0.8249];

function profile(space: string, tags: Readonly<Record<string, Buffer>>, { intent = 0 }: ProfileOptions): Buffer {
  const all = Object.entries({ desc: description(), cprt: text('no copyright'), wtpt: xyz(D50), ...tags });
  const table = Buffer.alloc(4 + 12 * all.length);
  table.writeUInt32BE(all.length);
  let offset = 128 + table.length;
  all.forEach(([name, data], at) => {
    table.write(name, 4 + 12 * at, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * at);
    table.writeUInt32BE(data.length, 12 + 12 * at);
    offset += data.length;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset);
  header.writeUInt32BE(0x02100000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  header.writeUInt32BE(intent, 64);
  D50.forEach((value, at) => header.writeInt32BE(Math.round(value * 65_536), 68 + 4 * at));
  return Buffer.concat([header, table, ...all.map(([, data]) => data)]);
}

function tag(type: string, ...parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), ...parts]);
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

function xyz(values: readonly number[]): Buffer {
  const data = Buffer.alloc(12);
  values.forEach((value, at) => data.writeInt32BE(Math.round(value * 65_536), 4 * at));
  return tag('XYZ ', data);
}

function curve(gamma: number): Buffer {
  const data = Buffer.alloc(6);
  data.writeUInt32BE(1);
  data.writeUInt16BE(Math.round(gamma * 256), 4);
  return tag('curv', data);
}

function text(words: string): Buffer {
  return tag('text', Buffer.from(`${words}\0`, 'latin1'));
}

function description(): Buffer {
  const name = Buffer.from('made by code\0', 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return tag('desc', length, name, Buffer.alloc(78));
}

/** Linear Bradford adaptation from D65 to D50. */
const BRADFORD = [[1.0478112, 0.0228866, -0.050127], [0.0295424, 0.9904844, -0.0170491], [-0.0092345, 0.0150436, 0.7521316]];

function adaptedPrimaries(primaries: Chromaticities): number[][] {
  const columns = primaries.map(toXyz);
  const scales = solve(columns, toXyz(WHITE_D65));
  return columns.map((column, at) => BRADFORD.map((row) => row.reduce((sum, factor, index) => sum + factor * column[index] * scales[at], 0)));
}

function toXyz([x, y]: readonly [number, number]): number[] {
  return [x / y, 1, (1 - x - y) / y];
}

/** By Cramer's rule: how much of each column makes the target. */
function solve([a, b, c]: readonly number[][], target: number[]): number[] {
  const determinant = (p: readonly number[], q: readonly number[], r: readonly number[]) => (
    p[0] * (q[1] * r[2] - q[2] * r[1]) - q[0] * (p[1] * r[2] - p[2] * r[1]) + r[0] * (p[1] * q[2] - p[2] * q[1])
  );
  const whole = determinant(a, b, c);
  return [determinant(target, b, c) / whole, determinant(a, target, c) / whole, determinant(a, b, target) / whole];
}
