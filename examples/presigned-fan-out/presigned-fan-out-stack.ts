import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { ImageFit, ImageProfile, ImageResizePipeline, ImageUploadApi, ResizeTrigger } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';

/** Pages of these origins may call the API and upload. */
const ORIGINS = ['http://localhost:3000'];

/** An API that hands out upload forms, and a state machine that makes the renditions of each image in parallel. */
export class PresignedFanOutStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const pipeline = new ImageResizePipeline(this, 'Images', {
      profiles: [400, 200, 100].map((side) => square(`${side}x${side}`, side)),
      // What a client may ask for at most.
      requestedSize: ImageProfile.of('requested', { width: 2000, height: 2000, fit: ImageFit.COVER, enlarge: true }),
      trigger: ResizeTrigger.stepFunctions(),
      processing: { deleteRenditions: true },
      // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new ImageUploadApi(this, 'Api', {
      pipeline,
      // Anybody may upload, list and delete. With users of your own, use HttpJwtAuthorizer or HttpIamAuthorizer.
      authorizer: new HttpNoneAuthorizer(),
      uploadPath: '/upload-image',
      corsOrigins: ORIGINS,
    });

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: pipeline.stateMachine!.stateMachineArn });
  }
}

/** JPEGs of exactly this size, whatever the image's shape. */
function square(name: string, side: number): ImageProfile {
  return ImageProfile.of(name, { width: side, height: side, fit: ImageFit.COVER, enlarge: true });
}
