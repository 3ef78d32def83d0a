/** Where a colour space has its primaries and its white: x and y of CIE 1931. */
export interface Primaries {
  readonly white: Point;
  readonly red: Point;
  readonly green: Point;
  readonly blue: Point;
}

export type Point = readonly [x: number, y: number];
type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

const D65: Point = [0.3127, 0.329];
export const BT709: Primaries = { white: D65, red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] };
export const DISPLAY_P3: Primaries = { white: D65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] };
export const BT2020: Primaries = { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] };

/** How light follows from values, both from 0 to 1: a curve with a linear beginning, or a table. */
export type Curve =
  | { readonly gamma: number; readonly slope?: SlopedBeginning }
  | { readonly table: readonly number[] };

/** light = (a value + b)^gamma from `from` on, and `linear` value before. */
interface SlopedBeginning {
  readonly a: number;
  readonly b: number;
  readonly linear: number;
  readonly from: number;
}

export const SRGB_CURVE: Curve = { gamma: 2.4, slope: { a: 1 / 1.055, b: 0.055 / 1.055, linear: 1 / 12.92, from: 0.04045 } };

/** Values between which a curve with a step for each of 8 bits, and some between, is straight. */
const LIMITED_STEPS = 255 * 4;

/** The curve of values that reach from `low` to `high` alone. */
export function limitedTo(curve: Curve, low: number, high: number): Curve {
  const light = (step: number) => lightOf(curve, clamp((step / LIMITED_STEPS - low) / (high - low)));
  return { table: Array.from({ length: LIMITED_STEPS + 1 }, (_, step) => light(step)) };
}

function lightOf(curve: Curve, value: number): number {
  if ('table' in curve) return curve.table[Math.round(value * (curve.table.length - 1))];
  const { gamma, slope } = curve;
  if (!slope) return value ** gamma;
  return value >= slope.from ? (slope.a * value + slope.b) ** gamma : slope.linear * value;
}

/** An ICC profile of RGB, by primaries and a curve. */
export function rgbProfile(primaries: Primaries, curve: Curve): Buffer {
  const [red, green, blue] = columns(toD50(primaries));
  const trc = curveTag(curve);
  return assemble('RGB ', [['rXYZ', xyz(red)], ['gXYZ', xyz(green)], ['bXYZ', xyz(blue)], ['rTRC', trc], ['gTRC', trc], ['bTRC', trc]]);
}

/** An ICC profile of grey, by its curve. */
export function greyProfile(curve: Curve): Buffer {
  return assemble('GRAY', [['kTRC', curveTag(curve)]]);
}

/** Where a profile has its rendering intent, from 0 to 3. */
export const RENDERING_INTENT = 64;

/** The profile with the first of the four rendering intents, where it had none of them: libpng refuses those. */
export function withKnownIntent(profile: Buffer): Buffer {
  const known = Buffer.from(profile);
  known.writeUInt32BE(0, RENDERING_INTENT);
  return known;
}

/** The profile of grey that has the curve of an RGB profile; undefined where that has none, but tables. */
export function greyProfileFrom(rgb: Buffer): Buffer | undefined {
  const entries = rgb.length > HEADER_BYTES + 4 ? Math.min(rgb.readUInt32BE(HEADER_BYTES), MAX_TAGS) : 0;
  for (let at = HEADER_BYTES + 4, nth = 0; nth < entries && at + 12 <= rgb.length; at += 12, nth += 1) {
    if (rgb.toString('latin1', at, at + 4) !== 'gTRC') continue;
    const [start, length] = [rgb.readUInt32BE(at + 4), rgb.readUInt32BE(at + 8)];
    return length >= 12 && start + length <= rgb.length ? assemble('GRAY', [['kTRC', rgb.subarray(start, start + length)]]) : undefined;
  }
  return undefined;
}

const MAX_TAGS = 100;

/** Steps of each ink. Between them, light is a little off what ink times ink gives: by less than one of 255. */
const INK_STEPS = 9;

let inkProfile: Buffer | undefined;

/** CMYK by the formula of browsers: what an ink leaves of the light, times what black leaves. */
export function plainCmykProfile(): Buffer {
  inkProfile ??= assemble('CMYK', [['A2B0', inkTable()]]);
  return inkProfile;
}

