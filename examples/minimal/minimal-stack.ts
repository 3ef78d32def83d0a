import { Annotations, CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ImageIdSource, ImageProfile, ImageResizePipeline, OutputFormat, ResizeTrigger } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';

/** Input bucket -> function -> output bucket, and a record of each image in the table `ImageMetadata`. */
export class MinimalStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const table = new Table(this, 'ImageMetadata', {
      // A name that other systems know; it lets this stack exist once per account and region.
      tableName: 'ImageMetadata',
      partitionKey: { name: 'image_name', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const pipeline = new ImageResizePipeline(this, 'Images', {
      trigger: ResizeTrigger.s3Notifications(),
      profiles: [ImageProfile.of('thumb', { width: 200, formats: [OutputFormat.original()] })],
      outputKey: 'processed/thumb_{name}.{ext}',
      catalog: { table, partitionKey: 'image_name', imageId: ImageIdSource.KEY },
      // An example leaves nothing behind. Without this line, buckets outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Annotations.of(pipeline).acknowledgeWarning('cdk-image-resize-pipeline:outputKeyCollision',
      'Images are uploaded to the top of the bucket, so there are no two of one name.');

    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: table.tableName });
  }
}
