import { Duration } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';

/** Where the image id, the partition key of a record, comes from. */
export enum ImageIdSource {
  /**
   * The object metadata `image-id` where the uploader set one (1 to 128 letters, digits, dashes and underscores),
   * else `k-` and a hash of bucket and key.
   */
  METADATA = 'metadata',
  /** The key of the original after the source's prefix. You can use it with one source only. */
  KEY = 'key',
}

/** The table of image records. */
export interface CatalogOptions {
  /**
   * A table of your own: a partition key of type string with the name in `partitionKey`, no sort key.
   * For listings it needs a global secondary index `by-status` with the partition key `listingPartition` and the
   * sort key `listingSort`, both strings, and for expiry the time-to-live attribute `expiresAt`.
   *
   * @default - a table is created: on demand, with point-in-time recovery and the index
   */
  readonly table?: ITable;
  /**
   * Name of the table's partition key.
   *
   * @default 'imageId'
   */
  readonly partitionKey?: string;
  /**
   * Where the image id comes from.
   *
   * @default ImageIdSource.METADATA
   */
  readonly imageId?: ImageIdSource;
  /**
   * How long after its last change a record is kept. It must be at least one day, which is longer than the pauses between the tries
   * of an image. Without its record nobody knows the renditions of an image any more: `deleteRenditions` does nothing for an image
   * whose record has expired.
   *
   * @default - records are kept; those of deleted images for 90 days
   */
  readonly expireAfter?: Duration;
  /**
   * Partitions per status of the listing index, from 1 to 64. One takes about 500 status changes per second;
   * a listing reads them all. Change it only before the first image arrives.
   *
   * @default 4
   */
  readonly listingShards?: number;
  /**
   * Whether records have what the EXIF of originals says of the photograph: when it was taken, by which camera, and whether it has a
   * position, which itself is not recorded. That is personal data, and part of what `ImageUploadApi` and events tell of an image.
   *
   * @default false
   */
  readonly exif?: boolean;
}
