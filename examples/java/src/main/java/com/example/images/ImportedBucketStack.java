package com.example.images;

import io.github.cdkimageresizepipeline.ImageProfile;
import io.github.cdkimageresizepipeline.ImageProfileOptions;
import io.github.cdkimageresizepipeline.ImageResizePipeline;
import io.github.cdkimageresizepipeline.JpegOptions;
import io.github.cdkimageresizepipeline.MetadataPolicy;
import io.github.cdkimageresizepipeline.OutputFormat;
import io.github.cdkimageresizepipeline.ProcessingOptions;
import io.github.cdkimageresizepipeline.QueueTriggerOptions;
import io.github.cdkimageresizepipeline.ResizeTrigger;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/** A pipeline on a bucket that exists: own profiles, another trigger, permissions for a gallery, an alarm. */
public class ImportedBucketStack extends Stack {
    public ImportedBucketStack(final Construct scope, final String id) {
        super(scope, id);

        final ImageProfile hero = ImageProfile.of("hero", ImageProfileOptions.builder()
            .width(1600)
            .formats(List.of(
                OutputFormat.avif(),
                OutputFormat.jpeg(JpegOptions.builder().quality(82).progressive(true).build())))
            .build());

        final ImageResizePipeline pipeline = ImageResizePipeline.Builder.create(this, "Images")
            .sourceBucket(Bucket.fromBucketName(this, "Photos", "photos"))
            .sourcePrefix("uploads/")
            .profiles(List.of(ImageProfile.THUMBNAIL, hero))
            // Notifications of the bucket that others set stay as they are.
            .trigger(ResizeTrigger.eventBridge(QueueTriggerOptions.builder().maxTries(5).build()))
            .processing(ProcessingOptions.builder().metadata(MetadataPolicy.KEEP_COPYRIGHT).deleteRenditions(true).build())
            .build();

        final Role gallery = Role.Builder.create(this, "Gallery").assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com")).build();
        pipeline.getGrants().readRenditions(gallery);
        pipeline.getGrants().readCatalog(gallery);

        pipeline.getMetrics().failed(MetricOptions.builder().period(Duration.minutes(5)).build())
            .createAlarm(this, "Failures", CreateAlarmOptions.builder().threshold(10).evaluationPeriods(1).build());
    }
}
