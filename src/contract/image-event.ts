/** The events that the pipeline tells of images. Names and shapes are API: docs/events.md of the package shows them. */

import type { OriginalFacts, RenditionFacts, VersionFacts } from './record';

/** `source` of every event. */
export const IMAGE_EVENT_SOURCE = 'image-resize-pipeline';

/** Raised when something is taken away or gets another meaning; what is added keeps it. */
export const IMAGE_EVENT_VERSION = '1';

/** `detail-type` by the final status that an event tells of. */
export const IMAGE_EVENT_TYPES = { COMPLETED: 'Image Completed', FAILED: 'Image Failed', DELETED: 'Image Deleted' } as const;
export type FinalStatus = keyof typeof IMAGE_EVENT_TYPES;

/** The detail of an event. */
export interface ImageEventDetail {
  readonly version: typeof IMAGE_EVENT_VERSION;
  /** The same for every copy of the event. */
  readonly id: string;
  /** Of two events of an image the greater string is the later state. */
  readonly order: string;
  readonly pipeline: string;
  readonly imageId: string;
  readonly status: FinalStatus;
  /** When the record came to the status. */
  readonly time: string;
  readonly original: { readonly bucket: string; readonly key: string } & VersionFacts & Partial<OriginalFacts>;
  readonly renditionCount: number;
  /** Absent where they are too many for an event. */
  readonly renditions?: readonly (Pick<RenditionFacts, 'bucket' | 'key' | 'profile' | 'width' | 'height' | 'format' | 'contentType' | 'bytes'> & { readonly name: string })[];
  /** Renditions that cannot be made of the image. */
  readonly skipped?: readonly { readonly name: string; readonly code: string; readonly message: string }[];
  /** The version that was completed before, if it was another. */
  readonly former?: VersionFacts;
  readonly failure?: { readonly code: string; readonly message: string; readonly retryable: boolean };
  /** Of `DELETED`: the image id under which the object goes on. */
  readonly replacedBy?: string;
  /** Where the record is. */
  readonly record: { readonly table: string; readonly key: Readonly<Record<string, string>> };
}
