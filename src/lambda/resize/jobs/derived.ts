import { ImageRecord } from '../../../contract';
import { derivedId, derivedIds } from '../../shared/derived-id';
import { Source } from '../../shared/sources';
import { Services } from '../services/services';

interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

/**
 * The id of an object whose uploader names none. Where ids are keys, what is recorded keeps its id when the prefix of its source
 * changes, or when the other object is gone whose id it would have had.
 */
export async function derivedIdOf({ catalog, config }: Services, source: Source, object: ObjectName): Promise<string> {
  const { imageId } = config.catalog;
  const derived = derivedId(imageId, source, object.key);
  if (imageId !== 'key' || await catalog.read(derived)) return derived;
  const [former] = await recordsOf({ catalog }, derivedIds(imageId, object.bucket, object.key).filter((id) => id !== derived), object);
  // Another object may have come to have the id since, and an earlier event of this one have found it taken.
  return former && !await catalog.read(derived) ? former[0] : derived;
}

/** Those of the ids that have a record of the object. */
export async function recordsOf(
  { catalog }: Pick<Services, 'catalog'>, ids: readonly string[], { bucket, key }: ObjectName,
): Promise<(readonly [id: string, record: Partial<ImageRecord>])[]> {
  const records = await Promise.all(ids.map(async (id) => [id, await catalog.read(id) ?? {}] as const));
  return records.filter(([, { sourceBucket, sourceKey }]) => sourceBucket === bucket && sourceKey === key);
}
