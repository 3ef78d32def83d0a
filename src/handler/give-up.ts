import { ObjectEvent } from './events';
import { identify, Identity, recall } from './identity';
import { OriginalHead } from './originals';
import { ignored, Outcome } from './outcome';
import { Services } from './services';
import { Source } from './sources';

/**
 * The last delivery of an event whose every try failed or was killed: the record says so, and the event goes to the
 * dead-letter queue.
 */
export async function giveUp(services: Services, source: Source, event: ObjectEvent): Promise<Outcome> {
  if (event.kind === 'removed') return { outcome: 'failed', imageId: (await recall(services, source, event.key)).id, failure: exhausted(services) };
  if (event.key.endsWith('/') || event.size === 0) return ignored('no image');

  const head = await services.originals.head(event.bucket, event.key).catch(() => undefined);
  const identity = await identityOf(services, source, event.key, head);
  const version = {
    bucket: event.bucket,
    key: event.key,
    sequencer: event.sequencer,
    etag: head?.etag,
    versionId: head?.versionId,
    uploadedAt: (head?.lastModified ?? new Date(event.context.time)).toISOString(),
    event: event.context,
  };
  const failure = exhausted(services);
  const configDigest = services.configDigests[source.profileSet];
  const write = await services.catalog.fail(identity.id, version, failure, { configDigest, counts: false });
  return write.result === 'done' ? { outcome: 'failed', imageId: identity.id, failure } : { outcome: 'unchanged', imageId: identity.id };
}

function exhausted({ config }: Services) {
  const tries = config.maxTries > 0 ? `${config.maxTries} tries` : 'all tries';
  return { code: 'RETRIES_EXHAUSTED', message: `processing failed in ${tries}; the event is in the dead-letter queue`, retryable: true } as const;
}

async function identityOf(services: Services, source: Source, key: string, head: OriginalHead | undefined): Promise<Identity> {
  if (!head) return recall(services, source, key);
  try {
    return identify(services, source, key, head.metadata);
  } catch {
    return identify(services, source, key, {});
  }
}
