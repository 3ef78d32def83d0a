import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Condition, Update } from './update-expression';
import {
  CatalogConfig, EventContext, EXPIRY_ATTRIBUTE, Failure, ImageRecord, ImageStatus, LISTING_PARTITION, LISTING_SORT, listingAttributes, OriginalFacts,
  RenditionFacts,
} from '../../../contract';

/** How long the record of a deleted image is kept when the owner set no expiry: it orders late events. */
const DELETED_EXPIRY_SECONDS = 90 * 24 * 3600;

/** Which event of which object a write is about. */
export interface SourceEvent {
  readonly bucket: string;
  readonly key: string;
  readonly sequencer: string;
}

/** What was found under the key when the event was handled. */
export interface SourceVersion extends SourceEvent {
  readonly etag?: string;
  readonly versionId?: string;
  readonly uploadedAt: string;
  readonly event: EventContext;
}

export interface Claim {
  readonly original: OriginalFacts;
  readonly outputs: readonly string[];
  readonly configDigest: string;
  /** Make the renditions of this very version again, although the record has them. */
  readonly again?: boolean;
}

export interface Completion {
  readonly original: OriginalFacts;
  readonly renditions: Readonly<Record<string, RenditionFacts>>;
}

export interface FailureFacts {
  readonly original?: OriginalFacts;
  readonly configDigest: string;
  /** Whether this is a try that was not counted by a claim. */
  readonly counts: boolean;
}

/**
 * What became of a conditional write:
 * `done`, with the item as it was before; or not done because
 * `current`: the record is final for this very version and configuration,
 * `overtaken`: a later event was accepted,
 * `taken`: the record belongs to another object.
 */
export type WriteResult = { readonly result: 'done'; readonly before?: Partial<ImageRecord> } | Refused;

export interface Refused {
  readonly result: 'current' | 'overtaken' | 'taken';
  readonly record: Partial<ImageRecord>;
}

/**
 * The table of image records. Every write is guarded: it touches only the record of its own object, and never
 * one that a later event has written.
 */
