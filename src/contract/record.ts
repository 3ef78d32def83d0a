/**
 * The record of an image as it stands in the table. Attribute names are API: applications query them.
 * Times are ISO 8601 in UTC with milliseconds.
 */

import type { EncodedFormat } from './config';

/** A `DELETED` record is not listed. */
export type ImageStatus = 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'DELETED';

/** Global secondary index that lists images newest first, by status. */
export const LISTING_INDEX = 'by-status';
/** Partition key of the index: `<status>#<shard>`. */
export const LISTING_PARTITION = 'listingPartition';
/** Sort key of the index: `<uploadedAt>#<image id>`, unique and in the order of upload. */
export const LISTING_SORT = 'listingSort';
/** Number attribute with the epoch second at which DynamoDB removes the record. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

/** What begins an image id that was derived from bucket and key; uploaders cannot use it. */
export const DERIVED_ID_PREFIX = 'k-';
/** Image ids that an uploader may set. */
export const IMAGE_ID_PATTERN = /^(?!k-)[A-Za-z0-9_-]{1,128}$/;

/** Object metadata (`x-amz-meta-image-id`) by which an uploader names the image. */
export const IMAGE_ID_METADATA = 'image-id';

/** Object metadata by which an uploader says when it announced the upload: a time as in records. Listings are in this order. */
export const UPLOADED_AT_METADATA = 'uploaded-at';

/** Object metadata by which an uploader asks for one more rendition, in pixels, where the owner allows it. */
export const REQUESTED_SIZE_METADATA = { width: 'requested-width', height: 'requested-height' } as const;

/** Object metadata by which an uploader names the point that crops are made around: `x,y` as in `FocalPoint`. */
export const FOCAL_POINT_METADATA = 'focal-point';

/** Metadata that every rendition carries; neither profiles nor uploaders can set it. */
export const RENDITION_METADATA = {
  pipeline: 'pipeline',
  /** Sequencer of the event for which the rendition was made, and the number of the claim: later writers know whose it is. */
  sourceSequencer: 'source-sequencer',
  claim: 'source-claim',
  sourceETag: 'source-etag',
  imageId: IMAGE_ID_METADATA,
  profile: 'profile',
  sourceBucket: 'source-bucket',
  sourceVersionId: 'source-version-id',
  sourceKey: 'source-key',
} as const;

/** Why an image is `FAILED`. Codes are API. */
export const FAILURE_CODES = {
  /** The content is none of the accepted formats, whatever its name says. */
  UNSUPPORTED_FORMAT: 'UNSUPPORTED_FORMAT',
  /** The content begins like an image and cannot be decoded. */
  CORRUPT_IMAGE: 'CORRUPT_IMAGE',
  /** More bytes, pixels or frames than the owner allows. */
  TOO_LARGE: 'TOO_LARGE',
  /** Decoding and encoding took longer than the function may. */
  TIMEOUT: 'TIMEOUT',
  /** The object was gone when it was to be read. */
  SOURCE_NOT_FOUND: 'SOURCE_NOT_FOUND',
  /** The configuration has no source any more that the object belongs to. */
  SOURCE_REMOVED: 'SOURCE_REMOVED',
  /** An image was replaced by an object without content. */
  EMPTY_OBJECT: 'EMPTY_OBJECT',
  /** An image was replaced by an object that carries the metadata of this pipeline's renditions. */
  OWN_RENDITION: 'OWN_RENDITION',
  /** The object is in an archive storage class and has not been restored. */
  ARCHIVED: 'ARCHIVED',
  /** The object is encrypted with a key that its uploader keeps (SSE-C). */
  CUSTOMER_KEY: 'CUSTOMER_KEY',
  /** The `image-id` metadata is no valid id. */
  INVALID_IMAGE_ID: 'INVALID_IMAGE_ID',
  /** The `image-id` metadata names the record of another object. */
  IMAGE_ID_TAKEN: 'IMAGE_ID_TAKEN',
  /** The requested width or height in the object's metadata is no number of pixels within the owner's limits. */
  INVALID_REQUESTED_SIZE: 'INVALID_REQUESTED_SIZE',
  /** A rendition's key would be longer than S3 allows, or than a record of so many renditions has room for. */
  OUTPUT_KEY_TOO_LONG: 'OUTPUT_KEY_TOO_LONG',
  /** Every try failed for a passing reason; the event is in the dead-letter queue. */
  RETRIES_EXHAUSTED: 'RETRIES_EXHAUSTED',
} as const;
export type FailureCode = keyof typeof FAILURE_CODES;

/** Why a rendition is not made that the function's hook has not chosen. */
export const NOT_CHOSEN = 'NOT_CHOSEN';

/** A hook refuses images with codes of its own. */
export type ReasonCode = FailureCode | typeof NOT_CHOSEN | (string & {});

/** What front ends show before the image is there. */
export interface PlaceholderFacts {
  /** A ThumbHash in base64: 21 to 25 bytes of a blurred image, with its aspect ratio and transparency. */
  readonly thumbHash: string;
  /** The most frequent colour as `#rrggbb`. */
  readonly dominantColour: string;
}

/** What an image is about, as shares of the width and height of the upright image: from 0, left and top, to 1. */
export interface FocalPoint {
  readonly x: number;
  readonly y: number;
}

/** What the EXIF of an original says of the photograph. Personal data: in records of pipelines whose owner asked for it. */
export interface ExifFacts {
  /**
   * When it was taken, as the camera wrote it: `2026-05-01T14:03:22`, of a clock whose zone is not known; with the offset from UTC
   * where EXIF has one: `2026-05-01T14:03:22+02:00`.
   */
  readonly takenAt?: string;
  /** At most 100 characters. */
  readonly cameraMake?: string;
  /** At most 100 characters. */
  readonly cameraModel?: string;
  /** Whether EXIF or XMP say where it was taken. Where that is, is not recorded. */
  readonly hasPosition: boolean;
}

