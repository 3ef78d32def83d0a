import { join } from 'path';
import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { ImageAdjustment, ImageFit, ImagePosition, ImageProfile, ImageResizePipeline, ImageWatermark, OutputFormat } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';

/** Photos of products, as people take them, and as a shop shows them. */
export class ProductPhotosStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const logo = ImageWatermark.fromAsset(join(__dirname, 'logo.png'));

    // A bucket that others look after has one more watermark. This one gets it from here, so that the example is whole.
    const brand = new Bucket(this, 'Brand', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    new BucketDeployment(this, 'BrandFiles', { destinationBucket: brand, sources: [Source.asset(join(__dirname, 'brand'))] });
    const proof = ImageWatermark.fromBucket(brand, 'proof-1.png');

    const pipeline = new ImageResizePipeline(this, 'Photos', {
      profiles: [
        // The product without the white around it, in the middle of a card.
        ImageProfile.of('card', {
          width: 400,
          height: 400,
          fit: ImageFit.CONTAIN,
          adjustments: [
            ImageAdjustment.trim({ threshold: 20, background: '#ffffff' }),
            ImageAdjustment.extend({ top: 24, right: 24, bottom: 24, left: 24 }),
            ImageAdjustment.roundedCorners(24),
          ],
          formats: [OutputFormat.webp()],
        }),
        ImageProfile.of('detail', {
          width: 1200,
          adjustments: [
            ImageAdjustment.sharpen(0.5),
            ImageAdjustment.watermark(logo, { scale: 0.2, position: ImagePosition.RIGHT_BOTTOM, margin: 16, opacity: 0.7 }),
          ],
        }),
        // For those who have not paid yet.
        ImageProfile.of('proof', { width: 800, adjustments: [ImageAdjustment.watermark(proof, { scale: 0.3, margin: 40, opacity: 0.5, tile: true })] }),
        // Around the point that the object's metadata `focal-point` names.
        ImageProfile.of('banner', { width: 1200, height: 300, fit: ImageFit.COVER, position: ImagePosition.FOCAL_POINT }),
        ImageProfile.of('backdrop', { width: 400, adjustments: [ImageAdjustment.blur(12), ImageAdjustment.greyscale()] }),
        // A square of every place, to choose from.
        ...Object.entries(ImagePosition).map(([name, position]) => ImageProfile.of(`square-${name.toLowerCase()}`, {
          width: 96, height: 96, fit: ImageFit.COVER, position, formats: [OutputFormat.webp()],
        })),
      ],
      processing: { acceptHeic: true },
      // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
  }
}
