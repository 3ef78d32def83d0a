/** What the field sends: every format that is read, in the forms that are rare. */
import { tiffHeader } from '../helpers/headers';
import {
  alphaRamp, animation, BLUE, cmykJpeg, GREEN, multiPageTiff, open, orientedJpeg, photo, png16, quadrants, RawImage, RED, solid, storedFor,
  trafficLight, WHITE,
} from '../helpers/images';

export interface Form {
  readonly name: string;
  readonly data: Buffer;
  /** As shown. */
  readonly width: number;
  readonly height: number;
  /** Frames of an animated rendition; 1 by default. */
  readonly frames?: number;
  /** Red, green / blue, white: whether turned or converted, the corners tell. */
  readonly corners?: readonly (readonly number[])[];
}

const [WIDTH, HEIGHT] = [60, 40];
const CORNERS = [RED, GREEN, BLUE, WHITE];
const GREYS = [40, 90, 150, 220];

export async function makeForms(): Promise<Form[]> {
  const image = quadrants(WIDTH, HEIGHT);
  const grey = greyQuadrants();
  const upright = { width: WIDTH, height: HEIGHT };
  const coloured = { ...upright, corners: CORNERS };
  const forms: Form[] = [];
  const add = (name: string, data: Buffer, facts: Omit<Form, 'name' | 'data'> = coloured) => forms.push({ name, data, ...facts });

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const stored = open(storedFor(image, orientation));
    add(`JPEG, orientation ${orientation}`, await orientedJpeg(image, orientation));
    add(`PNG, orientation ${orientation}`, await stored.clone().png().withMetadata({ orientation }).toBuffer());
    add(`WebP, orientation ${orientation}`, await stored.clone().webp({ lossless: true }).withMetadata({ orientation }).toBuffer());
    add(`TIFF, orientation ${orientation}`, await stored.clone().tiff({ compression: 'lzw' }).withMetadata({ orientation }).toBuffer());
  }

  add('JPEG, progressive', await open(image).jpeg({ progressive: true, quality: 95 }).toBuffer());
  add('JPEG, arithmetic of mozjpeg', await open(image).jpeg({ mozjpeg: true, quality: 95 }).toBuffer());
  add('JPEG, CMYK without a profile', await cmykJpeg(image), upright);
  add('JPEG, CMYK with a profile', await cmykJpeg(image, { profile: true }), upright);
  add('JPEG, grey', await open(grey).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(), { ...upright, corners: GREYS.map((value) => [value]) });
  add('JPEG, 65,500 pixels wide', await open(solid(65_500, 1, RED)).jpeg().toBuffer(), { width: 65_500, height: 1 });
  add('JPEG, 65,500 pixels high', await open(solid(1, 65_500, RED)).jpeg().toBuffer(), { width: 1, height: 65_500 });

  add('PNG, interlaced', await open(image).png({ progressive: true }).toBuffer());
  add('PNG, 16 bits', await png16(image));
  add('PNG, 16 bits with a profile', await png16(image, 'srgb'));
  add('PNG, palette', await open(image).png({ palette: true }).toBuffer());
  for (const colours of [2, 4, 16]) add(`PNG, palette of ${colours} colours`, await open(photo(WIDTH, HEIGHT)).png({ palette: true, colours }).toBuffer(), upright);
  add('PNG, palette with transparency', await open(alphaRamp(WIDTH, HEIGHT)).png({ palette: true }).toBuffer(), upright);
  add('PNG, grey and alpha', await open(withAlpha(grey)).toColourspace('b-w').png().toBuffer(), upright);
  add('PNG, 16 bits of grey', await png16(grey), upright);
  add('PNG, one bit', await open(image).toColourspace('b-w').threshold().png({ palette: true, colours: 2 }).toBuffer(), upright);
  add('PNG, wider than WebP and AVIF hold', await open(solid(17_000, 2, RED)).png().toBuffer(), { width: 17_000, height: 2 });

  add('WebP, lossy', await open(image).webp({ quality: 95, smartSubsample: true }).toBuffer());
  add('WebP, lossless', await open(image).webp({ lossless: true }).toBuffer());
  add('WebP, alpha', await open(alphaRamp(WIDTH, HEIGHT)).webp().toBuffer(), upright);
  add('WebP, 16383 pixels wide', await open(solid(16_383, 1, RED)).webp().toBuffer(), { width: 16_383, height: 1 });
  add('AVIF', await open(image).avif({ effort: 1, quality: 90 }).toBuffer());
  for (const bitdepth of [10, 12] as const) add(`AVIF, ${bitdepth} bits`, await deepAvif(image, bitdepth), upright);
  add('AVIF, alpha', await open(alphaRamp(WIDTH, HEIGHT)).avif({ effort: 1 }).toBuffer(), upright);
  add('GIF', await open(image).gif().toBuffer());
  add('GIF, interlaced', await open(image).gif({ progressive: true }).toBuffer());

  for (const compression of ['none', 'lzw', 'deflate', 'packbits', 'jpeg'] as const) {
    add(`TIFF in strips, ${compression}`, await open(image).tiff({ compression, quality: 95 }).toBuffer(), compression === 'jpeg' ? upright : coloured);
    add(`TIFF in tiles, ${compression}`, await open(image).tiff({ compression, quality: 95, tile: true, tileWidth: 32, tileHeight: 16 }).toBuffer(), upright);
  }
  add('TIFF, fax', await open(grey).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer(), upright);
  for (const bitdepth of [1, 2, 4] as const) add(`TIFF, ${bitdepth} bits`, await open(grey).toColourspace('b-w').tiff({ bitdepth, compression: 'none' }).toBuffer(), upright);
  add('TIFF, 16 bits', await open(image).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer());
  add('TIFF, CMYK', await open(image).toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(), upright);
  add('TIFF, BigTIFF', await open(image).tiff({ compression: 'lzw', bigtiff: true }).toBuffer());
  add('TIFF, pyramid', await open(photo(300, 200)).tiff({ compression: 'lzw', pyramid: true, tile: true, tileWidth: 64, tileHeight: 64 }).toBuffer(), { width: 300, height: 200 });
  add('TIFF, pages', await multiPageTiff([image, solid(WIDTH, HEIGHT, BLUE), solid(WIDTH, HEIGHT, RED)]));
  add('TIFF, headers alone with zeros', Buffer.concat([tiffHeader(GREY_TIFF), Buffer.alloc(WIDTH * HEIGHT)]), upright);

  for (const format of ['gif', 'webp'] as const) {
    add(`${format}, animated`, await animation(format, trafficLight(WIDTH, HEIGHT)), { ...upright, frames: 3 });
    add(`${format}, animated with frames of odd sizes`, await animation(format, oddFrames()), { width: 31, height: 17, frames: 5 });
  }
  for (const orientation of [3, 6]) {
    const stored = trafficLight(WIDTH, HEIGHT).map((frame) => storedFor(frame, orientation));
    add(`webp, animated, orientation ${orientation}`, await animation('webp', stored, { orientation }), { ...upright, frames: 3 });
  }

  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
    add(`${format} of 1 x 1`, await open(solid(1, 1, [9, 90, 190])).toFormat(format).toBuffer(), { width: 1, height: 1 });
  }
  return forms;
}

