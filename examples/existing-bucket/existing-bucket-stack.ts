import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ImageBackfill, ImageMonitoring, ImageProfile, ImageResizePipeline, ResizeTrigger } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';

export interface ExistingBucketStackProps extends StackProps {
  /** Bucket that others own, with images in it. */
  readonly bucketName: string;
  /** Width of each rendition in pixels. */
  readonly widths: readonly number[];
}

/** A bucket that others own and that holds images already: a pipeline for what comes, a backfill for what is there, and an alarm. */
export class ExistingBucketStack extends Stack {
  constructor(scope: Construct, id: string, { bucketName, widths, ...props }: ExistingBucketStackProps) {
    super(scope, id, props);

    const pipeline = new ImageResizePipeline(this, 'Images', {
      sourceBucket: Bucket.fromBucketName(this, 'Photos', bucketName),
      // Many may listen to EventBridge: notifications of the bucket that others set stay as they are.
      trigger: ResizeTrigger.eventBridge(),
      profiles: widths.map((width) => ImageProfile.of(`w${width}`, { width })),
      processing: { deleteRenditions: true },
      // An example leaves nothing behind. Without this line, buckets outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const backfill = new ImageBackfill(this, 'Backfill', { pipeline, prune: true });

    const onCall = new Topic(this, 'OnCall', { enforceSSL: true });
    new ImageMonitoring(this, 'Monitoring', { pipeline, backfill, alarmTopic: onCall });

    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
    new CfnOutput(this, 'BackfillArn', { value: backfill.stateMachine.stateMachineArn });
    new CfnOutput(this, 'PruneArn', { value: backfill.pruneStateMachine!.stateMachineArn });
    new CfnOutput(this, 'ReportBucketName', { value: backfill.reportBucket.bucketName });
  }
}
