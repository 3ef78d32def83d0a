import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { CatalogOptions } from './catalog-options';
import { FormerOutput } from './former-output';
import { ProcessingOptions } from './processing-options';
import { ResizeFunctionOptions } from './resize-function-options';
import { ImageProfile } from '../profiles/image-profile';
import { ResizeTrigger } from '../triggers/resize-trigger';

/** Properties of `ImageResizePipeline`. */
export interface ImageResizePipelineProps {
  /**
   * Bucket in which images arrive.
   *
   * @default - a private bucket is created
   */
  readonly sourceBucket?: IBucket;
  /**
   * Only objects whose key begins with this are images, such as `uploads/`. Without `*` and `?`, which IAM would take as wildcards.
   *
   * @default - every object of the bucket
   */
  readonly sourcePrefix?: string;
  /**
   * Patterns of the keys, after the prefix of their source, that are images, such as `**\/*.jpg`.
   * `*` and `?` match within one path segment, `**` across segments; all else is literal, also the segments `.` and `..`.
   *
   * @default - every key
   */
  readonly include?: string[];
  /**
   * Patterns of the keys, after the prefix of their source, that are no images.
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
   * Prefix of every rendition's key, such as `renditions/`. Without `*` and `?`, which IAM would take as wildcards.
   *
   * @default - none
   */
  readonly outputPrefix?: string;
  /**
   * Where renditions were stored before `outputBucket`, `outputPrefix` or that of a source was changed. They stay readable for
   * those who may read renditions, and with `processing.deleteRenditions` they still go with their image. A distribution
   * delivers those of the present output bucket only.
   *
   * @default - none: former renditions stay where they are, and nobody is given rights on them
   */
  readonly formerOutputs?: FormerOutput[];
  /**
   * Template of a rendition's key after the prefix. Tokens:
   *
   * - `{key}` the source's whole key,
   * - `{dir}` its directory with the trailing slash (empty at the top), `{name}` its file name without extension,
   *   `{sourceExt}` its extension as written,
   * - `{profile}`, `{width}` and `{height}` in pixels,
   * - `{format}` the format as configured (such as `jpeg` or `original`), `{ext}` the extension that fits the format,
   * - `{imageId}` the image id.
   *
   * Templates that give two renditions of one image the same key are refused; where two images could overwrite
   * each other's renditions there is a warning.
   *
   * @default '{key}/{profile}.{ext}'
   */
  readonly outputKey?: string;
  /**
   * What is made of every image, for sources that name no profiles of their own: at most 200 renditions,
   * whose keys may have 1024 bytes with up to 100 of them, 362 with 200.
   *
   * @default - `ImageProfile.THUMBNAIL`, `ImageProfile.MEDIUM` and `ImageProfile.LARGE`
   */
  readonly profiles?: ImageProfile[];
  /**
   * Profile of one more rendition, whose size the uploader asks for with the object's metadata `requested-width`,
   * `requested-height` or both, in pixels, for sources that name none of their own. The profile's own width and height,
   * which it must have, are the most that can be asked for.
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
   * Triggers that the pipeline had before. What they created stays and works on, beside `trigger`, so that nothing is lost while
   * S3 and EventBridge switch: name the trigger that you replace, deploy, and take it out again when its queue has no event
   * from before, or its state machine no execution. Until then most events come twice, which does no harm.
   * Each is of another kind than `trigger`, whose options can be changed at once.
   *
   * @default - none: what only a former trigger had is removed at once, queues excepted, which `removalPolicy` retains
   */
  readonly formerTriggers?: ResizeTrigger[];
  /**
   * The table of image records.
   *
   * @default - a table is created
   */
  readonly catalog?: CatalogOptions;
  /**
   * What is accepted as an image, and how it is treated.
   *
   * @default - images up to 64 MiB and 100 megapixels, stripped of metadata; nothing is ever deleted
   */
  readonly processing?: ProcessingOptions;
  /**
   * The function that resizes.
   *
   * @default - arm64, 1769 MiB, one minute
   */
  readonly resizeFunction?: ResizeFunctionOptions;
  /**
   * Customer key for what is created: buckets, table, queues and the function's environment; not for the logs, which hold
   * keys and image ids.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: IKey;
  /**
   * Customer keys with which something is still encrypted: what was `encryptionKey`, or the key of a bucket, before. Originals,
   * renditions, records and events under them stay readable for those who may read what lies under the present key. Keep a key
   * here as long as there are objects under it.
   *
   * @default - none: what lies under a former key cannot be read
   */
  readonly formerEncryptionKeys?: IKey[];
  /**
   * What becomes of buckets, table, queues and logs that were created when they leave the stack.
   * With `RemovalPolicy.DESTROY` the objects in the buckets are deleted as well.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
