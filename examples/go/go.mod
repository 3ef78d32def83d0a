module images

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.236.0
	github.com/aws/constructs-go/constructs/v10 v10.4.5
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline-go/cdkimageresizepipeline v0.0.0
)
