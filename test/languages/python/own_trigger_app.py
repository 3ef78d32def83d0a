"""A trigger as a user of Python would write it."""
from aws_cdk import App, Stack
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_s3 import EventType
from aws_cdk.aws_s3_notifications import SqsDestination
from aws_cdk.aws_sqs import DeadLetterQueue, Queue
from cdk_image_resize_pipeline import ImageResizePipeline, ResizeTrigger, ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource
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


app = App()
ImageResizePipeline(Stack(app, "OwnTrigger"), "Images", trigger=OwnTrigger())
app.synth()
