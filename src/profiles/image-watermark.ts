import { createHash } from 'crypto';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { watermarkProblem } from '../contract';
import { pixelsProblem } from './png-pixels';
import { WatermarkSource } from './watermark-source';
import { CheckError, invalid, requireMatch } from '../support/checks';
import { readGiven } from '../support/given-files';

const MAX_KEY_BYTES = 1024;
/** What stands for a token in a text. */
const TOKENS = /\$\{Token\[[^\]]*\]\}/g;

/** Which object of a bucket `ImageWatermark.fromBucket` takes. */
export interface ImageWatermarkBucketOptions {
  /**
   * The version of the object, in a bucket that keeps versions. Then another picture is another version here: it is a setting of the
   * renditions, and a backfill makes them anew.
   *
   * @default - what is there when a function first needs it
   */
  readonly objectVersion?: string;
}

/** A picture that `ImageAdjustment.watermark` lays over renditions. */
export class ImageWatermark {
  /**
   * A PNG that is part of your app, with or without transparency. It comes to the function in a layer, and is read once.
   *
   * @param path a PNG of at most 2 MiB and 4096 pixels a side. A relative path begins in the working directory of `cdk synth`
   */
  public static fromAsset(path: string): ImageWatermark {
    const at = 'ImageWatermark.fromAsset';
    const content = readGiven(at, 'a file that is there', path);
    const problem = watermarkProblem(content);
    if (problem) throw invalid(at, problem.rule, problem.received ?? path, problem.detail ?? `make ${path} smaller`);
    const damage = pixelsProblem(content);
    if (damage) throw invalid(at, 'a whole PNG', path, damage);
    return new ImageWatermark({ image: `${createHash('sha256').update(content).digest('hex').slice(0, 16)}.png`, content });
  }

  /**
   * A PNG in a bucket, with or without transparency, that others look after. The function may read that object and nothing beside it.
   *
   * Each process of the function reads it once, when it first needs it. An object that is missing, may not be read, or is no such PNG is no
   * fault of the images: they are tried again, and in the end are `FAILED` with `RETRIES_EXHAUSTED`, and their events are in the
   * dead-letter queue.
   *
   * Synthesis does not see the content. To change the picture, store it under another key, or name another `objectVersion`: the renditions
   * then count as made by other settings. If you replace the object and change nothing here, new processes take the new picture, running
   * ones keep the former one, and a backfill finds nothing to do.
   *
   * @param bucket in the region and account of the pipeline. Import it with its `encryptionKey` if it has a customer key
   * @param key of a PNG of at most 2 MiB and 4096 pixels a side
   * @param options which version of the object
   */
  public static fromBucket(bucket: IBucket, key: string, options: ImageWatermarkBucketOptions = {}): ImageWatermark {
    const { objectVersion } = options;
    requireKey('ImageWatermark.fromBucket: key', key);
    requireMatch('ImageWatermark.fromBucket: objectVersion', objectVersion, /^[!-~]{1,1024}$/, 'the id of a version');
    return new ImageWatermark({ image: { bucket: bucket.bucketName, key, ...objectVersion !== undefined && { versionId: objectVersion } }, bucket });
  }

  private constructor(
    /** @internal */
    public readonly _source: WatermarkSource,
  ) {}
}

/** S3 takes `*`, `?` and `${` as they are, and IAM as wildcards and variables: the function could read more. */
function requireKey(path: string, key: string): void {
  const literal = key.replace(TOKENS, '');
  if (key === '') throw new CheckError(`${path} must be that of an object, received ""`);
  if (/[*?]|\$\{/.test(literal) || Buffer.byteLength(literal) > MAX_KEY_BYTES) throw invalid(path, `at most ${MAX_KEY_BYTES} bytes without *, ? and \${`, key);
}
