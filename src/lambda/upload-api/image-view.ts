import { ListedImage } from './records';
import { OriginalFacts, Reason, RenditionFacts } from '../../contract';

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
}

/** An image as clients see it: without keys, buckets and what else is the owner's business. */
export interface ImageView {
  readonly imageId: string;
  readonly status: string;
  readonly fileName: string;
  readonly uploadedAt: string;
  readonly processedAt?: string;
  readonly original?: Pick<OriginalFacts, 'width' | 'height' | 'format' | 'bytes'>;
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

export async function viewOf({ imageId, record }: ListedImage, link: (rendition: RenditionFacts) => Promise<string>): Promise<ImageView> {
  const { status, fileName, uploadedAt, processedAt, original, skipped, failure } = record;
  return {
    imageId,
    status,
    fileName,
    uploadedAt,
    ...(processedAt && { processedAt }),
    ...(original && { original: { width: original.width, height: original.height, format: original.format, bytes: original.bytes } }),
    // While an image is made again, its former renditions are about to be replaced.
    renditions: status === 'COMPLETED' ? await renditionsOf(record.renditions ?? {}, link) : [],
    ...(status === 'COMPLETED' && skipped && { skipped: Object.entries(skipped).map(([name, reason]) => ({ name, ...reasonOf(reason) })) }),
    ...(status === 'FAILED' && failure && { failure: reasonOf(failure) }),
  };
}

function reasonOf({ code, message, detail }: Reason): ReasonView {
  return { code, message, ...(detail !== undefined && { detail }) };
}

/** The smallest first. */
async function renditionsOf(
  renditions: Readonly<Record<string, RenditionFacts>>, link: (rendition: RenditionFacts) => Promise<string>,
): Promise<RenditionView[]> {
  const views = await Promise.all(Object.entries(renditions).map(async ([name, rendition]) => {
    const { profile, format, contentType, width, height, bytes, reductionPercent } = rendition;
    return { name, profile, format, contentType, width, height, bytes, reductionPercent, url: await link(rendition) };
  }));
  return views.sort((a, b) => a.width * a.height - b.width * b.height || (a.name < b.name ? -1 : 1));
}
