package com.example.images;

import io.github.cdkimageresizepipeline.ImageResizePipeline;
import io.github.cdkimageresizepipeline.ResizeTrigger;
import io.github.cdkimageresizepipeline.ResizeTriggerConfig;
import io.github.cdkimageresizepipeline.ResizeTriggerContext;
import io.github.cdkimageresizepipeline.ResizeTriggerSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.s3.EventType;
import software.amazon.awscdk.services.s3.notifications.SqsDestination;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** A trigger as a user of Java would write it. */
public final class OwnTriggerApp {
    private OwnTriggerApp() {
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

    public static void main(final String[] args) {
        final App app = new App();
        ImageResizePipeline.Builder.create(new Stack(app, "OwnTrigger"), "Images").trigger(new OwnTrigger()).build();
        app.synth();
    }
}
