package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	images "github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline-go/cdkimageresizepipeline"
)

// NewQuickStartStack has the construct with its defaults: three JPEG renditions of every image, and a record of each.
func NewQuickStartStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)

	pipeline := images.NewImageResizePipeline(stack, jsii.String("Images"), &images.ImageResizePipelineProps{
		// An example leaves nothing behind. Without this line, buckets and table outlive their stack.
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})

	awscdk.NewCfnOutput(stack, jsii.String("InputBucketName"), &awscdk.CfnOutputProps{Value: pipeline.SourceBucket().BucketName()})
	awscdk.NewCfnOutput(stack, jsii.String("OutputBucketName"), &awscdk.CfnOutputProps{Value: pipeline.OutputBucket().BucketName()})
	awscdk.NewCfnOutput(stack, jsii.String("TableName"), &awscdk.CfnOutputProps{Value: pipeline.Table().TableName()})
	return stack
}
