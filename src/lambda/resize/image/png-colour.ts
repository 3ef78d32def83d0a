import { deflateSync, inflateSync } from 'node:zlib';
import { isSrgb, profileOf, requireStandardRange, spaceOf } from './cicp';
import { BT709, Curve, greyProfile, greyProfileFrom, Primaries, RENDERING_INTENT, rgbProfile, withKnownIntent } from './icc';
import { pngChunk } from './png';
import { Readable } from './readable';

const SIGNATURE_BYTES = 8;
const HEADER_END = 33;

/** gAMA as sRGB has it. */
const SRGB_GAMMA = 45455;

type Chunks = ReadonlyMap<string, Buffer>;

/**
 * What libpng is given of a PNG that names its colour space by numbers, which libvips does not look at, or in a profile
 * that libpng refuses for its rendering intent: the same image with a profile. As in browsers, cICP goes before iCCP,
 * iCCP before sRGB, and sRGB before gAMA and cHRM.
 *
 * @throws PermanentError `UNSUPPORTED_FORMAT` for high dynamic range
 */
export function pngInColour(data: Buffer): Readable | undefined {
  const chunks = colourChunks(data);
  if (chunks.size === 0) return undefined;
  // eslint-disable-next-line no-bitwise -- the flag for colour
  const isGrey = (data[25] & 2) === 0;
  const profile = profileByCodes(chunks, isGrey) ?? mendedProfile(chunks, isGrey) ?? profileByGamma(chunks, isGrey);
  return profile && { data: pngWithProfile(data, profile) };
}

/** What stands before the pixels and says something of colours. */
function colourChunks(data: Buffer): Chunks {
  const chunks = new Map<string, Buffer>();
  for (let at = SIGNATURE_BYTES; at + 12 <= data.length;) {
    const [length, type] = [data.readUInt32BE(at), data.toString('latin1', at + 4, at + 8)];
    if (type === 'IDAT') break;
    if (COLOUR_CHUNKS.has(type) && !chunks.has(type)) chunks.set(type, data.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

const COLOUR_CHUNKS = new Set(['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM']);

function profileByCodes(chunks: Chunks, isGrey: boolean): Buffer | undefined {
  const chunk = chunks.get('cICP');
  // Only RGB of the full range is of use in a PNG.
  if (chunk?.length !== 4 || chunk[2] !== 0 || chunk[3] !== 1) return undefined;
  const points = { primaries: chunk[0], transfer: chunk[1] };
  requireStandardRange(points, 'png');
  const space = spaceOf(points);
  if (!space) return undefined;
  if (isSrgb(points) && !chunks.has('iCCP')) return undefined;
  return isGrey ? greyProfile(space.curve) : profileOf(points) ?? rgbProfile(space.primaries, space.curve);
}

/** A profile of RGB for grey, or one whose rendering intent is none of the four, as Adobe wrote some. */
function mendedProfile(chunks: Chunks, isGrey: boolean): Buffer | undefined {
  const chunk = chunks.get('iCCP');
  const profile = chunk && unpacked(chunk);
  if (!profile || profile.length < 132) return undefined;
  if (isGrey && profile.toString('latin1', 16, 20) === 'RGB ') return greyProfileFrom(profile);
  if (profile.readUInt32BE(RENDERING_INTENT) <= 3) return undefined;
  return withKnownIntent(profile);
}

const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

function unpacked(chunk: Buffer): Buffer | undefined {
  try {
    return inflateSync(chunk.subarray(chunk.indexOf(0) + 2), { maxOutputLength: MAX_PROFILE_BYTES });
  } catch {
    return undefined;
  }
}

function profileByGamma(chunks: Chunks, isGrey: boolean): Buffer | undefined {
  const gamma = chunks.get('gAMA');
  if (chunks.has('iCCP') || chunks.has('sRGB') || gamma?.length !== 4) return undefined;
  const encoding = gamma.readUInt32BE(0);
  const primaries = primariesOf(chunks.get('cHRM'));
  if (encoding === 0 || (encoding === SRGB_GAMMA && !primaries)) return undefined;
  const curve: Curve = { gamma: 100_000 / encoding };
  return isGrey ? greyProfile(curve) : rgbProfile(primaries ?? BT709, curve);
}

function primariesOf(chunk: Buffer | undefined): Primaries | undefined {
  if (chunk?.length !== 32) return undefined;
  const [white, red, green, blue] = [0, 8, 16, 24].map((at) => [chunk.readUInt32BE(at) / 100_000, chunk.readUInt32BE(at + 4) / 100_000] as const);
  // A triangle without area is no space.
  const area = (red[0] - blue[0]) * (green[1] - blue[1]) - (green[0] - blue[0]) * (red[1] - blue[1]);
  return [white, red, green, blue].every(([, y]) => y > 0) && Math.abs(area) > 0.001 ? { white, red, green, blue } : undefined;
}

/** The PNG with the profile behind its header, and without what says something else. */
export function pngWithProfile(data: Buffer, profile: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(profile)]);
  const parts = [data.subarray(0, HEADER_END), pngChunk('iCCP', named)];
  let at = HEADER_END;
  while (at + 12 <= data.length) {
    const [length, type] = [data.readUInt32BE(at), data.toString('latin1', at + 4, at + 8)];
    if (type === 'IDAT') break;
    if (!COLOUR_CHUNKS.has(type)) parts.push(data.subarray(at, at + 12 + length));
    at += 12 + length;
  }
  return Buffer.concat([...parts, data.subarray(at)]);
}
