import { Invocation } from './invocation';
import { ordered, orderOf } from './message';
import { CompletedEvents, CompletedVersions, illegalTransition } from './transitions';
import { HandlerConfig, ImageEventDetail, ImageRecord, RENDITION_METADATA, RenditionFacts, renditionName, renditionSettings } from '../../../src/contract';
import { imageEvent, isSettled, Settled } from '../../../src/lambda/resize/announcements/image-event';
import { fingerprintOf } from '../../../src/lambda/resize/objects/originals';
import { prepareSources, Source } from '../../../src/lambda/shared/sources';
import { asObject, StoredObject } from '../cloud/bucket';
import { Cloud, CloudObserver, SOURCE } from '../cloud/cloud';
import { Item } from '../cloud/expressions';
import { isBy, shown, versionOf } from '../cloud/imaging';

const SOURCES = new WeakMap<HandlerConfig, readonly Source[]>();

/** Looks at every call of the handler for what must never be, whatever follows. */
export class Watch implements CloudObserver {
  readonly problems: string[] = [];
  /** Sources that the handler deleted, by key: as they were. */
  readonly consumed = new Map<string, StoredObject>();
  /** Keys of which a version was deleted that came after the handler had looked. */
  readonly unseen = new Set<string>();
  /** The last that was told of each image, by the order that events carry. */
  readonly told = new Map<string, ImageEventDetail>();
  /** Every final state that a record had, as events tell it. */
  private readonly settled = new Set<string>();
  /** Whether a call was denied to an invocation from before a deployment. */
  wasDenied = false;
  /** Which bytes a version has, by its fingerprint. */
  readonly versions = new Map<string, number>();
  /**
   * Whether an invocation from before a deployment wrote a record under an id that the configuration would not derive any more. Of
   * an image that is first seen then, the two do not know of each other.
   */
  isSplit = false;
  private readonly completed = new CompletedVersions();
  private readonly events = new CompletedEvents();
  /** Places that a claim needs not write to, with the ETags of what is there, by the claim. */
  private readonly keepable = new Map<string, ReadonlyMap<string, string>>();
  /** Versions that had all their renditions once. */
  private readonly processed = new Set<string>();

  /** @param configNow of invocations that begin now */
  constructor(private readonly cloud: () => Cloud, private readonly configNow: () => HandlerConfig) {}

  recorded(actor: unknown, before: Item | undefined, item: Item): void {
    const after = item as Partial<ImageRecord>;
    if (before?.status === 'COMPLETED' && after.status === 'PROCESSING' && before.sourceFingerprint === after.sourceFingerprint) {
      this.keepable.set(claimName(item.imageId as string, after), this.placesToKeep(actor as Invocation, before));
    }
    const { config, messages } = actor as Invocation;
    if (config.catalog.imageId === 'key' && config.sources.length > this.configNow().sources.length) this.isSplit = true;
    const settings = settingsOf(config, after.sourceKey!);
    if (isSettled(after)) this.settled.add(stateName(item.imageId as string, after));
    const retriesFailed = messages.some(({ request }) => request?.retryFailed);
    const writer = { completesOnce: config.processing.deleteSource, settings, retriesFailed };
    this.note(item.imageId, illegalTransition(before, after, writer) ?? this.completed.note(item.imageId as string, before, after));
    // Ids that are keys change with the prefix.
    if (config.catalog.imageId === 'metadata') this.note(item.imageId, this.events.note(item.imageId as string, before, after, this.cloud().items));
    if (after.status === 'COMPLETED') this.processed.add(versionName(after.sourceKey!, after.sourceFingerprint!));
    if (after.status === 'COMPLETED' && before?.status !== 'COMPLETED') this.note(item.imageId, this.problemOfCompleted(actor as Invocation, after));
  }

  tell(detail: ImageEventDetail): void {
    const { imageId, order, status } = detail;
    if (!this.settled.has(JSON.stringify([imageId, order, status]))) this.note(imageId, `told ${status} of ${order}, which its record never said`);
    const before = this.told.get(imageId);
    if (!before || before.order <= order) this.told.set(imageId, detail);
  }

  wrote(actor: unknown, bucket: string, key: string, before: StoredObject | undefined, after: StoredObject | undefined): void {
    if (bucket === SOURCE) return this.deletedSource(actor as Invocation, key, before);
    // A later event may have deleted it meanwhile.
    if (before && after && this.keepable.get(claimOf(after))?.get(`${bucket}/${key}`) === before.etag) this.note(key, 'stored once more what was there, of this version and by these settings');
    if (before) this.note(key, this.problemOfReplaced(actor as Invocation, bucket, key, before, after));
  }

  read(actor: unknown, bucket: string, key: string, object: StoredObject | undefined): void {
    if (bucket === SOURCE) (actor as Invocation).seen.set(key, object);
  }

  denied(actor: unknown, action: string, bucket: string, key: string): void {
    const invocation = actor as Invocation;
    // What began before a deployment may find itself without rights.
    if (invocation.config === this.configNow()) this.note(key, `its role does not allow ${action} in ${bucket}`);
    invocation.isHindered = true;
    this.wasDenied = true;
  }

  note(of: unknown, problem: string | undefined): void {
    if (problem !== undefined) this.problems.push(`${of}: ${problem}`);
  }

