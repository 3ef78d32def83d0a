from aws_cdk import Duration, Stack
from aws_cdk.aws_iam import Role, ServicePrincipal
from aws_cdk.aws_s3 import Bucket
from cdk_image_resize_pipeline import (
    ImageProfile,
    ImageResizePipeline,
    MetadataPolicy,
    OutputFormat,
    ProcessingOptions,
    ResizeTrigger,
)
from constructs import Construct


class ImportedBucketStack(Stack):
    """A pipeline on a bucket that exists: own profiles, another trigger, permissions for a gallery, an alarm."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        pipeline = ImageResizePipeline(
            self,
            "Images",
            source_bucket=Bucket.from_bucket_name(self, "Photos", "photos"),
            source_prefix="uploads/",
            profiles=[
                ImageProfile.THUMBNAIL,
                ImageProfile.of(
                    "hero",
                    width=1600,
                    formats=[OutputFormat.avif(), OutputFormat.jpeg(quality=82, progressive=True)],
                ),
            ],
            # Notifications of the bucket that others set stay as they are.
            trigger=ResizeTrigger.event_bridge(max_tries=5),
            processing=ProcessingOptions(metadata=MetadataPolicy.KEEP_COPYRIGHT, delete_renditions=True),
        )

        gallery = Role(self, "Gallery", assumed_by=ServicePrincipal("ecs-tasks.amazonaws.com"))
        pipeline.grants.read_renditions(gallery)
        pipeline.grants.read_catalog(gallery)

        failed = pipeline.metrics.failed(period=Duration.minutes(5))
        failed.create_alarm(self, "Failures", threshold=10, evaluation_periods=1)
