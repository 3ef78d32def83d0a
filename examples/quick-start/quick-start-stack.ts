import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';

/** The construct with its defaults: three JPEG renditions of every image, and a record of each. */
export class QuickStartStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const pipeline = new ImageResizePipeline(this, 'Images', {
      // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
  }
}
