import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, StorageClass } from '@aws-sdk/client-s3';
import { statusOf } from './originals';
import { ProfileConfig, RENDITION_METADATA } from '../../../contract';

/** For which event, and by which claim of which record, something was written. */
export interface Order {
  readonly sequencer: string;
  /** Undefined where metadata had no room for it. */
  readonly imageId?: string;
  readonly claim: number;
}

/**
 * Whether what the first wrote may take the place of what the second did: a later event, or a later claim for the same
 * one. The claims of two records have no order.
 */
export function supersedes(one: Order, other: Order): boolean {
  if (one.sequencer !== other.sequencer) return one.sequencer > other.sequencer;
  return (other.imageId === undefined || one.imageId === other.imageId) && one.claim >= other.claim;
}

/** What links a rendition to the object that it was made from. */
export interface RenditionOrigin {
  readonly pipeline: string;
  readonly order: Order & { readonly imageId: string };
  readonly bucket: string;
  readonly key: string;
  readonly etag?: string;
  readonly versionId?: string;
  /** User metadata of the source that the rendition is to carry. */
  readonly userMetadata: Readonly<Record<string, string>>;
}

export interface StoredRendition {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly profile: ProfileConfig;
}

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** What is stored under a rendition's key. */
export interface FoundRendition {
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined for what no pipeline wrote. */
  readonly order?: Order;
}

/** S3's limit for names and values of all user metadata. */
const MAX_METADATA_BYTES = 2048;

/** Whoever finds the object changed at each of so many tries leaves it to the trigger to try again. */
const MAX_SWAPS = 5;

/** Answers that another object is there than was expected, that none is, or that another write is under way. */
const CHANGED = [412, 404, 409];

/** The objects in the output bucket, which are only ever swapped for what was seen there. */
export class Renditions {
  constructor(private readonly s3: S3Client) {}

  /**
   * Stores a rendition where there is none, or in place of the one that is expected.
   *
   * @param expected ETag of the one to be replaced; undefined for none
   * @param mayReplace decides on what is found instead
   * @returns the ETag; undefined when what was found must stay
   */
  public async store(
    rendition: StoredRendition, origin: RenditionOrigin, expected: string | undefined, mayReplace: (found: FoundRendition) => Promise<boolean>,
  ): Promise<string | undefined> {
    const { bucket, key } = rendition;
    let etag = expected;
    for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
      const stored = await this.swap(rendition, origin, etag);
      if (stored !== undefined) return stored;
      const found = await this.find({ bucket, key });
      if (found && !await mayReplace(found)) return undefined;
      etag = found?.etag;
    }
    throw new Error(`rendition ${key} was written by others at each of ${MAX_SWAPS} tries`);
  }

  /**
   * Deletes a rendition.
   *
   * @param expected its ETag, where it is known; saves the look
   * @param mayDelete decides on what is found
   */
  public async delete(place: Place, expected: string | undefined, mayDelete: (found: FoundRendition) => boolean): Promise<void> {
    let etag = expected;
    for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
      if (etag !== undefined && await this.take(place, etag)) return;
      const found = await this.find(place);
      if (!found || !mayDelete(found)) return;
      etag = found.etag;
    }
    throw new Error(`rendition ${place.key} was written by others at each of ${MAX_SWAPS} tries`);
  }

  /** Deletes what was stored, unless it has been replaced since. */
  public async take({ bucket, key }: Place, etag: string): Promise<boolean> {
    const deleted = await unlessChanged(() => this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${etag}"` })));
    return deleted !== undefined;
  }

  /** Whether what is stored is what the record says. */
  public async isStored(place: Place, etag: string | undefined): Promise<boolean> {
    return etag !== undefined && (await this.find(place))?.etag === etag;
  }

  private async swap(rendition: StoredRendition, origin: RenditionOrigin, etag: string | undefined): Promise<string | undefined> {
    const stored = await unlessChanged(() => this.s3.send(new PutObjectCommand({
      Bucket: rendition.bucket,
      Key: rendition.key,
      Body: rendition.body,
      ContentType: rendition.contentType,
      CacheControl: rendition.profile.cacheControl,
      StorageClass: rendition.profile.storageClass as StorageClass | undefined,
      Metadata: renditionMetadata(rendition.profile, origin),
      ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${etag}"` }),
    })));
    return stored && unquoted(stored.ETag);
  }

  private async find({ bucket, key }: Place): Promise<FoundRendition | undefined> {
    try {
      const { ETag, Metadata = {} } = await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { etag: unquoted(ETag), metadata: Metadata, order: orderOf(Metadata) };
    } catch (error) {
      // The handler may not list the output bucket, so that a missing object is a forbidden one.
      if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
      throw error;
    }
  }
}

async function unlessChanged<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (CHANGED.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

function unquoted(etag = ''): string {
  return etag.replaceAll('"', '');
}

function orderOf(metadata: Readonly<Record<string, string>>): Order | undefined {
  const { [RENDITION_METADATA.sourceSequencer]: sequencer, [RENDITION_METADATA.claim]: claim, [RENDITION_METADATA.imageId]: id } = metadata;
  return sequencer === undefined ? undefined : { sequencer, claim: Number(claim), imageId: id && decodeURIComponent(id) };
}

/** Whether a rendition was made from an object. Of very long keys S3's limit for metadata keeps none to compare. */
export function isMadeFrom({ metadata }: FoundRendition, source: Place): boolean {
  const { [RENDITION_METADATA.sourceBucket]: bucket, [RENDITION_METADATA.sourceKey]: key } = metadata;
  return bucket === source.bucket && (key === undefined || key === encodedKey(source.key));
}

/** HTTP headers hold ASCII; encoded like the path of a URL. */
function encodedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** Whether an object is a rendition of this pipeline, which must not be resized again. */
export function isOwnRendition(metadata: Readonly<Record<string, string>>, pipeline: string): boolean {
  return metadata[RENDITION_METADATA.pipeline] === pipeline && RENDITION_METADATA.sourceETag in metadata;
}

/**
 * Metadata in the order of importance. What does not fit into S3's limit or an HTTP header is left out: a long key's
 * encoded form, or user metadata, must not keep an image from being made.
 */
export function renditionMetadata(profile: ProfileConfig, origin: RenditionOrigin): Record<string, string> {
  const names = RENDITION_METADATA;
  const entries = Object.entries({
    [names.pipeline]: origin.pipeline,
    [names.sourceSequencer]: origin.order.sequencer,
    [names.claim]: String(origin.order.claim),
    [names.sourceETag]: origin.etag ?? '',
    [names.imageId]: encodeURIComponent(origin.order.imageId),
    [names.profile]: profile.name,
    [names.sourceBucket]: origin.bucket,
    ...(origin.versionId ? { [names.sourceVersionId]: origin.versionId } : {}),
    [names.sourceKey]: encodedKey(origin.key),
  });
  const taken = new Set<string>(Object.values(names));
  for (const entry of [...Object.entries(profile.metadata), ...Object.entries(origin.userMetadata)]) {
    if (!taken.has(entry[0])) entries.push(entry);
    taken.add(entry[0]);
  }

  let left = MAX_METADATA_BYTES;
  return Object.fromEntries(entries.filter(([name, value]) => {
    const bytes = name.length + value.length;
    if (bytes > left || !/^[\x20-\x7e]*$/.test(value)) return false;
    left -= bytes;
    return true;
  }));
}
