package com.example.images;

import io.github.cdkimageresizepipeline.CatalogOptions;
import io.github.cdkimageresizepipeline.ImageAdjustment;
import io.github.cdkimageresizepipeline.ImageAlarm;
import io.github.cdkimageresizepipeline.ImageAlarmThresholds;
import io.github.cdkimageresizepipeline.ImageBackfill;
import io.github.cdkimageresizepipeline.ImageBackfillPrices;
import io.github.cdkimageresizepipeline.ImageDistribution;
import io.github.cdkimageresizepipeline.ImageFit;
import io.github.cdkimageresizepipeline.ImageMonitoring;
import io.github.cdkimageresizepipeline.ImagePosition;
import io.github.cdkimageresizepipeline.ImageProfile;
import io.github.cdkimageresizepipeline.ImageProfileOptions;
import io.github.cdkimageresizepipeline.ImageResizePipeline;
import io.github.cdkimageresizepipeline.ImageUploadApi;
import io.github.cdkimageresizepipeline.ImageWatermark;
import io.github.cdkimageresizepipeline.ImageWatermarkOptions;
import io.github.cdkimageresizepipeline.ResizeFunctionOptions;
import io.github.cdkimageresizepipeline.ResizeHook;
import io.github.cdkimageresizepipeline.ResizeTrigger;
import io.github.cdkimageresizepipeline.ResizeTriggerConfig;
import io.github.cdkimageresizepipeline.ResizeTriggerContext;
import io.github.cdkimageresizepipeline.ResizeTriggerSource;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpIamAuthorizer;
import software.amazon.awscdk.services.events.OnEventOptions;
import software.amazon.awscdk.services.events.targets.SqsQueue;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.s3.EventType;
import software.amazon.awscdk.services.s3.notifications.SqsDestination;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** What the examples do not use, as a user of Java would write it: a trigger of one's own, and the other constructs. */
public final class TwinsApp {
    private TwinsApp() {
    }

    public static final class OwnTrigger extends ResizeTrigger {
        @Override
        public ResizeTriggerConfig bind(final Construct scope, final ResizeTriggerContext context) {
            final Queue lost = Queue.Builder.create(scope, "Lost").encryptionMasterKey(context.getEncryptionKey()).build();
            final Queue queue = Queue.Builder.create(scope, "Events")
                .visibilityTimeout(context.getResizeFunction().getTimeout())
                .deadLetterQueue(DeadLetterQueue.builder().queue(lost).maxReceiveCount(2).build())
                .build();
            context.getResizeFunction().addEventSource(SqsEventSource.Builder.create(queue).batchSize(1).reportBatchItemFailures(true).build());
            return ResizeTriggerConfig.builder().queue(queue).deadLetterQueue(lost).maxTries(1).build();
        }

        @Override
        public void bindSource(
                final Construct scope, final ResizeTriggerSource source, final ResizeTriggerContext context, final ResizeTriggerConfig config) {
            final EventType event = source.getDeletions() ? EventType.OBJECT_TAGGING : EventType.OBJECT_CREATED;
            source.getBucket().addEventNotification(event, new SqsDestination(config.getQueue()));
        }
    }

    private static void everyClass(final Stack stack) {
        final ImageProfile card = ImageProfile.of("card", ImageProfileOptions.builder()
            .width(640)
            .height(480)
            .fit(ImageFit.COVER)
            .position(ImagePosition.FOCAL_POINT)
            .metadata(Map.of("shop", "spring"))
            .adjustments(List.of(
                ImageAdjustment.greyscale(),
                ImageAdjustment.sharpen(0.8),
                ImageAdjustment.watermark(
                    ImageWatermark.fromAsset("mark.png"),
                    ImageWatermarkOptions.builder().opacity(0.5).position(ImagePosition.LEFT_TOP).build())))
            .build());
        final ImageResizePipeline pipeline = ImageResizePipeline.Builder.create(stack, "Images")
            .profiles(List.of(card))
            .resizeFunction(ResizeFunctionOptions.builder().hook(ResizeHook.fromAsset("moderate.mjs")).build())
            .catalog(CatalogOptions.builder().exif(true).expireAfter(Duration.days(30)).build())
            .build();
        pipeline.onCompleted("Completed", OnEventOptions.builder().target(new SqsQueue(new Queue(stack, "Publish"))).build());
        final ImageBackfill backfill = ImageBackfill.Builder.create(stack, "Backfill")
            .pipeline(pipeline)
            .maxConcurrency(50)
            .prices(ImageBackfillPrices.builder().s3Puts(5.5).build())
            .build();
        final ImageUploadApi api = ImageUploadApi.Builder.create(stack, "Api")
            .pipeline(pipeline)
            .authorizer(new HttpIamAuthorizer())
            .corsOrigins(List.of("https://example.com"))
            .build();
        ImageDistribution.Builder.create(stack, "Delivery").pipeline(pipeline).build();
        ImageMonitoring.Builder.create(stack, "Monitoring")
            .pipeline(pipeline)
            .backfill(backfill)
            .api(api)
            .withoutAlarms(List.of(ImageAlarm.API_ERRORS))
            .thresholds(ImageAlarmThresholds.builder()
                .failedShareByCode(Map.of("UNSUPPORTED_FORMAT", 20))
                .oldestMessage(Duration.minutes(45))
                .build())
            .build();
    }

    public static void main(final String[] args) {
        final App app = new App();
        ImageResizePipeline.Builder.create(new Stack(app, "OwnTrigger"), "Images").trigger(new OwnTrigger()).build();
        everyClass(new Stack(app, "EveryClass"));
        app.synth();
    }
}