/** From inks to sRGB by a table, and on by its curve and its primaries. */
function inkTable(): Buffer {
  const steps = Array.from({ length: INK_STEPS }, (_, step) => 1 - step / (INK_STEPS - 1));
  const lights = steps.flatMap((c) => steps.flatMap((m) => steps.flatMap((y) => steps.flatMap((k) => [c * k, m * k, y * k]))));
  const grid = Buffer.alloc(20 + 2 * lights.length);
  grid.fill(INK_STEPS, 0, 4);
  grid[16] = 2;
  lights.forEach((light, at) => grid.writeUInt16BE(Math.round(65535 * light), 20 + 2 * at));
  const padded = Buffer.concat([grid, Buffer.alloc((4 - grid.length % 4) % 4)]);

  // XYZ goes up to almost 2 here.
  const matrix = Buffer.concat([...toD50(BT709).flat().map((value) => (value * 32768) / 65535), 0, 0, 0].map(fixed));
  const straight = curveTag({ gamma: 1 });
  const curve = curveTag(SRGB_CURVE);
  const parts = [Buffer.concat(Array(3).fill(straight)), matrix, Buffer.concat(Array(3).fill(curve)), padded, Buffer.concat(Array(4).fill(straight))];
  const offsets = Buffer.alloc(24);
  offsets.set([4, 3], 0);
  let next = 32;
  parts.forEach((part, at) => {
    offsets.writeUInt32BE(next, 4 + 4 * at);
    next += part.length;
  });
  return typed('mAB ', Buffer.concat([offsets, ...parts]));
}

/** What profiles are relative to. */
const D50: Vector = [0.9642, 1, 0.8249];

const HEADER_BYTES = 128;

function assemble(space: 'RGB ' | 'GRAY' | 'CMYK', colours: readonly (readonly [string, Buffer])[]): Buffer {
  const tags = [['desc', text(space.trim())], ['cprt', text('CC0')], ['wtpt', xyz(D50)], ...colours] as const;
  const header = Buffer.alloc(HEADER_BYTES);
  // A table that says it is of version 4 is taken for one whose black is lighter, and would be darkened.
  header.writeUInt32BE(space === 'CMYK' ? 0x02400000 : 0x04300000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  xyz(D50).copy(header, 68, 8);

  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const parts: Buffer[] = [];
  let next = HEADER_BYTES + table.length;
  tags.forEach(([name, data], index) => {
    const padded = Buffer.concat([data, Buffer.alloc((4 - data.length % 4) % 4)]);
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(next, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    parts.push(padded);
    next += padded.length;
  });
  header.writeUInt32BE(next, 0);
  return Buffer.concat([header, table, ...parts]);
}

function curveTag(curve: Curve): Buffer {
  if ('table' in curve) {
    const entries = Buffer.alloc(4 + 2 * curve.table.length);
    entries.writeUInt32BE(curve.table.length, 0);
    curve.table.forEach((light, index) => entries.writeUInt16BE(Math.round(clamp(light) * 65535), 4 + 2 * index));
    return typed('curv', entries);
  }
  const { gamma, slope } = curve;
  const parameters = slope ? [gamma, slope.a, slope.b, slope.linear, slope.from] : [gamma];
  return typed('para', Buffer.concat([Buffer.from([0, slope ? 3 : 0, 0, 0]), ...parameters.map(fixed)]));
}

function text(value: string): Buffer {
  const characters = Buffer.from(value, 'utf16le').swap16();
  const record = Buffer.alloc(20);
  [1, 12].forEach((number, index) => record.writeUInt32BE(number, 4 * index));
  record.write('enUS', 8, 'latin1');
  record.writeUInt32BE(characters.length, 12);
  record.writeUInt32BE(28, 16);
  return typed('mluc', Buffer.concat([record, characters]));
}

function xyz(value: Vector): Buffer {
  return typed('XYZ ', Buffer.concat(value.map(fixed)));
}

function typed(type: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), Buffer.alloc(4), data]);
}

function fixed(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value * 65536))));
  return buffer;
}

const BRADFORD: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

/** From RGB to XYZ, seen under D50. */
function toD50({ white, red, green, blue }: Primaries): Matrix {
  const lights = columns([red, green, blue].map(toXyz) as unknown as Matrix);
  const [r, g, b] = times(inverse(lights), toXyz(white));
  const matrix = product(lights, [[r, 0, 0], [0, g, 0], [0, 0, b]]);
  const [from, to] = [times(BRADFORD, toXyz(white)), times(BRADFORD, D50)];
  const adaptation: Matrix = [[to[0] / from[0], 0, 0], [0, to[1] / from[1], 0], [0, 0, to[2] / from[2]]];
  return product(product(inverse(BRADFORD), product(adaptation, BRADFORD)), matrix);
}

function toXyz([x, y]: Point): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

function columns(matrix: Matrix): Matrix {
  return [0, 1, 2].map((column) => matrix.map((row) => row[column])) as unknown as Matrix;
}

function times(matrix: Matrix, [x, y, z]: Vector): Vector {
  return matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Vector;
}

function product(one: Matrix, other: Matrix): Matrix {
  return columns(columns(other).map((column) => times(one, column)) as unknown as Matrix);
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const by = (value: number) => value / determinant;
  return [
    [by(e * i - f * h), by(c * h - b * i), by(b * f - c * e)],
    [by(f * g - d * i), by(a * i - c * g), by(c * d - a * f)],
    [by(d * h - e * g), by(b * g - a * h), by(a * e - b * d)],
  ];
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