export class Catalog {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly config: CatalogConfig,
    private readonly now: () => Date = () => new Date(),
  ) {}

  public async read(id: string): Promise<Partial<ImageRecord> | undefined> {
    const { Item } = await this.client.send(new GetCommand({
      TableName: this.config.table,
      Key: { [this.config.partitionKey]: id },
      ConsistentRead: true,
    }));
    return Item as Partial<ImageRecord> | undefined;
  }

  /** Accepts an event for processing: from here on, earlier events of the object are overtaken. */
  public claim(id: string, source: SourceVersion, claim: Claim): Promise<WriteResult> {
    const now = this.timestamp();
    const update = this.begin(id, source, 'PROCESSING')
      .set({ processingStartedAt: now, original: claim.original, configDigest: claim.configDigest })
      .increment('attempts')
      .addToSet('outputs', claim.outputs)
      .remove('pointsTo', 'replacedBy', 'failure', 'processedAt');
    const isWanted = claim.again ? [] : [this.isNotFinal(source, claim.configDigest)];
    const condition = Condition.all(this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), ...isWanted);
    return this.write(id, source, update.when(condition));
  }

  /** The last write of a success: all renditions are stored. */
  public complete(id: string, source: SourceVersion, facts: Completion): Promise<WriteResult> {
    const update = this.begin(id, source, 'COMPLETED')
      .set({ processedAt: this.timestamp(), original: facts.original, renditions: facts.renditions })
      .remove('failure');
    return this.write(id, source, update.when(this.isClaimed(source)));
  }

  /** Ends a version as failed. A version that is completed stays so. */
  public fail(id: string, source: SourceVersion, failure: Failure, facts: FailureFacts): Promise<WriteResult> {
    const update = this.begin(id, source, 'FAILED')
      .set({ processedAt: this.timestamp(), failure, configDigest: facts.configDigest })
      .remove('renditions', 'pointsTo', 'replacedBy');
    if (facts.original) update.set({ original: facts.original });
    if (facts.counts) update.increment('attempts');
    const condition = Condition.all(
      this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),
    );
    return this.write(id, source, update.when(condition));
  }

  /** Closes the record of an object that is gone, or that goes on under another id. Its outputs stay listed. */
  public close(id: string, source: SourceEvent, replacedBy?: string): Promise<WriteResult> {
    const now = this.timestamp();
    const update = new Update()
      .set({ status: 'DELETED' satisfies ImageStatus, sourceBucket: source.bucket, sourceKey: source.key, sourceSequencer: source.sequencer })
      .set({ processedAt: now, updatedAt: now, [EXPIRY_ATTRIBUTE]: this.expiry(DELETED_EXPIRY_SECONDS) })
      .setOrRemove({ replacedBy })
      .remove('renditions', 'failure', 'pointsTo', LISTING_PARTITION, LISTING_SORT);
    return this.write(id, source, update.when(Condition.all(this.isOwn(source), this.isNotOvertaken(source))));
  }

  /** Notes under the derived id of an object that its record has another id, so that deletions find it. */
  public point(derivedId: string, id: string, source: SourceEvent): Promise<WriteResult> {
    const update = new Update()
      .set({ pointsTo: id, sourceBucket: source.bucket, sourceKey: source.key, sourceSequencer: source.sequencer, updatedAt: this.timestamp() })
      .addToSet('namedIds', [id])
      .remove('status', 'renditions', 'failure', 'original', LISTING_PARTITION, LISTING_SORT);
    return this.write(derivedId, source, this.keep(update).when(Condition.all(this.isOwn(source), this.isNotOvertaken(source))));
  }

  private begin(id: string, source: SourceVersion, status: ImageStatus): Update {
    const update = new Update()
      .set({
        status,
        sourceBucket: source.bucket,
        sourceKey: source.key,
        sourceSequencer: source.sequencer,
        uploadedAt: source.uploadedAt,
        updatedAt: this.timestamp(),
        event: source.event,
        ...listingAttributes(id, status, source.uploadedAt, this.config.shards),
      })
      .setOrRemove({ sourceETag: source.etag, sourceVersionId: source.versionId })
      .setOnce({ fileName: source.key.slice(source.key.lastIndexOf('/') + 1) });
    return this.keep(update);
  }

  /** Records of present images expire only when the owner says so. */
  private keep(update: Update): Update {
    return this.config.expireAfter ? update.set({ [EXPIRY_ATTRIBUTE]: this.expiry(this.config.expireAfter) }) : update.remove(EXPIRY_ATTRIBUTE);
  }

  private isOwn(source: SourceEvent): Condition {
    return Condition.any(
      Condition.missing('sourceKey'),
      Condition.all(Condition.compare('sourceBucket', '=', source.bucket), Condition.compare('sourceKey', '=', source.key)),
    );
  }

  private isNotOvertaken(source: SourceEvent): Condition {
    return Condition.any(Condition.missing('sourceSequencer'), Condition.compare('sourceSequencer', '<=', source.sequencer));
  }

  /** Not already COMPLETED, or FAILED for good, for the same event, content and configuration. */
  private isNotFinal(source: SourceVersion, configDigest: string): Condition {
    return Condition.any(
      Condition.missing('sourceSequencer'),
      Condition.compare('sourceSequencer', '<', source.sequencer),
      Condition.compare('sourceETag', '<>', source.etag ?? ''),
      Condition.compare('configDigest', '<>', configDigest),
      Condition.all(Condition.compare('status', '<>', 'COMPLETED'), Condition.compare('status', '<>', 'FAILED')),
      Condition.compare('failure.retryable', '=', true),
    );
  }

  private isClaimed(source: SourceVersion): Condition {
    return Condition.all(
      this.isOwn(source),
      Condition.compare('sourceSequencer', '=', source.sequencer),
      Condition.compare('sourceETag', '=', source.etag ?? ''),
      Condition.compare('status', '<>', 'DELETED'),
    );
  }

  /** The same event, delivered twice, may find another image id the second time, and close this record. */
  private isNotReplaced(source: SourceEvent): Condition {
    return Condition.any(Condition.missing('replacedBy'), Condition.compare('sourceSequencer', '<', source.sequencer));
  }

  private async write(id: string, source: SourceEvent, update: Update): Promise<WriteResult> {
    try {
      const { Attributes } = await this.client.send(new UpdateCommand({
        TableName: this.config.table,
        Key: { [this.config.partitionKey]: id },
        ...update.render(),
        ReturnValues: 'ALL_OLD',
      }));
      return { result: 'done', before: Attributes as Partial<ImageRecord> | undefined };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return this.explain(id, source);
    }
  }

  private async explain(id: string, source: SourceEvent): Promise<WriteResult> {
    const record = await this.read(id);
    if (!record) throw new Error(`record ${id} vanished while it was written`);
    if (record.sourceBucket !== source.bucket || record.sourceKey !== source.key) return { result: 'taken', record };
    return { result: record.sourceSequencer! > source.sequencer ? 'overtaken' : 'current', record };
  }

  private timestamp(): string {
    return this.now().toISOString();
  }

  private expiry(defaultSeconds: number): number {
    return Math.floor(this.now().getTime() / 1000) + (this.config.expireAfter || defaultSeconds);
  }
}
