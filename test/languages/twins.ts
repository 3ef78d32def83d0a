import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QuickStartStack } from '../../examples/quick-start/quick-start-stack';
import {
  ImageProfile, ImageResizePipeline, MetadataPolicy, OutputFormat, ResizeTrigger, ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource,
} from '../../src';

/** The stacks of examples/python, java and go, and the app with a trigger of one's own, in TypeScript: what the others must come to. */
export function twins(outdir: string): App {
  const app = new App({ outdir });
  new QuickStartStack(app, 'QuickStart');
  importedBucket(new Stack(app, 'ImportedBucket'));
  new ImageResizePipeline(new Stack(app, 'OwnTrigger'), 'Images', { trigger: new OwnTrigger() });
  return app;
}

function importedBucket(stack: Stack): void {
  const pipeline = new ImageResizePipeline(stack, 'Images', {
    sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos'),
    sourcePrefix: 'uploads/',
    profiles: [
      ImageProfile.THUMBNAIL,
      ImageProfile.of('hero', { width: 1600, formats: [OutputFormat.avif(), OutputFormat.jpeg({ quality: 82, progressive: true })] }),
    ],
    trigger: ResizeTrigger.eventBridge({ maxTries: 5 }),
    processing: { metadata: MetadataPolicy.KEEP_COPYRIGHT, deleteRenditions: true },
  });
  const gallery = new Role(stack, 'Gallery', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  pipeline.grants.readRenditions(gallery);
  pipeline.grants.readCatalog(gallery);
  pipeline.metrics.failed({ period: Duration.minutes(5) }).createAlarm(stack, 'Failures', { threshold: 10, evaluationPeriods: 1 });
}

class OwnTrigger extends ResizeTrigger {
  public bind(scope: Construct, { resizeFunction, encryptionKey }: ResizeTriggerContext): ResizeTriggerConfig {
    const lost = new Queue(scope, 'Lost', { encryptionMasterKey: encryptionKey });
    const queue = new Queue(scope, 'Events', {
      visibilityTimeout: resizeFunction.timeout, deadLetterQueue: { queue: lost, maxReceiveCount: 2 },
    });
    resizeFunction.addEventSource(new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }));
    return { queue, deadLetterQueue: lost, maxTries: 1 };
  }

  public bindSource(_scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
    source.bucket.addEventNotification(source.deletions ? EventType.OBJECT_TAGGING : EventType.OBJECT_CREATED, new SqsDestination(config.queue!));
  }
}
