import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QuickStartStack } from '../../examples/quick-start/quick-start-stack';
import {
  ImageAdjustment, ImageAlarm, ImageBackfill, ImageDistribution, ImageFit, ImageMonitoring, ImagePosition, ImageProfile,
  ImageResizePipeline, ImageUploadApi, ImageWatermark, MetadataPolicy, OutputFormat, ResizeHook, ResizeTrigger, ResizeTriggerConfig,
  ResizeTriggerContext, ResizeTriggerSource,
} from '../../src';

/**
 * The stacks of examples/python, java and go, and those of `twins_app` in the folder of each language, in TypeScript: what the others must come to.
 *
 * @param files has `moderate.mjs` and `mark.png`
 */
export function twins(outdir: string, files: string): App {
  const app = new App({ outdir });
  new QuickStartStack(app, 'QuickStart');
  importedBucket(new Stack(app, 'ImportedBucket'));
  new ImageResizePipeline(new Stack(app, 'OwnTrigger'), 'Images', { trigger: new OwnTrigger() });
  everyClass(new Stack(app, 'EveryClass'), files);
  return app;
}

/** What the examples do not use: each construct, and those arguments of which languages have kinds of their own. */
function everyClass(stack: Stack, files: string): void {
  const pipeline = new ImageResizePipeline(stack, 'Images', {
    profiles: [ImageProfile.of('card', {
      width: 640,
      height: 480,
      fit: ImageFit.COVER,
      position: ImagePosition.FOCAL_POINT,
      metadata: { shop: 'spring' },
      adjustments: [
        ImageAdjustment.greyscale(),
        ImageAdjustment.sharpen(0.8),
        ImageAdjustment.watermark(ImageWatermark.fromAsset(join(files, 'mark.png')), { opacity: 0.5, position: ImagePosition.LEFT_TOP }),
      ],
    })],
    resizeFunction: { hook: ResizeHook.fromAsset(join(files, 'moderate.mjs')) },
    catalog: { exif: true, expireAfter: Duration.days(30) },
  });
  pipeline.onCompleted('Completed', { target: new SqsQueue(new Queue(stack, 'Publish')) });
  const backfill = new ImageBackfill(stack, 'Backfill', { pipeline, maxConcurrency: 50, prices: { s3Puts: 5.5 } });
  const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), corsOrigins: ['https://example.com'] });
  new ImageDistribution(stack, 'Delivery', { pipeline });
  new ImageMonitoring(stack, 'Monitoring', {
    pipeline,
    backfill,
    api,
    withoutAlarms: [ImageAlarm.API_ERRORS],
    thresholds: { failedShareByCode: { UNSUPPORTED_FORMAT: 20 }, oldestMessage: Duration.minutes(45) },
  });
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
