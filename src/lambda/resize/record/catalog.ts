import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { remembered } from './bounded';
import { Update } from './update-expression';
import { SourceEvent, Version } from './version';
import { conditionOf, Guard, Guarded, refusalOf, WriteName, WRITES } from './writes';
import {
  CatalogConfig, EXPIRY_ATTRIBUTE, Failure, ImageRecord, ImageStatus, LISTING_PARTITION, LISTING_SORT, listingAttributes, OriginalFacts, Reason,
  RenditionFacts, SkippedFacts,
} from '../../../contract';

/** How long the record of a deleted image is kept, whatever the owner's expiry: it orders late events. */
const DELETED_EXPIRY_SECONDS = 90 * 24 * 3600;

/** A record may change between a refusal and the look at its reason. */
const MAX_WRITES = 3;

export interface Claim {
  readonly original: OriginalFacts;
  /** Where renditions will be, as `<bucket>/<key>`. */
  readonly outputs: readonly string[];
  readonly configDigest: string;
  /**
   * Whether the image is listed as `PROCESSING`: worth it where that lasts. Else it stays where it is, or unlisted, until it is
   * final, which saves half of the index's write units.
   */
  readonly lists?: boolean;
}

export interface Completion {
  /** Of the configuration that made the renditions: one that gave up meanwhile may have noted its own. */
  readonly configDigest: string;
  readonly original: OriginalFacts;
  readonly renditions: Readonly<Record<string, RenditionFacts>>;
  /** Why others were not made. */
  readonly skipped?: Readonly<Record<string, SkippedFacts>>;
  /** Where they are, and others that could not be deleted. */
  readonly outputs: readonly string[];
  /** What has been deleted, the newest first. */
  readonly swept: readonly string[];
}

export interface FailureFacts {
  readonly original?: OriginalFacts;
  readonly configDigest: string;
  /** Whether this is a try that was not counted by a claim. */
  readonly counts: boolean;
}

export type ItemOf = Partial<ImageRecord>;

/** What became of a conditional write: `before` is the item as it was. */
export type WriteResult = Written | Refused;

export interface Written {
  readonly refusedBy?: undefined;
  readonly before?: ItemOf;
}

export interface Refused {
  /** Of the record that refuses. */
  readonly id: string;
  readonly refusedBy: Guard;
  readonly record: ItemOf;
}

export interface CatalogOptions {
  /** Whether what is completed is so for every configuration. */
  readonly completesOnce?: boolean;
  /** Whether a record says which version was completed before. */
  readonly tellsVersions?: boolean;
}