/** A value of JSON. Numbers are as large and as small as DynamoDB holds them. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | { readonly [name: string]: AttributeValue };

export interface OriginalFacts extends Partial<PlaceholderFacts> {
  /** Pixels, after the orientation was applied. */
  readonly width: number;
  /** Pixels, after the orientation was applied; of one frame. */
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  /** Frames or pages; absent for one. */
  readonly frames?: number;
  /** As its uploader named it. */
  readonly focalPoint?: FocalPoint;
  /** Whether it has an alpha channel, whatever is in it. */
  readonly hasAlpha?: boolean;
  /** Entries of the palette of a PNG or GIF that has one; other images have any number of colours. */
  readonly paletteSize?: number;
  readonly exif?: ExifFacts;
  /** What the function's hook says of it. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** What tells two versions of an object apart. */
export interface VersionFacts {
  readonly etag?: string;
  readonly versionId?: string;
}

export interface RenditionFacts {
  readonly profile: string;
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly format: EncodedFormat;
  readonly contentType: string;
  readonly bytes: number;
  /** How much smaller than the original, in percent of its bytes with one decimal; negative when it is larger. */
  readonly reductionPercent: number;
  /** Frames; absent for one. */
  readonly frames?: number;
  /** S3's ETag of the rendition as it was stored, by which it is replaced or deleted and nothing else. */
  readonly etag?: string;
  /** Digest of the settings by which it was made; see `renditionSettings`. */
  readonly settings?: string;
}

/** Why something could not be made. */
export interface Reason {
  readonly code: ReasonCode;
  /** A sentence for people: what is wrong, and what to do. */
  readonly message: string;
  /** The technical side of it, where there is more to say. */
  readonly detail?: string;
}

/** Why a rendition could not be made. */
export interface SkippedFacts extends Reason {
  /** Digest of the settings and limits by which it could not; see `renditionSettings`. */
  readonly settings?: string;
}

export interface Failure extends Reason {
  /** Whether sending the same event again may succeed. */
  readonly retryable: boolean;
}

/** Why an image that is complete was not made again. */
export interface Refusal extends Reason {
  /** Of the configuration by which it was to be made again. */
  readonly configDigest: string;
}

export interface EventContext {
  /** S3's name of the event, such as `ObjectCreated:Put`. */
  readonly name: string;
  readonly time: string;
  readonly region?: string;
  readonly requestId?: string;
}

/**
 * One item of the table, without its partition key (the image id), whose name the owner chooses. Written by
 * `lambda/resize/record/catalog.ts` alone, but for `PENDING` ones, which applications and the upload API write.
 */
export interface ImageRecord {
  readonly status: ImageStatus;
  readonly sourceBucket: string;
  readonly sourceKey: string;
  readonly sourceVersionId?: string;
  readonly sourceETag?: string;
  /** Digest of version id, ETag, time and user metadata: the same bytes stored again are another version. */
  readonly sourceFingerprint?: string;
  /** S3's sequencer of the newest event that was accepted for the source, in the spelling of notifications. */
  readonly sourceSequencer?: string;
  readonly fileName: string;
  readonly uploadedAt: string;
  readonly processingStartedAt?: string;
  /** When the record came to its present final status. */
  readonly processedAt?: string;
  readonly updatedAt: string;
  /** Counts the claims: the number of the last one tells whether a claim still stands. */
  readonly attempts: number;
  readonly original?: OriginalFacts;
  /** By rendition name: `<profile>.<format>`, such as `thumbnail.jpeg`. */
  readonly renditions?: Readonly<Record<string, RenditionFacts>>;
  /** Renditions that cannot be made of this image, by name, with the reason. Those in `renditions` were made all the same. */
  readonly skipped?: Readonly<Record<string, SkippedFacts>>;
  readonly failure?: Failure;
  /** Of a completed image: why it cannot be brought to another configuration. Everything else in the record is as it was. */
  readonly refusal?: Refusal;
  /** Where events are told: the version that was completed last, and the one that was before that. */
  readonly completedVersion?: VersionFacts;
  readonly formerVersion?: VersionFacts;
  readonly event?: EventContext;
  /** As `<bucket>/<key>`: every object that may be a rendition of the image, also one of an attempt that was cut short. */
  readonly outputs?: ReadonlySet<string>;
  /** Outputs of before that have been deleted, the newest first: the last ones, for tries that were cut short. */
  readonly sweptOutputs?: readonly string[];
  /** Digest of the configuration that made the renditions; with another one the same event is processed again. */
  readonly configDigest?: string;
  /**
   * Instead of everything else: the image id under which the object of this derived id is recorded,
   * because its uploader named it. A deletion carries no metadata, so this is how its record is found.
   */
  readonly pointsTo?: string;
  /** In a closed record: the image id under which its object goes on. */
  readonly replacedBy?: string;
  /** With `pointsTo`: the image id that the object of this derived id is recorded under, and former ones that may still be open. */
  readonly namedIds?: ReadonlySet<string>;
  /** Former image ids of the object whose records are closed, the newest first: the last ones, for tries that were cut short. */
  readonly closedIds?: readonly string[];
  readonly [LISTING_PARTITION]?: string;
  readonly [LISTING_SORT]?: string;
  readonly [EXPIRY_ATTRIBUTE]?: number;
}

/** The name of a rendition in a record. `format` is the configured one, so `original` stays `original`. */
export function renditionName(profile: string, format: string): string {
  return `${profile}.${format}`;
}
