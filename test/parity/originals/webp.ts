import { exifOrientation } from './exif';
import { matrixProfile, P3_PRIMARIES, SRGB_PRIMARIES } from './icc';
import { frame, picture, pictureWithAlpha } from './picture';
import { Choice, lacksPixels, Space } from './space';
import { animation, open, storedFor } from '../../helpers/images';

const AXES = {
  coding: ['lossless', 'lossy'],
  alpha: ['no', 'yes'],
  profile: ['none', 'srgb', 'p3', 'linear', 'odd-intent', 'damaged'],
  orientation: ['1', '2', '3', '4', '5', '6', '7', '8'],
  frames: ['1', '3'],
  damage: ['none', 'bytes-behind', 'lost-half'],
} as const;

type WebpChoice = Choice<typeof AXES>;

export const WEBPS: Space<typeof AXES> = {
  axes: AXES,
  exists: ({ frames, coding, alpha }) => frames === '1' || (coding === 'lossless' && alpha === 'no'),
  make: makeWebp,
  lacks: lacksPixels,
  substitute: (choice) => (choice.orientation === '1' ? undefined : { choice: { ...choice, orientation: '1' }, line: 'Chromium ignores it in WebP' }),
};

async function makeWebp(choice: WebpChoice): Promise<Buffer> {
  const orientation = Number(choice.orientation);
  const upright = choice.alpha === 'yes' ? pictureWithAlpha() : picture();
  const encoded = choice.frames === '3'
    ? await animation('webp', [0, 1, 2].map((number) => storedFor(frame(number), orientation)))
    : await open(storedFor(upright, orientation)).webp({ lossless: choice.coding === 'lossless', quality: 95 }).toBuffer();
  const extended = withChunks(encoded, choice);
  if (choice.damage === 'bytes-behind') return Buffer.concat([extended, Buffer.alloc(100, 0x41)]);
  return choice.damage === 'lost-half' ? extended.subarray(0, extended.length / 2) : extended;
}

const [ICC_FLAG, ALPHA_FLAG, EXIF_FLAG] = [0x20, 0x10, 0x08];

/** The file in its extended form: header, profile, pixels, EXIF. */
function withChunks(webp: Buffer, { profile, orientation, alpha }: WebpChoice): Buffer {
  const chunks: [string, Buffer][] = [];
  for (let at = 12; at + 8 <= webp.length;) {
    const end = at + 8 + webp.readUInt32LE(at + 4);
    chunks.push([webp.toString('latin1', at, at + 4), webp.subarray(at + 8, end)]);
    at = end + (end % 2);
  }
  const icc = profileBytes(profile);
  const isTurned = orientation !== '1';
  const isExtended = chunks[0][0] === 'VP8X';
  if (!isExtended) chunks.unshift(['VP8X', sizes(webp)]);
  const header = Buffer.from(chunks[0][1]);
  header[0] += (icc ? ICC_FLAG : 0) + (isTurned ? EXIF_FLAG : 0) + (!isExtended && alpha === 'yes' ? ALPHA_FLAG : 0);
  const all: [string, Buffer][] = [
    ['VP8X', header],
    ...(icc ? [['ICCP', icc] as [string, Buffer]] : []),
    ...chunks.slice(1),
    ...(isTurned ? [['EXIF', exifOrientation(Number(orientation))] as [string, Buffer]] : []),
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...all.flatMap(([name, data]) => [Buffer.from(name), length(data.length), data, Buffer.alloc(data.length % 2)])]);
  return Buffer.concat([Buffer.from('RIFF'), length(body.length), body]);
}

/** A header of extended WebP, with the size that lies in the first chunk. */
function sizes(webp: Buffer): Buffer {
  const isLossless = webp.toString('latin1', 12, 16) === 'VP8L';
  const bits = isLossless ? webp.readUInt32LE(21) : 0;
  const [width, height] = isLossless
    ? [(bits % 2 ** 14) + 1, (Math.floor(bits / 2 ** 14) % 2 ** 14) + 1]
    : [webp.readUInt16LE(26) % 2 ** 14, webp.readUInt16LE(28) % 2 ** 14];
  const header = Buffer.alloc(10);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return header;
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function profileBytes(profile: WebpChoice['profile']): Buffer | undefined {
  switch (profile) {
    case 'none': return undefined;
    case 'srgb': return matrixProfile(SRGB_PRIMARIES, 2.2);
    case 'p3': return matrixProfile(P3_PRIMARIES, 2.2);
    case 'linear': return matrixProfile(SRGB_PRIMARIES, 1);
    case 'odd-intent': return matrixProfile(P3_PRIMARIES, 1.8, { intent: 0x01000000 });
    case 'damaged': return matrixProfile(P3_PRIMARIES, 2.2).subarray(0, 200);
  }
}
