import { avifInColour } from './avif-colour';
import { stillOfAvif } from './avif-still';
import { Exif, readExif } from './exif';
import { sourceFailure } from './failures';
import { fittingProfile } from './fitting-profile';
import { FORMATS, INPUT_FORMATS, InputFormat } from './formats';
import type { Part } from './geometry';
import { framesOfGif, Gif, MAX_GIF_FRAMES, paletteSizeOfGif, readGif, stillOfGif } from './gif';
import { Heic, readHeic } from './heic';
import { endedJpeg } from './jpeg';
import { withTrueMetadata } from './kept-metadata';
import { paletteSizeOfPng, unpacksTooMuch } from './png';
import { pngInColour } from './png-colour';
import { Readable } from './readable';
import { allowSvg, Metadata, sharp } from './sharp';
import { sniff } from './sniff';
import { PIXEL_DENSITY, readableSvg, requireDrawable } from './svg';
import { readableTiff, requireReadableTiff } from './tiff';
import { readTiffDirectory } from './tiff-directory';
import { damaged, damagedAnimation, nameOf, number, tooLarge, tooLargeForDecoder, tooManyFrames, unreadable, unsupportedForm } from './words';
import { ExifFacts, ProcessingConfig } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

/** What the header of an image tells. */
export interface Probe {
  readonly format: InputFormat;
  /** Pixels, after the orientation was applied. */
  readonly width: number;
  /** Pixels, after the orientation was applied; of one frame. */
  readonly height: number;
  /** Frames or pages. */
  readonly frames: number;
  /** Whether the frames are an animation that renditions keep. */
  readonly animated: boolean;
  /** Milliseconds per frame. */
  readonly delay?: readonly number[];
  /** How often an animation is played; 0 for ever. */
  readonly loop?: number;
  /** EXIF orientation from 1 to 8. */
  readonly orientation: number;
  readonly alpha: boolean;
  /** Colour space in libvips' words, such as `srgb`, `rgb16`, `b-w` or `cmyk`. */
  readonly space: string;
  /** Colour space of the ICC profile as its header names it, such as `RGB`, `CMYK` or `GRAY`; absent without a profile. */
  readonly profile?: string;
  /** Whether the pixels of a PNG are indices of a palette. */
  readonly palette?: boolean;
  /** Entries of the one palette of a PNG or GIF. */
  readonly paletteSize?: number;
  /** What is left of it by `trim`, as far as it was measured. */
  readonly parts?: Readonly<Record<string, Part>>;
  /** What decoders are given where the original's own bytes will not do. */
  readonly still?: Readable;
  /** The same for all frames. */
  readonly moving?: Readable;
  /** Why no rendition can have all frames, though it could have the first. */
  readonly stillOnly?: PermanentError;
  /** What else is known of a HEIC, whose pixels are decoded elsewhere. */
  readonly heic?: Heic;
  /** The EXIF tags that say whose image it is. */
  readonly credits: Exif['credits'];
  /** What its EXIF says of the photograph. */
  readonly exif?: ExifFacts;
  /** Whether its EXIF is longer than what renditions can keep. */
  readonly hasLargeExif?: boolean;
}

/**
 * Reads the header of an image, without decoding pixels.
 *
 * @param extension of the file's name, without its dot: the content decides, and a name that says otherwise is told of
 * @throws PermanentError `UNSUPPORTED_FORMAT`, `TOO_LARGE` or `CORRUPT_IMAGE`
 */
