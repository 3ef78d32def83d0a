import { ObjectEvent } from './events';
import { recall } from './identity';
import { Outcome } from './outcome';
import { Services } from './services';
import { Source } from './sources';

/**
 * Ends an event that a later one overtook. This invocation, or an earlier try of it, may have written or deleted
 * renditions after the later one did; so what the record promises is looked up, and made good where it is not so.
 *
 * @param remake makes the renditions of the newest event again
 * @throws Error while the later event is still being processed: the trigger then tries again
 */
export async function settle(services: Services, source: Source, key: string, remake: (newest: ObjectEvent) => Promise<Outcome>): Promise<Outcome> {
  const { id } = await recall(services, source, key);
  const record = await services.catalog.read(id);
  const overtaken: Outcome = { outcome: 'overtaken', imageId: id };
  if (!record) return overtaken;

  switch (record.status) {
    case 'COMPLETED': {
      const expected = Object.values(record.renditions ?? {});
      const intact = await Promise.all(expected.map(({ bucket, key: output }) => services.renditions.isMadeFrom(bucket, output, record.sourceETag)));
      if (intact.every(Boolean)) return overtaken;
      return remake({ kind: 'created', bucket: record.sourceBucket!, key, sequencer: record.sourceSequencer!, context: record.event! });
    }
    case 'FAILED':
    case 'DELETED':
      if (services.config.processing.deleteRenditions) await services.renditions.delete(services.config.outputBucket, record.outputs ?? []);
      return overtaken;
    default:
      throw new Error(`image ${id} is still being processed for a later event`);
  }
}
