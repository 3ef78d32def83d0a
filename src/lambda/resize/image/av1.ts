import { CodePoints } from './cicp';

/** What the header of an AV1 sequence says of its pixels. */
export interface Av1Colours extends CodePoints {
  /** Whether values reach from the lowest to the highest, instead of from 16 to 235 (of 8 bits). */
  readonly isFullRange: boolean;
}

const [UNSPECIFIED, SRGB_IN_RGB] = [0x020202, 0x010d00];

const SEQUENCE_HEADER = 1;

/** Before the header come delimiters at most. */
const MAX_UNITS = 16;

/** @returns undefined for data without a header that is whole */
export function av1Colours(data: Buffer): Av1Colours | undefined {
  for (let at = 0, unit = 0; at < data.length && unit < MAX_UNITS; unit += 1) {
    const [type, hasExtension, hasSize] = [bitsAt(data, 8 * at + 1, 4), bitsAt(data, 8 * at + 5, 1), bitsAt(data, 8 * at + 6, 1)];
    const { value: size, end: start } = hasSize ? sizeAt(data, at + 1 + hasExtension) : { value: Infinity, end: at + 1 + hasExtension };
    const end = Math.min(start + size, data.length);
    if (type === SEQUENCE_HEADER) return readHeader(new Bits(data.subarray(0, end), 8 * start));
    at = end;
  }
  return undefined;
}

/** A number of seven bits a byte, at most eight of them. */
function sizeAt(data: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let byte = 0; byte < 8; byte += 1) {
    value += ((data[at + byte] ?? 0) % 128) * 128 ** byte;
    if (!(data[at + byte] >= 128)) return { value, end: at + byte + 1 };
  }
  return { value, end: at + 8 };
}

function readHeader(bits: Bits): Av1Colours | undefined {
  const profile = bits.take(3);
  bits.skip(1);
  const isReduced = bits.flag();
  if (isReduced) bits.skip(5);
  else skipOperatingPoints(bits);
  const [across, down] = [bits.take(4) + 1, bits.take(4) + 1];
  bits.skip(across + down);
  if (!isReduced && bits.flag()) bits.skip(7);
  bits.skip(3);
  if (!isReduced) skipTools(bits);
  bits.skip(3);

  const isDeep = bits.flag();
  if (profile === 2 && isDeep) bits.skip(1);
  const isMonochrome = profile !== 1 && bits.flag();
  const points = bits.flag() ? bits.take(24) : UNSPECIFIED;
  const isFullRange = (!isMonochrome && points === SRGB_IN_RGB) || bits.flag();
  if (bits.isBeyond) return undefined;
  return { primaries: Math.floor(points / 0x10000), transfer: Math.floor(points / 0x100) % 0x100, isFullRange };
}

function skipOperatingPoints(bits: Bits): void {
  let delayBits = 0;
  const hasTiming = bits.flag();
  if (hasTiming) {
    bits.skip(64);
    if (bits.flag()) bits.skipVariable();
  }
  const hasModel = hasTiming && bits.flag();
  if (hasModel) {
    delayBits = bits.take(5) + 1;
    bits.skip(42);
  }
  const hasDelay = bits.flag();
  for (let points = bits.take(5) + 1; points > 0; points -= 1) {
    bits.skip(12);
    if (bits.take(5) > 7) bits.skip(1);
    if (hasModel && bits.flag()) bits.skip(2 * delayBits + 1);
    if (hasDelay && bits.flag()) bits.skip(4);
  }
}

function skipTools(bits: Bits): void {
  bits.skip(4);
  const hasOrder = bits.flag();
  if (hasOrder) bits.skip(2);
  const usesScreenTools = bits.flag() || bits.flag();
  if (usesScreenTools && !bits.flag()) bits.skip(1);
  if (hasOrder) bits.skip(3);
}

/** A stream of bits; zeros behind its end. */
class Bits {
  constructor(private readonly data: Buffer, public at: number) {}

  get isBeyond(): boolean {
    return this.at > 8 * this.data.length;
  }

  take(count: number): number {
    this.at += count;
    return bitsAt(this.data, this.at - count, count);
  }

  flag(): boolean {
    return this.take(1) === 1;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** As many bits as zeros stand before the first one. */
  skipVariable(): void {
    let zeros = 0;
    while (zeros < 32 && !this.flag()) zeros += 1;
    this.skip(zeros);
  }
}

/** At most 24. */
function bitsAt(data: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) value = 2 * value + (Math.floor((data[Math.floor(at / 8)] ?? 0) / 2 ** (7 - at % 8)) % 2);
  return value;
}