export async function probe(data: Buffer, processing: ProcessingConfig, extension = ''): Promise<Probe> {
  const format = requireFormat(data, processing, extension);
  if (format === 'heic') return probeHeic(data, processing);
  if (format === 'svg') allowSvg();
  if (format === 'png' && unpacksTooMuch(data)) {
    throw tooLargeForDecoder('png', { detail: 'the png image is too large: its texts and profile unpack to more than 16 MB' });
  }

  const form = READABLE[format]?.(data, processing) ?? {};
  const metadata = await readHeader(form.header ?? data, format, form.still?.density);
  requireChannels(metadata, format);
  const frames = form.frames ?? metadata.pages ?? 1;
  const fitting = fittingProfile(format, metadata);
  const { credits, facts } = readExif(format === 'tiff' ? data : metadata.exif, metadata.xmp);
  const probed: Probe = {
    format,
    width: inPixels(metadata.autoOrient.width, form.still),
    height: inPixels(metadata.autoOrient.height, form.still),
    ...form,
    frames,
    animated: processing.animation && (frames > 1 || form.stillOnly !== undefined) && format !== 'svg' && FORMATS[format].animated,
    delay: metadata.delay,
    loop: metadata.loop,
    orientation: metadata.orientation ?? 1,
    alpha: metadata.hasAlpha,
    space: metadata.space,
    palette: format === 'png' && metadata.isPalette ? true : undefined,
    paletteSize: form.paletteSize ?? (format === 'png' && metadata.isPalette ? paletteSizeOfPng(data) : undefined),
    profile: (fitting?.profile ?? metadata.icc)?.toString('latin1', 16, 20).trim(),
    credits,
    exif: facts,
    hasLargeExif: metadata.exif && metadata.exif.length > MAX_EXIF_BYTES ? true : undefined,
  };
  requirePixels(probed, processing.maxInputPixels);
  const { width, height, exif, xmp } = metadata;
  const whole = format === 'jpeg' ? await endedJpeg(data, { width, height }) : probed.still;
  const still = fitting ? { ...whole, data: fitting.insert(whole?.data ?? data) } : whole;
  const edited = processing.metadata === 'all' ? withTrueMetadata(still?.data ?? data, format, { exif, xmp }) : undefined;
  return edited ? { ...probed, still: { ...still, data: edited }, moving: { data: edited } } : { ...probed, still };
}

/** The pixels of others are decoded by sharp; these become a PNG before. */
async function probeHeic(data: Buffer, processing: ProcessingConfig): Promise<Probe> {
  const heic = await readHeic(data, processing, processing.maxInputPixels / HEAVY);
  const { width, height, alpha, exif, xmp, metadata: { icc, grey } } = heic;
  const { credits, facts } = readExif(exif, xmp);
  const profile = icc && (grey ? 'GRAY' : 'RGB');
  const space = grey ? 'b-w' : 'srgb';
  const probed: Probe = { format: 'heic', width, height, frames: 1, animated: false, orientation: 1, alpha, space, profile, heic, credits, exif: facts };
  requirePixels(probed, processing.maxInputPixels);
  return probed;
}

function requireFormat(data: Buffer, { acceptSvg, acceptHeic }: ProcessingConfig, extension: string): InputFormat {
  const found = sniff(data);
  const accepted = INPUT_FORMATS.filter((format) => (acceptSvg || format !== 'svg') && (acceptHeic || format !== 'heic'));
  const expected = `expected ${accepted.slice(0, -1).join(', ')} or ${accepted.at(-1)}`;
  const refuse = (detail: string) => unreadable(data, found, accepted, extension, { detail });
  if (!found) {
    const start = data.length > 0 ? `content that begins with the bytes ${data.toString('hex', 0, 8)}` : 'no content';
    throw refuse(`${expected}, received ${start}`);
  }
  if ('unsupported' in found) throw refuse(`${found.unsupported} content cannot be read: ${expected}`);
  if (found.format === 'heic' && !acceptHeic) throw refuse(`HEIC content cannot be read: ${expected}`);
  if (!accepted.includes(found.format)) throw refuse(`SVG content is not accepted: ${expected}`);
  return found.format;
}

/** What has to be known of a format before its decoder sees it. */
interface Form extends Pick<Probe, 'still' | 'moving' | 'stillOnly'>, Partial<Pick<Probe, 'width' | 'height' | 'frames' | 'paletteSize'>> {
  /** Where the decoder finds the header. */
  readonly header?: Buffer;
}