/** The table of image records. Every write is one of `WRITES`, with its guards. */
export class Catalog {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly config: CatalogConfig,
    private readonly now: () => Date = () => new Date(),
    private readonly options: CatalogOptions = {},
  ) {}

  public async read(id: string): Promise<ItemOf | undefined> {
    const { Item } = await this.client.send(new GetCommand({
      TableName: this.config.table,
      Key: { [this.config.partitionKey]: id },
      ConsistentRead: true,
    }));
    return Item as ItemOf | undefined;
  }

  public claim(id: string, version: Version, { original, outputs, configDigest, lists }: Claim): Promise<WriteResult> {
    const update = this.begin('claim', id, version, lists)
      .set({ processingStartedAt: this.timestamp(), original, configDigest })
      .increment('attempts')
      .addToSet('outputs', outputs)
      .remove('pointsTo', 'replacedBy', 'failure', 'refusal', 'processedAt');
    return this.write('claim', id, update, { ...version, configDigest });
  }

  public adopt(id: string, version: Version, configDigest: string): Promise<WriteResult> {
    const update = new Update().set({ sourceSequencer: version.sequencer, event: version.event, updatedAt: this.timestamp() });
    return this.write('adopt', id, update, { ...version, configDigest });
  }

  public complete(id: string, version: Version, claim: number, completion: Completion): Promise<WriteResult> {
    const { configDigest, original, renditions, skipped = {}, outputs, swept } = completion;
    const sweptOutputs = remembered(swept);
    const update = this.begin('complete', id, version)
      .set({ processedAt: this.timestamp(), configDigest, original, renditions, outputs: new Set(outputs) })
      .setOrRemove({
        sweptOutputs: sweptOutputs.length > 0 ? sweptOutputs : undefined,
        skipped: Object.keys(skipped).length > 0 ? skipped : undefined,
      })
      .remove('failure');
    if (this.options.tellsVersions) {
      const { etag, versionId } = version;
      const completedVersion = { ...etag !== undefined && { etag }, ...versionId !== undefined && { versionId } };
      update.setFrom({ formerVersion: 'completedVersion' }, {}).set({ completedVersion });
    }
    return this.write('complete', id, update, { ...version, claim });
  }

  /** Leaves of the outputs those of a claim alone. */
  public trim(id: string, event: SourceEvent, claim: number, outputs: readonly string[]): Promise<WriteResult> {
    return this.write('trim', id, new Update().set({ outputs: new Set(outputs) }), { ...event, claim });
  }

  public fail(id: string, version: Version, failure: Failure, facts: FailureFacts): Promise<WriteResult> {
    const update = this.begin('fail', id, version)
      .set({ processedAt: this.timestamp(), failure, configDigest: facts.configDigest })
      .remove('renditions', 'skipped', 'refusal', 'pointsTo', 'replacedBy');
    if (facts.original) update.set({ original: facts.original });
    if (facts.counts) update.increment('attempts');
    return this.write('fail', id, update, { ...version, configDigest: facts.configDigest });
  }

  public refuse(id: string, version: Version, { code, message, detail }: Reason, configDigest: string): Promise<WriteResult> {
    const refusal = { code, message, ...detail !== undefined && { detail }, configDigest };
    return this.write('refuse', id, new Update().set({ refusal, updatedAt: this.timestamp() }), { ...version, configDigest });
  }

  /** Outputs stay listed: a late writer finds them there. */
  public close(id: string, event: SourceEvent): Promise<WriteResult> {
    return this.write('close', id, this.end(event).remove('replacedBy'), event);
  }

  public replace(id: string, event: SourceEvent, replacedBy: string): Promise<WriteResult> {
    return this.write('replace', id, this.end(event).set({ replacedBy }), event);
  }

  public point(derivedId: string, id: string, event: SourceEvent, configDigest: string): Promise<WriteResult> {
    const update = new Update()
      .set({ pointsTo: id, ...identityOf(event), updatedAt: this.timestamp() })
      .addToSet('namedIds', [id])
      .remove('status', 'renditions', 'skipped', 'failure', 'refusal', 'original', LISTING_PARTITION, LISTING_SORT);
    return this.write('point', derivedId, this.keep(update), { ...event, configDigest, pointsTo: id });
  }

  public release(derivedId: string, event: SourceEvent, pointsTo: string): Promise<WriteResult> {
    return this.write('release', derivedId, new Update().remove('pointsTo'), { ...event, pointsTo });
  }

  /** @param before the item of the derived id */
  public forget(derivedId: string, event: SourceEvent, ids: readonly string[], before: ItemOf): Promise<WriteResult> {
    const closedIds = remembered([...ids, ...before.closedIds ?? []]);
    return this.write('forget', derivedId, new Update().deleteFromSet('namedIds', ids).set({ closedIds }), event);
  }

  private begin(name: 'claim' | 'complete' | 'fail', id: string, version: Version, lists = name !== 'claim'): Update {
    const status = WRITES[name].to;
    const update = new Update()
      .set({
        status,
        ...identityOf(version),
        uploadedAt: version.uploadedAt,
        updatedAt: this.timestamp(),
        event: version.event,
        ...lists ? listingAttributes(id, status, version.uploadedAt, this.config.shards) : {},
      })
      .setOrRemove({ sourceETag: version.etag, sourceVersionId: version.versionId, sourceFingerprint: version.fingerprint })
      .setOnce({ fileName: version.key.slice(version.key.lastIndexOf('/') + 1) });
    return this.keep(update);
  }

  private end(event: SourceEvent): Update {
    const now = this.timestamp();
    return new Update()
      .set({ status: 'DELETED' satisfies ImageStatus, ...identityOf(event), processedAt: now, updatedAt: now })
      .set({ [EXPIRY_ATTRIBUTE]: this.expiry(DELETED_EXPIRY_SECONDS) })
      .remove('renditions', 'skipped', 'failure', 'refusal', 'pointsTo', LISTING_PARTITION, LISTING_SORT);
  }

  /** Records of present images expire only when the owner says so. */
  private keep(update: Update): Update {
    const { expireAfter } = this.config;
    return expireAfter ? update.set({ [EXPIRY_ATTRIBUTE]: this.expiry(expireAfter) }) : update.remove(EXPIRY_ATTRIBUTE);
  }

  private async write(name: WriteName, id: string, update: Update, about: Guarded): Promise<WriteResult> {
    const guarded = { ...about, completesOnce: this.options.completesOnce };
    for (let writes = 1; ; writes += 1) {
      try {
        const { Attributes } = await this.client.send(new UpdateCommand({
          TableName: this.config.table,
          Key: { [this.config.partitionKey]: id },
          ...update.when(conditionOf(name, guarded)).render(),
          ReturnValues: 'ALL_OLD',
        }));
        return { before: Attributes as ItemOf | undefined };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const record = await this.read(id) ?? {};
        const refusedBy = refusalOf(name, guarded, record);
        if (refusedBy) return { id, refusedBy, record };
        if (writes === MAX_WRITES) throw error;
      }
    }
  }

  private timestamp(): string {
    return this.now().toISOString();
  }

  private expiry(seconds: number): number {
    return Math.floor(this.now().getTime() / 1000) + seconds;
  }
}

function identityOf({ bucket, key, sequencer }: SourceEvent) {
  return { sourceBucket: bucket, sourceKey: key, sourceSequencer: sequencer };
}
