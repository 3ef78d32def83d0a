// What the examples do not use, as a user of Go would write it: a trigger of one's own, and the other constructs.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
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

func everyClass(stack awscdk.Stack) {
	mark := images.ImageWatermark_FromAsset(jsii.String("mark.png"))
	card := images.ImageProfile_Of(jsii.String("card"), &images.ImageProfileOptions{
		Width:    jsii.Number(640),
		Height:   jsii.Number(480),
		Fit:      images.ImageFit_COVER,
		Position: images.ImagePosition_FOCAL_POINT,
		Metadata: &map[string]*string{"shop": jsii.String("spring")},
		Adjustments: &[]images.ImageAdjustment{
			images.ImageAdjustment_Greyscale(),
			images.ImageAdjustment_Sharpen(jsii.Number(0.8)),
			images.ImageAdjustment_Watermark(mark, &images.ImageWatermarkOptions{Opacity: jsii.Number(0.5), Position: images.ImagePosition_LEFT_TOP}),
		},
	})
	pipeline := images.NewImageResizePipeline(stack, jsii.String("Images"), &images.ImageResizePipelineProps{
		Profiles:       &[]images.ImageProfile{card},
		ResizeFunction: &images.ResizeFunctionOptions{Hook: images.ResizeHook_FromAsset(jsii.String("moderate.mjs"))},
		Catalog:        &images.CatalogOptions{Exif: jsii.Bool(true), ExpireAfter: awscdk.Duration_Days(jsii.Number(30))},
	})
	publish := awssqs.NewQueue(stack, jsii.String("Publish"), nil)
	pipeline.OnCompleted(jsii.String("Completed"), &awsevents.OnEventOptions{Target: awseventstargets.NewSqsQueue(publish, nil)})
	backfill := images.NewImageBackfill(stack, jsii.String("Backfill"), &images.ImageBackfillProps{
		Pipeline: pipeline, MaxConcurrency: jsii.Number(50), Prices: &images.ImageBackfillPrices{S3Puts: jsii.Number(5.5)},
	})
	api := images.NewImageUploadApi(stack, jsii.String("Api"), &images.ImageUploadApiProps{
		Pipeline: pipeline, Authorizer: awsapigatewayv2authorizers.NewHttpIamAuthorizer(), CorsOrigins: jsii.Strings("https://example.com"),
	})
	images.NewImageDistribution(stack, jsii.String("Delivery"), &images.ImageDistributionProps{Pipeline: pipeline})
	images.NewImageMonitoring(stack, jsii.String("Monitoring"), &images.ImageMonitoringProps{
		Pipeline:      pipeline,
		Backfill:      backfill,
		Api:           api,
		WithoutAlarms: &[]images.ImageAlarm{images.ImageAlarm_API_ERRORS},
		Thresholds: &images.ImageAlarmThresholds{
			FailedShareByCode: &map[string]*float64{"UNSUPPORTED_FORMAT": jsii.Number(20)},
			OldestMessage:     awscdk.Duration_Minutes(jsii.Number(45)),
		},
	})
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("OwnTrigger"), nil)
	images.NewImageResizePipeline(stack, jsii.String("Images"), &images.ImageResizePipelineProps{Trigger: newOwnTrigger()})
	everyClass(awscdk.NewStack(app, jsii.String("EveryClass"), nil))
	app.Synth(nil)
}
