import { bySize, gridRenditions, savedBytes } from './grid-renditions';
import type { Links } from './links';
import { ListedImage } from './records';
import { NOT_CHOSEN, OriginalFacts, Reason, RenditionFacts } from '../../contract';

export interface RenditionView {
  readonly name: string;
  readonly profile: string;
  readonly format: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly reductionPercent: number;
  readonly url: string;
  /** The same file, which browsers save under the name of the image. */
  readonly downloadUrl?: string;
}

/** An image in a list, as clients see it: without keys, buckets and what else is the owner's business. */
export interface ImageView {
  readonly imageId: string;
  readonly status: string;
  readonly fileName: string;
  readonly uploadedAt: string;
  readonly processedAt?: string;
  readonly original?: Pick<OriginalFacts, 'width' | 'height' | 'format' | 'bytes' | 'focalPoint' | 'thumbHash' | 'dominantColour'>;
  /** What the smallest file of the largest size has less than the original. */
  readonly savedBytes?: number;
  readonly renditions: readonly RenditionView[];
  /** Those that cannot be made of this image, and why; absent when there are none. */
  readonly skipped?: readonly SkippedView[];
  readonly failure?: ReasonView;
}

export interface ReasonView {
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** The technical side of it. */
  readonly detail?: string;
}

export interface SkippedView extends ReasonView {
  readonly name: string;
}

/** Everything about an image. */
export interface FullImageView extends ImageView {
  readonly original?: ImageView['original'] & Pick<OriginalFacts, 'hasAlpha' | 'paletteSize' | 'exif'>;
  /** The original, where the owner gives it out. */
  readonly source?: { readonly url: string; readonly downloadUrl: string };
}

/** What lists tell. */
export async function listView(image: ListedImage, links: Links): Promise<ImageView> {
  const { record } = image;
  return viewOf(image, gridRenditions(shownOf(record), record.original), async (rendition) => ({ url: await links.rendition(rendition) }));
}

export async function fullView(image: ListedImage, links: Links): Promise<FullImageView> {
  const { record } = image;
  const { fileName } = record;
  const source = record.status === 'PENDING' ? undefined : await links.original(record, fileName);
  const view = await viewOf(image, shownOf(record), async (rendition) => ({
    url: await links.rendition(rendition),
    ...await links.download(rendition, fileName),
  }));
  return { ...view, ...(view.original && { original: { ...view.original, ...moreFactsOf(record.original!) } }), ...(source && { source }) };
}

async function viewOf(
  { imageId, record }: ListedImage, renditions: Readonly<Record<string, RenditionFacts>>,
  linksTo: (rendition: RenditionFacts) => Promise<Pick<RenditionView, 'url' | 'downloadUrl'>>,
): Promise<ImageView> {
  const { status, fileName, uploadedAt, processedAt, original, skipped = {}, failure } = record;
  // What the owner's hook leaves out is not missed.
  const missing = Object.entries(skipped).filter(([, { code }]) => code !== NOT_CHOSEN);
  const saved = savedBytes(shownOf(record), original);
  return {
    imageId,
    status,
    fileName,
    uploadedAt,
    ...(processedAt && { processedAt }),
    ...(original && { original: factsOf(original) }),
    ...(saved !== undefined && { savedBytes: saved }),
    renditions: await Promise.all(bySize(renditions).map(async ([name, rendition]) => {
      const { profile, format, contentType, width, height, bytes, reductionPercent } = rendition;
      return { name, profile, format, contentType, width, height, bytes, reductionPercent, ...await linksTo(rendition) };
    })),
    ...(status === 'COMPLETED' && missing.length > 0 && { skipped: missing.map(([name, reason]) => ({ name, ...reasonOf(reason) })) }),
    ...(status === 'FAILED' && failure && { failure: reasonOf(failure) }),
  };
}

function factsOf({ width, height, format, bytes, focalPoint, thumbHash, dominantColour }: OriginalFacts): ImageView['original'] {
  const named = focalPoint && { focalPoint };
  return { width, height, format, bytes, ...named, ...(thumbHash && { thumbHash }), ...(dominantColour && { dominantColour }) };
}

function moreFactsOf({ hasAlpha, paletteSize, exif }: OriginalFacts): Partial<OriginalFacts> {
  return { ...(hasAlpha !== undefined && { hasAlpha }), ...(paletteSize && { paletteSize }), ...(exif && { exif }) };
}

function reasonOf({ code, message, detail }: Reason): ReasonView {
  return { code, message, ...(detail !== undefined && { detail }) };
}

/** While an image is made again, its former renditions are about to be replaced. */
function shownOf({ status, renditions = {} }: ListedImage['record']): Readonly<Record<string, RenditionFacts>> {
  return status === 'COMPLETED' ? renditions : {};
}
