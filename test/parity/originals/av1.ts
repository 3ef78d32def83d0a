/** What the header of a coded picture says of its colours. */
export interface CodedColours {
  readonly limited?: boolean;
  /** Primaries, transfer and matrix in the numbers of H.273. */
  readonly points?: readonly [number, number, number];
}

/**
 * A coded still whose header says something else of its colours; its pixels stay as they are.
 *
 * @param coded as encoders write stills: a delimiter, then a short header
 */
export function withCodedColours(coded: Buffer, { limited = false, points }: CodedColours): Buffer {
  const [delimiter, type, size] = [coded.subarray(0, 2), coded[2], coded[3]];
  if (delimiter.toString('hex') !== '1200' || type !== 0x0a || size > 127) throw new Error(`expected the header of a still, received ${coded.toString('hex', 0, 4)}`);
  const header = [...coded.subarray(4, 4 + size)].map((byte) => byte.toString(2).padStart(8, '0')).join('');

  let at = 0;
  const take = (count: number) => header.slice(at, at += count);
  const number = (count: number) => parseInt(take(count), 2);
  const profile = number(3);
  if (take(2) !== '11') throw new Error('expected the short header of a still');
  take(5);
  const [across, down] = [number(4) + 1, number(4) + 1];
  take(across + down + 6);
  const isDeep = take(1) === '1';
  if (profile === 2 && isDeep) take(1);
  if (profile !== 1) take(1);

  const before = header.slice(0, at);
  if (take(1) !== '0') take(24);
  const told = points ? `1${points.map((value) => value.toString(2).padStart(8, '0')).join('')}` : '0';
  take(1);
  const end = header.lastIndexOf('1');
  const bits = `${before}${told}${limited ? '0' : '1'}${header.slice(at, end)}1`;
  const bytes = Buffer.from((bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  return Buffer.concat([delimiter, Buffer.from([type, bytes.length]), bytes, coded.subarray(4 + size)]);
}
