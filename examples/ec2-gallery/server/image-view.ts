import { ImageRecord, Reason, Rendition, Status } from './records';

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
  readonly original?: { readonly width: number; readonly height: number; readonly format: string; readonly bytes: number };
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
  const { status, sourceKey, fileName } = record;
  const view = await viewImage(record, (key) => links.link(key));
  if (status === 'PENDING') return view;
  const named = (key: string, profile: string) => `${fileName.replace(/\.[^.]{1,16}$/, '')}-${profile}${/\.[a-z0-9]+$/i.exec(key)?.[0] ?? ''}`;
  return {
    ...view,
    renditions: await Promise.all(view.renditions.map(async (rendition) => {
      const { key, profile } = record.renditions![rendition.name];
      return { ...rendition, downloadUrl: await links.link(key, named(key, profile)) };
    })),
    source: { url: await links.linkToOriginal(sourceKey), downloadUrl: await links.linkToOriginal(sourceKey, fileName) },
  };
}

/** What lists tell. */
export async function viewImage(record: ImageRecord, link: (key: string) => Promise<string>): Promise<ImageView> {
  const { imageId, status, fileName, uploadedAt, processedAt, original, skipped, failure } = record;
  return {
    imageId,
    status,
    fileName,
    uploadedAt,
    processedAt,
    original: original && { width: original.width, height: original.height, format: original.format, bytes: original.bytes },
    renditions: status === 'COMPLETED' ? await viewRenditions(record.renditions ?? {}, link) : [],
    skipped: status === 'COMPLETED' && skipped ? Object.entries(skipped).map(([name, reason]) => ({ name, ...reasonOf(reason) })) : undefined,
    failure: status === 'FAILED' && failure ? reasonOf(failure) : undefined,
  };
}

function reasonOf({ code, message, detail }: Reason): Reason {
  return { code, message, detail };
}

function viewRenditions(renditions: Readonly<Record<string, Rendition>>, link: (key: string) => Promise<string>): Promise<RenditionView[]> {
  const area = ({ width, height }: Rendition) => width * height;
  const smallestFirst = Object.entries(renditions).sort(([aName, a], [bName, b]) => area(a) - area(b) || (aName < bName ? -1 : 1));
  return Promise.all(smallestFirst.map(async ([name, { profile, format, contentType, width, height, bytes, reductionPercent, key }]) => (
    { name, profile, format, contentType, width, height, bytes, reductionPercent, url: await link(key) }
  )));
}
