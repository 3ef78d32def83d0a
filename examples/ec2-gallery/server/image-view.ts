import { gridRenditions, savedBytes, smallestFirst } from './grid-renditions';
import { ImageRecord, Original, Reason, Rendition, Status } from './records';

export interface RenditionView {
  /** `<profile>.<format>`. */
  readonly name: string;
  readonly profile: string;
  readonly format: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly reductionPercent: number;
  readonly url: string;
  readonly downloadUrl?: string;
}

/** An image as the page sees it. */
export interface ImageView {
  readonly imageId: string;
  readonly status: Status;
  readonly fileName: string;
  readonly uploadedAt: string;
  readonly processedAt?: string;
  readonly original?: Omit<Original, 'frames'>;
  /** What the smallest file of the largest size has less than the original. */
  readonly savedBytes?: number;
  /** Smallest first; none before the image is completed. */
  readonly renditions: readonly RenditionView[];
  /** Those that cannot be made of this image, and why. */
  readonly skipped?: readonly (Reason & { readonly name: string })[];
  readonly failure?: Reason;
  /** The original. */
  readonly source?: { readonly url: string; readonly downloadUrl: string };
}

export interface FileLinks {
  link(key: string, saveAs?: string): Promise<string>;
  linkToOriginal(key: string, saveAs?: string): Promise<string>;
}

/** Everything about an image. */
export async function viewFullImage(record: ImageRecord, links: FileLinks): Promise<ImageView> {
  const { status, sourceKey, fileName, original } = record;
  const view = await viewOf(record, record.renditions ?? {}, (key) => links.link(key));
  if (status === 'PENDING') return view;
  const named = (key: string, profile: string) => `${fileName.replace(/\.[^.]{1,16}$/, '')}-${profile}${/\.[a-z0-9]+$/i.exec(key)?.[0] ?? ''}`;
  return {
    ...view,
    original: view.original && { ...view.original, hasAlpha: original?.hasAlpha, paletteSize: original?.paletteSize, exif: original?.exif },
    renditions: await Promise.all(view.renditions.map(async (rendition) => {
      const { key, profile } = record.renditions![rendition.name];
      return { ...rendition, downloadUrl: await links.link(key, named(key, profile)) };
    })),
    source: { url: await links.linkToOriginal(sourceKey), downloadUrl: await links.linkToOriginal(sourceKey, fileName) },
  };
}

/** What lists tell: of the renditions, those that a grid needs. */
export async function viewImage(record: ImageRecord, link: (key: string) => Promise<string>): Promise<ImageView> {
  return viewOf(record, gridRenditions(record), link);
}

async function viewOf(
  record: ImageRecord, renditions: Readonly<Record<string, Rendition>>, link: (key: string) => Promise<string>,
): Promise<ImageView> {
  const { imageId, status, fileName, uploadedAt, processedAt, original, skipped, failure } = record;
  return {
    imageId,
    status,
    fileName,
    uploadedAt,
    processedAt,
    original: original && factsOf(original),
    savedBytes: status === 'COMPLETED' ? savedBytes(record) : undefined,
    renditions: status === 'COMPLETED' ? await viewRenditions(renditions, link) : [],
    skipped: status === 'COMPLETED' && skipped ? Object.entries(skipped).map(([name, reason]) => ({ name, ...reasonOf(reason) })) : undefined,
    failure: status === 'FAILED' && failure ? reasonOf(failure) : undefined,
  };
}

function factsOf({ width, height, format, bytes, thumbHash, dominantColour }: Original): ImageView['original'] {
  return { width, height, format, bytes, thumbHash, dominantColour };
}

function reasonOf({ code, message, detail }: Reason): Reason {
  return { code, message, detail };
}

function viewRenditions(renditions: Readonly<Record<string, Rendition>>, link: (key: string) => Promise<string>): Promise<RenditionView[]> {
  return Promise.all(smallestFirst(renditions).map(async ([name, { profile, format, contentType, width, height, bytes, reductionPercent, key }]) => (
    { name, profile, format, contentType, width, height, bytes, reductionPercent, url: await link(key) }
  )));
}
