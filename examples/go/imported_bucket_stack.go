package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	images "github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline-go/cdkimageresizepipeline"
)

// NewImportedBucketStack has a pipeline on a bucket that exists: own profiles, another trigger, permissions for a gallery, an alarm.
func NewImportedBucketStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)

	hero := images.ImageProfile_Of(jsii.String("hero"), &images.ImageProfileOptions{
		Width: jsii.Number(1600),
		Formats: &[]images.OutputFormat{
			images.OutputFormat_Avif(nil),
			images.OutputFormat_Jpeg(&images.JpegOptions{Quality: jsii.Number(82), Progressive: jsii.Bool(true)}),
		},
	})
	pipeline := images.NewImageResizePipeline(stack, jsii.String("Images"), &images.ImageResizePipelineProps{
		SourceBucket: awss3.Bucket_FromBucketName(stack, jsii.String("Photos"), jsii.String("photos")),
		SourcePrefix: jsii.String("uploads/"),
		Profiles:     &[]images.ImageProfile{images.ImageProfile_THUMBNAIL(), hero},
		// Notifications of the bucket that others set stay as they are.
		Trigger:    images.ResizeTrigger_EventBridge(&images.QueueTriggerOptions{MaxTries: jsii.Number(5)}),
		Processing: &images.ProcessingOptions{Metadata: images.MetadataPolicy_KEEP_COPYRIGHT, DeleteRenditions: jsii.Bool(true)},
	})

	gallery := awsiam.NewRole(stack, jsii.String("Gallery"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	})
	pipeline.Grants().ReadRenditions(gallery)
	pipeline.Grants().ReadCatalog(gallery)

	failed := pipeline.Metrics().Failed(&awscloudwatch.MetricOptions{Period: awscdk.Duration_Minutes(jsii.Number(5))})
	failed.CreateAlarm(stack, jsii.String("Failures"), &awscloudwatch.CreateAlarmOptions{
		Threshold: jsii.Number(10), EvaluationPeriods: jsii.Number(1),
	})
	return stack
}
