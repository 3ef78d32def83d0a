import { CfnOutput, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { ImageProfile, ImageResizePipeline, ImageUploadApi, OutputFormat } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { Site } from './site';

const MAX_UPLOAD = Size.mebibytes(25);

/** A static page that uploads straight to a private bucket, and shows what becomes of the images. */
export class PresignedSiteStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const formats = [OutputFormat.avif(), OutputFormat.webp(), OutputFormat.jpeg({ progressive: true })];
    const pipeline = new ImageResizePipeline(this, 'Images', {
      sourcePrefix: 'uploads/',
      profiles: [
        ImageProfile.of('thumbnail', { width: 400, height: 400, formats }),
        ImageProfile.of('medium', { width: 1000, height: 1000, formats }),
        ImageProfile.of('large', { width: 2000, height: 2000, formats }),
      ],
      processing: { maxInputSize: MAX_UPLOAD, deleteRenditions: true },
      // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const site = new Site(this, 'Site');
    const api = new ImageUploadApi(this, 'Api', {
      pipeline,
      // Anybody may upload, list and delete. With users of your own, use HttpJwtAuthorizer or HttpIamAuthorizer.
      authorizer: new HttpNoneAuthorizer(),
      corsOrigins: [site.url],
      // For the comparison of before and after.
      originalLinks: true,
    });
    site.deploy({ api: api.url, uploads: 'presigned', title: 'Gallery', maxBytes: MAX_UPLOAD.toBytes(), deletes: true });

    new CfnOutput(this, 'SiteUrl', { value: site.url });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
  }
}
