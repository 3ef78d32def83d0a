"""What the examples do not use, as a user of Python would write it: a trigger of one's own, and the other constructs."""
from aws_cdk import App, Duration, Stack
from aws_cdk.aws_apigatewayv2_authorizers import HttpIamAuthorizer
from aws_cdk.aws_events_targets import SqsQueue
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_s3 import EventType
from aws_cdk.aws_s3_notifications import SqsDestination
from aws_cdk.aws_sqs import DeadLetterQueue, Queue
from cdk_image_resize_pipeline import (
    CatalogOptions,
    ImageAdjustment,
    ImageAlarm,
    ImageAlarmThresholds,
    ImageBackfill,
    ImageBackfillPrices,
    ImageDistribution,
    ImageFit,
    ImageMonitoring,
    ImagePosition,
    ImageProfile,
    ImageResizePipeline,
    ImageUploadApi,
    ImageWatermark,
    ResizeFunctionOptions,
    ResizeHook,
    ResizeTrigger,
    ResizeTriggerConfig,
    ResizeTriggerContext,
    ResizeTriggerSource,
)
from constructs import Construct


class OwnTrigger(ResizeTrigger):
    def bind(self, scope: Construct, context: ResizeTriggerContext) -> ResizeTriggerConfig:
        lost = Queue(scope, "Lost", encryption_master_key=context.encryption_key)
        queue = Queue(
            scope,
            "Events",
            visibility_timeout=context.resize_function.timeout,
            dead_letter_queue=DeadLetterQueue(queue=lost, max_receive_count=2),
        )
        context.resize_function.add_event_source(SqsEventSource(queue, batch_size=1, report_batch_item_failures=True))
        return ResizeTriggerConfig(queue=queue, dead_letter_queue=lost, max_tries=1)

    def bind_source(self, scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext, config: ResizeTriggerConfig) -> None:
        event = EventType.OBJECT_TAGGING if source.deletions else EventType.OBJECT_CREATED
        source.bucket.add_event_notification(event, SqsDestination(config.queue))


class EveryClassStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        mark = ImageWatermark.from_asset("mark.png")
        card = ImageProfile.of(
            "card",
            width=640,
            height=480,
            fit=ImageFit.COVER,
            position=ImagePosition.FOCAL_POINT,
            metadata={"shop": "spring"},
            adjustments=[
                ImageAdjustment.greyscale(),
                ImageAdjustment.sharpen(0.8),
                ImageAdjustment.watermark(mark, opacity=0.5, position=ImagePosition.LEFT_TOP),
            ],
        )
        pipeline = ImageResizePipeline(
            self,
            "Images",
            profiles=[card],
            resize_function=ResizeFunctionOptions(hook=ResizeHook.from_asset("moderate.mjs")),
            catalog=CatalogOptions(exif=True, expire_after=Duration.days(30)),
        )
        pipeline.on_completed("Completed", target=SqsQueue(Queue(self, "Publish")))
        backfill = ImageBackfill(self, "Backfill", pipeline=pipeline, max_concurrency=50, prices=ImageBackfillPrices(s3_puts=5.5))
        api = ImageUploadApi(self, "Api", pipeline=pipeline, authorizer=HttpIamAuthorizer(), cors_origins=["https://example.com"])
        ImageDistribution(self, "Delivery", pipeline=pipeline)
        ImageMonitoring(
            self,
            "Monitoring",
            pipeline=pipeline,
            backfill=backfill,
            api=api,
            without_alarms=[ImageAlarm.API_ERRORS],
            thresholds=ImageAlarmThresholds(failed_share_by_code={"UNSUPPORTED_FORMAT": 20}, oldest_message=Duration.minutes(45)),
        )


app = App()
ImageResizePipeline(Stack(app, "OwnTrigger"), "Images", trigger=OwnTrigger())
EveryClassStack(app, "EveryClass")
app.synth()
