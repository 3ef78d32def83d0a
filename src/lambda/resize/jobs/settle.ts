import { recall, Recalled } from './identity';
import { removeOutputs, staleOutputs } from './leftovers';
import type { ImageRecord } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

/** Makes the renditions of the newest event again. */
export type Remake = (newest: ObjectEvent) => Promise<Outcome>;

/**
 * Ends an event that a later one overtook. This invocation, or an earlier try of it, may have written or deleted
 * renditions after the later one did; so what the record promises is looked up, and made good where it is not so.
 *
 * @throws Error while the later event is still being processed: the trigger then tries again
 */
export async function settle(services: Services, source: Source, key: string, remake: Remake): Promise<Outcome> {
  const newest = await readNewest(services, source, key);
  const { recalled, record } = newest;
  if (await removeLeftovers(services, source, key, newest)) {
    const { version } = await readNewest(services, source, key);
    if (version !== newest.version) throw new Error(`image ${recalled.id} changed while leftovers of an earlier version were removed`);
  }
  if (record?.status === 'COMPLETED' && !(await isIntact(services, record))) {
    return remake({ kind: 'created', bucket: record.sourceBucket!, key, sequencer: record.sourceSequencer!, context: record.event! });
  }
  return { outcome: 'overtaken', imageId: recalled.id };
}

interface Newest {
  readonly recalled: Recalled;
  readonly record?: Partial<ImageRecord>;
  /** Differs when the object was written again, or its record changed. */
  readonly version: string;
}

async function readNewest(services: Services, source: Source, key: string): Promise<Newest> {
  const recalled = await recall(services, source, key);
  const record = await services.catalog.read(recalled.id);
  // A pointer is written before its record is claimed, or found to be that of another object.
  const isClaimed = recalled.id === recalled.derived || isOf(source, key, record);
  if (!isClaimed || record?.status === 'PROCESSING') throw new Error(`image ${recalled.id} is still being processed for a later event`);
  return { recalled, record, version: JSON.stringify([recalled.id, recalled.sequencer, record?.status, record?.sourceSequencer, record?.attempts]) };
}

async function isIntact({ renditions }: Services, record: Partial<ImageRecord>): Promise<boolean> {
  const expected = Object.values(record.renditions ?? {});
  const found = await Promise.all(expected.map(({ bucket, key }) => renditions.isMadeFrom(bucket, key, record.sourceETag)));
  return found.every(Boolean);
}

/**
 * Deletes what an overtaken invocation may have written for a record that is closed, or failed, by now.
 *
 * @returns whether there was anything to delete
 */
async function removeLeftovers(services: Services, source: Source, key: string, { recalled, record }: Newest): Promise<boolean> {
  const formers = await Promise.all(recalled.formerIds.map((id) => services.catalog.read(id)));
  const stale = formers.flatMap((former) => (isOf(source, key, former) && former?.status === 'DELETED' ? [...former.outputs ?? []] : []));
  const all = [...stale, ...recalled.derivedOutputs, ...record?.outputs ?? []];
  return removeOutputs(services, staleOutputs({ outputs: new Set(all), renditions: record?.renditions }));
}

function isOf(source: Source, key: string, record: Partial<ImageRecord> | undefined): boolean {
  return record?.sourceBucket === source.bucket && record.sourceKey === key;
}
