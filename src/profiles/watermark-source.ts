import { IBucket } from 'aws-cdk-lib/aws-s3';
import { WatermarkConfig, WatermarkObject } from '../contract';

/** Where a watermark comes from. */
export type WatermarkSource = {
  /** Follows from the content: another picture is another setting of the renditions. */
  readonly image: Extract<WatermarkConfig['image'], string>;
  /** The file, as it was checked. */
  readonly content: Buffer;
} | {
  readonly image: WatermarkObject;
  readonly bucket: IBucket;
};
