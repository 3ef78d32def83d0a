import sharp from 'sharp';
import { exifOrientation } from './exif';
import { greyProfile, matrixProfile, P3_PRIMARIES, SRGB_PRIMARIES } from './icc';
import { greyPicture, picture } from './picture';
import { Choice, lacksPixels, Space } from './space';
import { cmykJpeg, open, solid, storedFor } from '../../helpers/images';

const AXES = {
  space: ['ycc', 'ycc-420', 'grey', 'cmyk', 'ycck', 'rgb'],
  scan: ['baseline', 'progressive'],
  profile: ['none', 'srgb', 'p3', 'linear', 'grey-linear', 'odd-intent', 'cmyk', 'damaged'],
  orientation: ['1', '2', '3', '4', '5', '6', '7', '8'],
  damage: ['none', 'no-end', 'bytes-behind', 'bytes-before-markers', 'lost-half'],
} as const;

type JpegChoice = Choice<typeof AXES>;

export const JPEGS: Space<typeof AXES> = {
  axes: AXES,
  exists({ space, profile }) {
    const cmyk = space === 'cmyk' || space === 'ycck';
    if (profile === 'cmyk') return cmyk;
    if (profile === 'grey-linear') return space === 'grey';
    return profile === 'none' || profile === 'damaged' || !cmyk;
  },
  make: makeJpeg,
  lacks: lacksPixels,
  substitute: (choice) => (choice.damage === 'no-end' ? { choice: { ...choice, damage: 'none' }, line: 'Chromium leaves out its last rows' } : undefined),
};

async function makeJpeg({ space, scan, profile, orientation, damage }: JpegChoice): Promise<Buffer> {
  const cmyk = space === 'cmyk' || space === 'ycck';
  const upright = space === 'grey' ? greyPicture() : picture();
  const stored = open(storedFor(upright, Number(orientation)));
  const converted = cmyk ? stored.toColourspace('cmyk').withIccProfile('cmyk', { attach: false }) : space === 'grey' ? stored.toColourspace('b-w') : stored;
  const encoded = await converted.jpeg({ quality: 95, chromaSubsampling: space === 'ycc-420' ? '4:2:0' : '4:4:4', progressive: scan === 'progressive' }).toBuffer();

  let jpeg = withoutMarkers(encoded);
  // The same numbers with another meaning.
  if (space === 'rgb') jpeg = inserted(jpeg, marker(0xee, adobe(0)));
  else if (cmyk) jpeg = inserted(jpeg, marker(0xee, adobe(space === 'ycck' ? 2 : 0)));
  const icc = await profileBytes(profile);
  if (icc) jpeg = inserted(jpeg, profileMarkers(icc));
  if (orientation !== '1') jpeg = inserted(jpeg, marker(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOrientation(Number(orientation))])));
  return damaged(jpeg, damage);
}

function damaged(jpeg: Buffer, damage: JpegChoice['damage']): Buffer {
  switch (damage) {
    case 'none': return jpeg;
    case 'no-end': return jpeg.subarray(0, jpeg.length - 2);
    case 'bytes-behind': return Buffer.concat([jpeg, Buffer.alloc(100, 0x41)]);
    case 'bytes-before-markers': return inserted(jpeg, Buffer.alloc(7, 0xff));
    case 'lost-half': return jpeg.subarray(0, jpeg.length / 2);
  }
}

async function profileBytes(profile: JpegChoice['profile']): Promise<Buffer | undefined> {
  switch (profile) {
    case 'none': return undefined;
    case 'srgb': return matrixProfile(SRGB_PRIMARIES, 2.2);
    case 'p3': return matrixProfile(P3_PRIMARIES, 2.2);
    case 'linear': return matrixProfile(SRGB_PRIMARIES, 1);
    case 'grey-linear': return greyProfile(1);
    case 'odd-intent': return matrixProfile(P3_PRIMARIES, 1.8, { intent: 0x01000000 });
    case 'cmyk': return (await sharp(await cmykJpeg(solid(8, 8, [0, 0, 0]), { profile: true })).metadata()).icc;
    case 'damaged': return matrixProfile(P3_PRIMARIES, 2.2).subarray(0, 200);
  }
}

function marker(code: number, data: Buffer): Buffer {
  const header = Buffer.from([0xff, code, 0, 0]);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([header, data]);
}

/** A profile in as many segments as it needs. */
function profileMarkers(icc: Buffer): Buffer {
  const count = Math.ceil(icc.length / MAX_PART);
  return Buffer.concat(Array.from({ length: count }, (_, at) => (
    marker(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([at + 1, count]), icc.subarray(at * MAX_PART, (at + 1) * MAX_PART)]))
  )));
}

/** Of a profile that fit into one segment. */
const MAX_PART = 65_519;

function adobe(transform: number): Buffer {
  return Buffer.from(`Adobe\0\x64\0\0\0\0${String.fromCharCode(transform)}`, 'latin1');
}

/** Right behind the start of the image. */
function inserted(jpeg: Buffer, bytes: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), bytes, jpeg.subarray(2)]);
}

/** Without the segments of applications, which say how to read the numbers. */
function withoutMarkers(jpeg: Buffer): Buffer {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  while (jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] < 0xe0 || jpeg[at + 1] > 0xef) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, jpeg.subarray(at)]);
}