const READABLE: Partial<Record<InputFormat, (data: Buffer, processing: ProcessingConfig) => Form>> = {
  gif: (data, { animation }) => {
    const gif = readGif(data);
    const { width, height, frames } = gif;
    if (frames.length === 0) throw damaged('gif', { detail: 'the gif image cannot be decoded: it ends before its first frame does' });
    const still = stillOfGif(data, gif);
    const form: Form = { width, height, frames: frames.length, still, paletteSize: paletteSizeOfGif(data, gif) };
    if (!animation || frames.length === 1 && !gif.isDamaged) return { ...form, header: data.subarray(0, frames[0].end) };
    const moving = framesOfGif(data, gif);
    return { ...form, moving, stillOnly: stillOnly(gif, moving), header: data.subarray(0, frames.at(-1)!.end) };
  },
  avif: (data) => {
    const opened = stillOfAvif(data);
    const still = avifInColour(opened) ?? (opened === data ? undefined : { data: opened });
    return { still, header: still?.data };
  },
  png: (data) => {
    const still = pngInColour(data);
    return { still, header: still?.data };
  },
  svg: (data) => {
    requireDrawable(data);
    const still = readableSvg(data);
    return { still, header: still.data };
  },
  tiff: (data) => {
    const directory = readTiffDirectory(data);
    if (directory) requireReadableTiff(data, directory);
    return { still: readableTiff(data, directory) };
  },
};

function stillOnly({ frames, isDamaged }: Gif, moving: Readable | undefined): PermanentError | undefined {
  if (frames.length > MAX_GIF_FRAMES) return tooManyFrames({ detail: `expected at most ${MAX_GIF_FRAMES} frames of an animation, received more` });
  if (isDamaged) return damagedAnimation({ detail: `the gif animation cannot be decoded: it is damaged after frame ${frames.length}` });
  if (moving) return undefined;
  const detail = 'the gif animation clears a frame that has no colour to spare for transparency';
  return unsupportedForm('gif', 'clears frames of 256 colours', { detail });
}

async function readHeader(data: Buffer, format: InputFormat, density?: number): Promise<Metadata> {
  try {
    // The limit is checked afterwards, with numbers in the message.
    return await sharp(data, { autoOrient: true, limitInputPixels: false, density }).metadata();
  } catch (error) {
    throw sourceFailure(error, format);
  }
}

function inPixels(side: number, { density = PIXEL_DENSITY }: Partial<Readable> = {}): number {
  return Math.max(1, Math.round((side * PIXEL_DENSITY) / density));
}

/** Colour and alpha: sharp takes more, and then cannot hand the pixels on. */
function requireChannels({ space, channels }: Metadata, format: InputFormat): void {
  const colours = { 'b-w': 1, 'grey16': 1, 'cmyk': 4 }[space as string] ?? 3;
  if (channels > colours + 1) {
    const detail = `the ${format} image has more channels than colour and alpha: ${channels} in ${space}`;
    throw unsupportedForm(format, 'has more channels than colour and transparency', { detail });
  }
}

/** Rows are held by the dozen: those of PNG and TIFF could be as long as the whole image. */
const MAX_SIDE = 65_535;

/** The decoder of AVIF holds 20 bytes per pixel, several times what the others do; that of HEIC a copy of the pixels beside what becomes of it. */
const HEAVY = 2;
const HEAVY_FORMATS: readonly InputFormat[] = ['avif', 'heic'];

function requirePixels({ format, width, height }: Probe, maxInputPixels: number): void {
  if (Math.max(width, height) > MAX_SIDE) {
    const detail = `expected at most ${MAX_SIDE} pixels on a side, received ${width}x${height}`;
    throw tooLarge({ width, height }, `${number(MAX_SIDE)} on a side`, { detail });
  }
  const pixels = width * height;
  const isHeavy = HEAVY_FORMATS.includes(format);
  const limit = isHeavy ? maxInputPixels / HEAVY : maxInputPixels;
  if (pixels > limit) {
    const detail = `expected at most ${limit} pixels${isHeavy ? ` of ${nameOf(format)}` : ''}, received ${width}x${height} pixels (${pixels})`;
    throw tooLarge({ width, height }, `${number(limit)} in all`, { detail });
  }
}

/** libexif looks at no more of an EXIF block, and what says whose image it is may stand behind it. */
const MAX_EXIF_BYTES = 65_533;
