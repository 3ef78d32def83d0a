import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { CatalogOptions } from './catalog-options';
import { FormerOutput } from './former-output';
import { ImageEventsOptions } from './image-events-options';
import { ProcessingOptions } from './processing-options';
import { ResizeFunctionOptions } from './resize-function-options';
import { ImageProfile } from '../profiles/image-profile';
import { ResizeTrigger } from '../triggers/resize-trigger';

/** Properties of `ImageResizePipeline`. */
export interface ImageResizePipelineProps {
  /**
   * Bucket to which originals are uploaded.
   *
   * @default - a private bucket is created
   */
  readonly sourceBucket?: IBucket;
  /**
   * Only objects whose key begins with this are originals, such as `uploads/`. It must have neither `*` nor `?`, which IAM would take as
   * wildcards.
   *
   * @default - every object of the bucket
   */
  readonly sourcePrefix?: string;
  /**
   * Only objects whose key matches one of these patterns are originals, such as `photos/**`. A pattern is compared with the key
   * after the prefix of its source. `*` and `?` match within one path segment, `**` across segments. Everything else is literal,
   * also the segments `.` and `..`.
   *
   * @default - every key
   */
  readonly include?: string[];
  /**
   * Objects whose key matches one of these patterns are left alone, even if `include` matches as well. Patterns are written as
   * those of `include`.
   *
   * @default - none
   */
  readonly exclude?: string[];
  /**
   * Bucket for the renditions. It may be the source bucket when `sourcePrefix` and `outputPrefix` do not overlap.
   *
   * @default - a private bucket is created
   */
  readonly outputBucket?: IBucket;
  /**
   * Prefix of every rendition's key, such as `renditions/`. It must have neither `*` nor `?`, which IAM would take as wildcards.
   *
   * @default - none
   */
  readonly outputPrefix?: string;
  /**
   * Where renditions were stored before you changed `outputBucket`, `outputPrefix` or the output prefix of a source. Whoever may
   * read renditions can still read those there. With `processing.deleteRenditions` they are still deleted with their image. An
   * `ImageDistribution` delivers those of the present output bucket only.
   *
   * @default - none: former renditions stay where they are, and nobody is given rights on them
   */
  readonly formerOutputs?: FormerOutput[];
  /**
   * Template of a rendition's key after the prefix. It may have these tokens.
   *
   * - `{key}` the whole key of the original,
   * - `{dir}` its directory with the trailing slash (empty at the top), `{name}` its file name without extension,
   *   `{sourceExt}` its extension as written,
   * - `{profile}`, `{width}` and `{height}` in pixels,
   * - `{format}` the format as configured (such as `jpeg` or `original`), `{ext}` the extension that fits the format,
   * - `{imageId}` the image id.
   *
   * A template that gives two renditions of one image the same key is refused. A template under which two images could
   * overwrite each other's renditions gets a warning.
   *
   * @default '{key}/{profile}.{ext}'
   */
  readonly outputKey?: string;
  /**
   * The renditions of every image, for sources without profiles of their own. An image has at most 200 renditions: their keys may
   * have 1024 bytes with up to 100 renditions, and 362 bytes with 200.
   *
   * @default - `ImageProfile.THUMBNAIL`, `ImageProfile.MEDIUM` and `ImageProfile.LARGE`
   */
  readonly profiles?: ImageProfile[];
  /**
   * Profile of one more rendition, for sources without one of their own. The uploader asks for its size in pixels, with the
   * original's metadata `requested-width`, `requested-height` or both. The profile must have a width and a height: they are the
   * most that can be asked for.
   *
   * @default - requests in metadata are ignored
   */
  readonly requestedSize?: ImageProfile;
  /**
   * How events of S3 reach the function.
   *
   * @default ResizeTrigger.queue()
   */
  readonly trigger?: ResizeTrigger;
  /**
   * Triggers that the pipeline had before. What they created goes on working beside `trigger`, so that no event is lost while
   * S3 and EventBridge switch. Name the trigger that you replace, and deploy. Take it out again when its queue has no event
   * from before that deployment, or its state machine no execution. Until then most events come twice, which does no harm.
   * A former trigger must be of another kind than `trigger`: to change the options of a trigger, just change them.
   *
   * @default - none: what only a former trigger had is removed at once, queues excepted, which `removalPolicy` retains
   */
  readonly formerTriggers?: ResizeTrigger[];
  /**
   * Tells of every image that is completed, failed or deleted, on an event bus of EventBridge. See `onCompleted`.
   *
   * @default - nothing is told, unless `onCompleted`, `onFailed` or `onDeleted` is called: then on the account's default event bus
   */
  readonly events?: ImageEventsOptions;
  /**
   * The table of image records.
   *
   * @default - a table is created
   */
  readonly catalog?: CatalogOptions;
  /**
   * Which originals are accepted, and how they are treated.
   *
   * @default - originals up to 64 MiB and 100 megapixels; renditions without metadata; nothing is ever deleted
   */
  readonly processing?: ProcessingOptions;
  /**
   * The function that resizes.
   *
   * @default - arm64, 1769 MiB, one minute
   */
  readonly resizeFunction?: ResizeFunctionOptions;
  /**
   * Customer key for buckets, table and queues that are created, and for the function's environment. Logs are not encrypted with
   * it: they hold object keys and image ids.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: IKey;
  /**
   * Customer keys that `encryptionKey`, or a bucket, had before. Originals, renditions, records and events that are still
   * encrypted with one of them stay readable for everybody who may read those of the present key. Keep a key here as long as
   * something is encrypted with it.
   *
   * @default - none: what is encrypted with a former key cannot be read
   */
  readonly formerEncryptionKeys?: IKey[];
  /**
   * What happens to the buckets, table, queues and logs that the pipeline created when they leave the stack, or the stack is
   * deleted. With `RemovalPolicy.DESTROY` the objects in the buckets are deleted as well.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