const GREY_TIFF = { 256: WIDTH, 257: HEIGHT, 258: 8, 259: 1, 262: 1, 273: 8 + 2 + 9 * 12 + 4, 277: 1, 278: HEIGHT, 279: WIDTH * HEIGHT };

function greyQuadrants(): RawImage {
  const image = quadrants(WIDTH, HEIGHT);
  const values = new Map(CORNERS.map((colour, at) => [colour.join(), GREYS[at]]));
  const data = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, at) => values.get([...image.data.subarray(at * 3, at * 3 + 3)].join())!));
  return { data, width: WIDTH, height: HEIGHT, channels: 1 };
}

function withAlpha({ data, width, height }: RawImage): RawImage {
  return { data: Buffer.from([...data].flatMap((value, at) => [value, at % 256])), width, height, channels: 2 };
}

/** sharp's prebuilt encoder writes 8 bits alone: the box of the configuration claims more. */
async function deepAvif(image: RawImage, bits: 10 | 12): Promise<Buffer> {
  const avif = Buffer.from(await open(image).avif({ effort: 1 }).toBuffer());
  const depth = avif.indexOf('pixi') + 8;
  avif.fill(bits, depth + 1, depth + 4);
  return avif;
}

function oddFrames(): RawImage[] {
  return [0, 1, 2, 3, 4].map((frame) => {
    const moving = solid(31, 17, [20, 20, 20]);
    for (let x = frame; x < frame + 7; x += 1) moving.data.set([230, 200, 10], ((frame * 2) * 31 + x) * 3);
    return moving;
  });
}
