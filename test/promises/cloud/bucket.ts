import { createHash } from 'node:crypto';

export interface BucketOptions {
  /** @default false */
  readonly versioned?: boolean;
  /** Whether every write has an ETag of its own, as with keys of KMS; else it follows from the bytes. @default false */
  readonly ownETags?: boolean;
}

/** What a writer says of an object. */
export interface ObjectFacts {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Reading it needs to be asked for hours before. */
  readonly archived?: boolean;
  /** Reading it needs the uploader's key. */
  readonly customerKey?: boolean;
}

export interface StoredObject extends ObjectFacts {
  readonly body: string;
  /** Without quotes. */
  readonly etag: string;
  /** Absent in a bucket without versions. */
  readonly versionId?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whole seconds. */
  readonly lastModified: Date;
}

interface DeleteMarker {
  readonly versionId: string;
  readonly deleteMarker: true;
}

export type Version = StoredObject | DeleteMarker;

export class Bucket {
  private static writes = 0;
  /** Newest first. */
  private readonly versions = new Map<string, Version[]>();

  constructor(readonly name: string, private readonly options: BucketOptions = {}) {}

  get versioned(): boolean {
    return this.options.versioned ?? false;
  }

  /** What is stored under a key, unless it is deleted. */
  get(key: string): StoredObject | undefined {
    return asObject(this.versions.get(key)?.[0]);
  }

  versionsOf(key: string): readonly Version[] {
    return this.versions.get(key) ?? [];
  }

  /** Keys and objects that are not deleted. */
  entries(): (readonly [string, StoredObject])[] {
    return [...this.versions.keys()].sort().flatMap((key) => {
      const object = this.get(key);
      return object ? [[key, object] as const] : [];
    });
  }

  put(key: string, body: string, now: number, facts: ObjectFacts = {}): StoredObject {
    const stored = {
      metadata: {},
      ...facts,
      body,
      // What is encrypted with the uploader's key has none that follows from the bytes.
      etag: this.options.ownETags || facts.customerKey ? this.newId('e') : createHash('md5').update(body).digest('hex'),
      ...(this.versioned ? { versionId: this.newId('v') } : {}),
      lastModified: new Date(Math.floor(now / 1000) * 1000),
    };
    this.versions.set(key, this.versioned ? [stored, ...this.versionsOf(key)] : [stored]);
    return stored;
  }

  /** Deletes the object, or hides it behind a marker where there are versions. */
  delete(key: string): DeleteMarker | undefined {
    if (!this.versioned) {
      this.versions.delete(key);
      return undefined;
    }
    const marker = { versionId: this.newId('v'), deleteMarker: true } as const;
    this.versions.set(key, [marker, ...this.versionsOf(key)]);
    return marker;
  }

  /** Deletes a version, or a marker, for good. */
  deleteVersion(key: string, versionId: string): void {
    const left = this.versionsOf(key).filter((version) => version.versionId !== versionId);
    if (left.length > 0) this.versions.set(key, left);
    else this.versions.delete(key);
  }

  private newId(kind: string): string {
    Bucket.writes += 1;
    return kind + Bucket.writes.toString(16).padStart(31, '0');
  }
}

export function asObject(version: Version | undefined): StoredObject | undefined {
  return version && 'body' in version ? version : undefined;
}
