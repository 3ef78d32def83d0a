/**
 * The record of an image as the pipeline keeps it, as far as the gallery reads it.
 * The repository's docs/records.md describes all of it.
 */

export const STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const;
/** A `DELETED` record is not listed and not shown. */
export type Status = (typeof STATUSES)[number];

export interface Rendition {
  readonly profile: string;
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly reductionPercent: number;
}

export interface Reason {
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** The technical side of it. */
  readonly detail?: string;
}

/** What is known of the original. */
export interface Original {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  /** More than one for animations. */
  readonly frames?: number;
  /** What to draw until the picture is there. */
  readonly thumbHash?: string;
  readonly dominantColour?: string;
  readonly hasAlpha?: boolean;
  readonly paletteSize?: number;
  /** In records of pipelines whose owner asked for it. */
  readonly exif?: object;
}

export interface ImageRecord {
  readonly imageId: string;
  readonly status: Status;
  readonly sourceBucket: string;
  readonly sourceKey: string;
  readonly fileName: string;
  readonly uploadedAt: string;
  readonly updatedAt: string;
  readonly processedAt?: string;
  readonly original?: Original;
  readonly renditions?: Readonly<Record<string, Rendition>>;
  /** By rendition name. */
  readonly skipped?: Readonly<Record<string, Reason>>;
  readonly failure?: Reason;
  readonly listingSort: string;
}

/** Whether an item is the record of an image that is there: not of a deleted one, nor a pointer to another id. */
export function isPresent(item: Partial<Omit<ImageRecord, 'status'>> & { readonly status?: string }): boolean {
  return STATUSES.some((status) => status === item.status);
}
