import { IBucket } from 'aws-cdk-lib/aws-s3';

/** Where a pipeline stored renditions before `outputBucket`, or an output prefix, was changed. */
export interface FormerOutput {
  /**
   * The bucket.
   *
   * @default - the pipeline's output bucket
   */
  readonly bucket?: IBucket;
  /**
   * Prefix of the renditions' keys in it. It must have neither `*` nor `?`, which IAM would take as wildcards.
   *
   * @default - none
   */
  readonly prefix?: string;
}
