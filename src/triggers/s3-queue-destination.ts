import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketNotificationDestinationConfig, BucketNotificationDestinationType, IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/**
 * Has S3 send to a queue. CDK's own destination names the bucket also in the policy of the queue's key,
 * which cannot be deployed where that key encrypts the bucket.
 */
export class QueueDestination implements IBucketNotificationDestination {
  public constructor(private readonly queue: IQueue) {}

  public bind(_scope: Construct, { bucketRef }: Parameters<IBucketNotificationDestination['bind']>[1]): BucketNotificationDestinationConfig {
    this.queue.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
      // The ARN of a bucket does not say whose it is, and after its deletion the name can be another account's.
      conditions: { ArnEquals: { 'aws:SourceArn': bucketRef.bucketArn }, StringEquals: { 'aws:SourceAccount': Stack.of(this.queue).account } },
    }));
    return { type: BucketNotificationDestinationType.QUEUE, arn: this.queue.queueArn, dependencies: [this.queue] };
  }
}