  /** All renditions are there, and of one version, when a record is completed. */
  private problemOfCompleted(invocation: Invocation, { renditions = {}, skipped = {}, sourceFingerprint }: Partial<ImageRecord>): string | undefined {
    for (const { name } of invocation.config.profileSets[0]) {
      if (!(renditionName(name, 'original') in { ...renditions, ...skipped })) return `completed without rendition ${name}`;
    }
    const objects = Object.values(renditions).map(({ bucket, key }) => this.cloud().buckets[bucket].get(key));
    // Whoever wrote for a record that has expired meanwhile knows nothing of the new one.
    if (this.cloud().table.expired.length > 0) return undefined;
    const versions = objects.map((object) => object && versionOf(object.body));
    if (versions.includes(undefined)) return 'completed before all renditions were stored';
    for (const profile of invocation.config.profileSets[0]) {
      const { name } = profile;
      const rendition = renditions[renditionName(name, 'original')];
      if (!rendition) continue;
      const { bucket, key } = rendition;
      const { body } = this.cloud().buckets[bucket].get(key)!;
      if (!isBy(body, profile)) return `completed with rendition ${name} by other settings: ${body}`;
    }
    const recorded = this.versions.get(sourceFingerprint!);
    return versions.some((version) => version !== recorded) ? `completed as version ${recorded} with renditions of ${versions.join()}` : undefined;
  }

  /** Where there are renditions already as the configuration of an invocation wants them. */
  private placesToKeep({ config }: Invocation, { sourceKey, renditions = {} }: Partial<ImageRecord>): ReadonlyMap<string, string> {
    const source = config.sources.find(({ prefix }) => sourceKey!.startsWith(prefix));
    if (!source) return new Map();
    const settings = renditionSettings(config, source);
    const isRight = ([name, { bucket, key, etag, ...facts }]: [string, RenditionFacts]) => facts.settings === settings.get(name)?.settings
      && bucket === config.outputBucket && key.startsWith(source.outputPrefix) && this.cloud().buckets[bucket].get(key)?.etag === etag;
    return new Map(Object.entries(renditions).filter(isRight).map(([, { bucket, key, etag }]) => [`${bucket}/${key}`, etag!]));
  }

  private problemOfReplaced(
    invocation: Invocation, bucket: string, key: string, before: StoredObject, after: StoredObject | undefined,
  ): string | undefined {
    // Whatever wrote for a record that has expired counts no more.
    if (this.cloud().table.expired.length > 0) return undefined;
    const [was, is] = [sequencerOf(before), after && sequencerOf(after)];
    if (is !== undefined && is < was) return `event ${is} stored a rendition over that of ${was}`;
    const newest = invocation.messages.map(({ event }) => orderOf(event)).sort().at(-1)!;
    // What was asked for is done in the name of any event.
    const isRequest = invocation.messages.some(({ request }) => request);
    if (!after && newest < was && !isRequest) return `event ${newest} deleted the rendition of ${was}`;
    for (const record of this.cloud().items.values() as Iterable<Partial<ImageRecord>>) {
      const isPromised = Object.values(record.renditions ?? {}).some((rendition) => rendition.bucket === bucket && rendition.key === key);
      const isLost = !after || shown(after.body) !== shown(before.body);
      if (record.status === 'COMPLETED' && isPromised && isLost) return `a completed record lost its rendition in ${bucket}`;
    }
    return undefined;
  }

  private deletedSource(invocation: Invocation, key: string, before: StoredObject | undefined): void {
    if (!before) return;
    const seen = invocation.seen.get(key);
    // The same bytes, stored again between the last look and the deletion: nothing tells them apart.
    const isTwin = seen !== before && seen?.etag === before.etag;
    if (isTwin) this.unseen.add(key);
    else if (!this.processed.has(versionName(key, fingerprintOf({ ...before, bytes: before.body.length })))) this.note(key, 'its source was deleted before it had renditions');
    this.consumed.set(key, asObject(before)!);
  }
}

/** The digest of a configuration for a key. */
function settingsOf(config: HandlerConfig, key: string): string | undefined {
  const sources = SOURCES.get(config) ?? prepareSources(config);
  SOURCES.set(config, sources);
  return sources.find(({ prefix }) => key.startsWith(prefix))?.configDigest;
}

function claimName(imageId: string, { sourceSequencer, attempts }: Partial<ImageRecord>): string {
  return JSON.stringify([encodeURIComponent(imageId), sourceSequencer, String(attempts)]);
}

/** The claim by which a rendition was stored. */
function claimOf({ metadata }: StoredObject): string {
  return JSON.stringify([metadata[RENDITION_METADATA.imageId], metadata[RENDITION_METADATA.sourceSequencer], metadata[RENDITION_METADATA.claim]]);
}

/** A state as an event names it. */
export function stateName(imageId: string, record: Settled): string {
  const { order, status } = imageEvent('', { table: '', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 }, imageId, record);
  return JSON.stringify([imageId, order, status]);
}

function versionName(key: string, fingerprint: string): string {
  return `${key} ${fingerprint}`;
}

function sequencerOf({ metadata }: StoredObject): string {
  return ordered(metadata['source-sequencer'] ?? '');
}
