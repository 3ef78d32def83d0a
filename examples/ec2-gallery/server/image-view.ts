import { ImageRecord, Rendition, Status } from './records';

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
  readonly failure?: { readonly code: string; readonly message: string };
}

export async function viewImage(record: ImageRecord, link: (key: string) => Promise<string>): Promise<ImageView> {
  const { imageId, status, fileName, uploadedAt, processedAt, original, failure } = record;
  return {
    imageId,
    status,
    fileName,
    uploadedAt,
    processedAt,
    original: original && { width: original.width, height: original.height, format: original.format, bytes: original.bytes },
    renditions: status === 'COMPLETED' ? await viewRenditions(record.renditions ?? {}, link) : [],
    failure: status === 'FAILED' && failure ? { code: failure.code, message: failure.message } : undefined,
  };
}

function viewRenditions(renditions: Readonly<Record<string, Rendition>>, link: (key: string) => Promise<string>): Promise<RenditionView[]> {
  const area = ({ width, height }: Rendition) => width * height;
  const smallestFirst = Object.entries(renditions).sort(([aName, a], [bName, b]) => area(a) - area(b) || (aName < bName ? -1 : 1));
  return Promise.all(smallestFirst.map(async ([name, { profile, format, contentType, width, height, bytes, reductionPercent, key }]) => (
    { name, profile, format, contentType, width, height, bytes, reductionPercent, url: await link(key) }
  )));
}
