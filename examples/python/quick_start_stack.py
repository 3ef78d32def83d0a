from aws_cdk import CfnOutput, RemovalPolicy, Stack
from cdk_image_resize_pipeline import ImageResizePipeline
from constructs import Construct


class QuickStartStack(Stack):
    """The construct with its defaults: three JPEG renditions of every image, and a record of each."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        pipeline = ImageResizePipeline(
            self,
            "Images",
            # An example leaves nothing behind. Without this line, buckets and table outlive their stack.
            removal_policy=RemovalPolicy.DESTROY,
        )

        CfnOutput(self, "InputBucketName", value=pipeline.source_bucket.bucket_name)
        CfnOutput(self, "OutputBucketName", value=pipeline.output_bucket.bucket_name)
        CfnOutput(self, "TableName", value=pipeline.table.table_name)
