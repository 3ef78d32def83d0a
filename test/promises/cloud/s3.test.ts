import {
  DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, HeadObjectCommandOutput, ListObjectsV2Command, PutObjectCommand, S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { Cloud, SOURCE } from './cloud';
import { LocalS3 } from '../../../local-runner/services/s3';
import { s3ClientConfig } from '../../../src/lambda/shared/s3-client-config';

jest.setTimeout(120_000);

/** Sequences of calls that are compared, of each kind of bucket. */
const RUNS = 60;
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const REGION = 'eu-central-1';

/** Which ETag a condition names: that of what is there, of what was there, or none that ever was. */
type Named = 'present' | 'former' | 'strange';

type Call =
  | { readonly type: 'put'; readonly key: string; readonly body: string; readonly ifMatch?: Named; readonly ifNew?: boolean }
  | { readonly type: 'delete'; readonly key: string; readonly ifMatch?: Named }
  /** Of the so manieth version or marker, newest first. */
  | { readonly type: 'deleteVersion'; readonly key: string; readonly nth: number }
  | { readonly type: 'get' | 'head'; readonly key: string; readonly ifMatch?: Named }
  | { readonly type: 'list' };

const key = fc.constantFrom('a/x', 'a/x', 'b/y');
const named = fc.constantFrom<Named>('present', 'former', 'strange');
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, body: fc.constantFrom('one', 'two', 'three', '') }),
  fc.record({ type: fc.constant('put' as const), key, body: fc.constantFrom('one', 'two', 'three'), ifMatch: named }),
  fc.record({ type: fc.constant('put' as const), key, body: fc.constantFrom('one', 'two', 'three'), ifNew: fc.constant(true) }),
  fc.record({ type: fc.constant('delete' as const), key }),
  fc.record({ type: fc.constant('delete' as const), key, ifMatch: named }),
  fc.record({ type: fc.constant('deleteVersion' as const), key, nth: fc.nat({ max: 2 }) }),
  fc.record({ type: fc.constantFrom('get' as const, 'head' as const), key }),
  fc.record({ type: fc.constantFrom('get' as const, 'head' as const), key, ifMatch: named }),
  fc.record({ type: fc.constant('list' as const) }),
);

/** One side of the comparison, with what its writer remembers. */
class Side {
  private readonly etags = new Map<string, string[]>();
  private readonly versions = new Map<string, string[]>();

  constructor(private readonly client: Pick<S3Client, 'send'>, private readonly bucket: string) {}

  /** What a call comes to, in words that are the same for both sides. */
  async answer(one: Call): Promise<unknown> {
    try {
      return await this.send(one);
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      return { status: error.$metadata.httpStatusCode };
    }
  }

  private async send(one: Call): Promise<unknown> {
    const Bucket = this.bucket;
    if (one.type === 'list') {
      const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }));
      return Contents.map(({ Key }) => Key);
    }
    const Key = one.key;
    if (one.type === 'deleteVersion') {
      const [VersionId] = this.versions.get(Key)?.splice(one.nth, 1) ?? [];
      if (VersionId) await this.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      return {};
    }
    const IfMatch = one.ifMatch && this.etagOf(Key, one.ifMatch);
    if (one.type === 'put') {
      const { ETag, VersionId } = await this.client.send(new PutObjectCommand({
        Bucket, Key, Body: Buffer.from(one.body), IfMatch, IfNoneMatch: one.ifNew ? '*' : undefined, Metadata: { note: one.body },
      }));
      this.etags.set(Key, [ETag!, ...this.etags.get(Key) ?? []]);
      if (VersionId) this.versions.set(Key, [VersionId, ...this.versions.get(Key) ?? []]);
      return { ETag, versioned: VersionId !== undefined };
    }
    if (one.type === 'delete') {
      const { VersionId, DeleteMarker } = await this.client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
      if (VersionId) this.versions.set(Key, [VersionId, ...this.versions.get(Key) ?? []]);
      return { DeleteMarker, versioned: VersionId !== undefined };
    }
    if (one.type === 'head') return this.facts(Key, await this.client.send(new HeadObjectCommand({ Bucket, Key, IfMatch })));
    const found = await this.client.send(new GetObjectCommand({ Bucket, Key, IfMatch }));
    const pieces: Buffer[] = [];
    for await (const piece of found.Body as AsyncIterable<Buffer>) pieces.push(piece);
    return { ...this.facts(Key, found) as object, body: Buffer.concat(pieces).toString() };
  }

  private facts(Key: string, { ContentLength, ETag, Metadata, LastModified, VersionId }: Partial<HeadObjectCommandOutput>): unknown {
    const version = VersionId && this.versions.get(Key)!.indexOf(VersionId);
    return { ContentLength, ETag, Metadata, milliseconds: LastModified!.getMilliseconds(), version };
  }

  private etagOf(Key: string, which: Named): string {
    const [present, former] = this.etags.get(Key) ?? [];
    return { present, former, strange: undefined }[which] ?? `"${'0'.repeat(32)}"`;
  }
}

let server: LocalS3;
let client: S3Client;
let buckets = 0;
beforeAll(async () => {
  server = await LocalS3.start({ credentials: CREDENTIALS, region: REGION });
  const { endpoint } = server;
  client = new S3Client({ ...s3ClientConfig({ AWS_ENDPOINT_URL_S3: endpoint }), endpoint, region: REGION, credentials: CREDENTIALS });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

test.each([false, true])('every call does the same in the bucket of the histories as in S3, versioned: %s', async (versioned) => {
  const seen = new Map<string, number>();
  const same = fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 25 }), async (calls) => {
    // The answers of S3 that the embedded one gives, where it may give others.
    const cloud = new Cloud({ versionedSource: versioned, decide: (choices) => choices - 1 });
    const model = new Side(cloud.clients(async (_, effect) => effect()).s3 as S3Client, SOURCE);
    const name = `compared-${buckets++}`;
    server.createBucket(name, { versioned });
    const real = new Side(client, name);
    for (const one of calls) {
      const expected = await real.answer(one);
      expect({ call: one, answer: await model.answer(one) }).toEqual({ call: one, answer: expected });
      const answer = `${one.type} ${(expected as { status?: number }).status ?? 'done'}`;
      seen.set(answer, (seen.get(answer) ?? 0) + 1);
    }
  });
  await fc.assert(same, { numRuns: RUNS });

  // Every answer that there is, and none only by chance.
  const wanted = [
    'put done', 'put 412', 'put 404', 'delete done', 'delete 412', 'delete 404',
    'get done', 'get 404', 'get 412', 'head done', 'head 404', 'head 412',
  ];
  expect(wanted.filter((answer) => (seen.get(answer) ?? 0) < 3)).toEqual([]);
});
