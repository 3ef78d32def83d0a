// A trigger as a user of Go would write it.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	images "github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline-go/cdkimageresizepipeline"
)

type ownTrigger struct {
	images.ResizeTrigger
}

func newOwnTrigger() images.ResizeTrigger {
	trigger := &ownTrigger{}
	images.NewResizeTrigger_Override(trigger)
	return trigger
}

func (t *ownTrigger) Bind(scope constructs.Construct, context *images.ResizeTriggerContext) *images.ResizeTriggerConfig {
	lost := awssqs.NewQueue(scope, jsii.String("Lost"), &awssqs.QueueProps{EncryptionMasterKey: context.EncryptionKey})
	queue := awssqs.NewQueue(scope, jsii.String("Events"), &awssqs.QueueProps{
		VisibilityTimeout: context.ResizeFunction.Timeout(),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: lost, MaxReceiveCount: jsii.Number(2)},
	})
	context.ResizeFunction.AddEventSource(awslambdaeventsources.NewSqsEventSource(queue, &awslambdaeventsources.SqsEventSourceProps{
		BatchSize: jsii.Number(1), ReportBatchItemFailures: jsii.Bool(true),
	}))
	return &images.ResizeTriggerConfig{Queue: queue, DeadLetterQueue: lost, MaxTries: jsii.Number(1)}
}

func (t *ownTrigger) BindSource(_ constructs.Construct, source *images.ResizeTriggerSource, _ *images.ResizeTriggerContext, config *images.ResizeTriggerConfig) {
	event := awss3.EventType_OBJECT_CREATED
	if source.Deletions != nil && *source.Deletions {
		event = awss3.EventType_OBJECT_TAGGING
	}
	source.Bucket.AddEventNotification(event, awss3notifications.NewSqsDestination(config.Queue))
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("OwnTrigger"), nil)
	images.NewImageResizePipeline(stack, jsii.String("Images"), &images.ImageResizePipelineProps{Trigger: newOwnTrigger()})
	app.Synth(nil)
}
