/** How originals are looked at: the profiles that are rendered, and what they are compared with. */
import sharp from 'sharp';
import type { FormatConfig } from '../../src/contract';
import type { RawImage } from '../helpers/images';
import type { ProfileSpec } from '../helpers/renditions';

export interface View {
  readonly spec: ProfileSpec & { readonly name: string; readonly formats: readonly FormatConfig[] };
  /** Lies under what is transparent. */
  readonly paper: string;
}

const BACKGROUND = '#d02030';
const WHITE = '#ffffff';
/** Neither the padding nor the white of many pictures. */
const PAPER = '#20c0a0';

// As good as the encoders make it: what they lose is not what is looked for.
const JPEG: FormatConfig = { format: 'jpeg', options: { quality: 97, chromaSubsampling: '4:4:4' } };
const PNG: FormatConfig = { format: 'png', options: {} };
const WEBP: FormatConfig = { format: 'webp', options: { lossless: true } };

const box = (side: number) => ({ width: side, height: side });

/** Enlarged, so that small originals are seen as well. */
export function views(side: number): View[] {
  const shown = { enlarge: true };
  return [
    { spec: { name: 'contain', ...box(side), fit: 'contain', background: BACKGROUND, formats: [JPEG], ...shown }, paper: BACKGROUND },
    { spec: { name: 'padded', ...box(side), fit: 'contain', background: BACKGROUND, formats: [PNG], ...shown }, paper: PAPER },
    { spec: { name: 'cover', width: Math.round(side * 0.7), height: side, fit: 'cover', formats: [WEBP], ...shown }, paper: PAPER },
    { spec: { name: 'inside', ...box(Math.round(side * 0.8)), fit: 'inside', formats: [JPEG], ...shown }, paper: WHITE },
  ];
}

/** An animation, in the formats that hold one. */
export function animatedViews(side: number): View[] {
  const spec = { ...box(side), fit: 'inside', enlarge: true } as const;
  return [
    { spec: { name: 'animated', ...spec, formats: [WEBP] }, paper: PAPER },
    // Padded with a colour that its own palette does not have.
    { spec: { name: 'animated', ...spec, fit: 'contain', background: BACKGROUND, formats: [{ format: 'gif', options: { dither: 0 } }] }, paper: PAPER },
  ];
}

/** Opaque pixels, three channels of 8 bits. */
export interface Picture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** What a view shows of an original of which each pixel is known: by sharp's own geometry, not the handler's. */
export async function project({ data, width, height }: Picture, { spec }: View): Promise<Picture> {
  const { data: seen, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: spec.width, height: spec.height, fit: spec.fit, background: spec.background })
    .removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: seen, width: info.width, height: info.height };
}

/** A rendition on the view's paper. */
export async function onPaper(rendition: Buffer, paper: string): Promise<Picture> {
  const { data, info } = await sharp(rendition).toColourspace('srgb').flatten({ background: paper }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** An image of which each pixel is known. */
export async function rawOnPaper({ data, width, height, channels }: RawImage, paper: string): Promise<Picture> {
  const { data: seen } = await sharp(data, { raw: { width, height, channels } }).toColourspace('srgb').flatten({ background: paper }).raw()
    .toBuffer({ resolveWithObject: true });
  return { data: seen, width, height };
}
