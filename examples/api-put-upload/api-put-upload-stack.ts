import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { ImageProfile, ImageResizePipeline, OutputFormat } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { UploadApi } from './upload-api';

export interface ApiPutUploadStackProps extends StackProps {
  /**
   * Whether everybody on the internet may upload.
   *
   * @default false - requests are signed with AWS credentials that may invoke the API
   */
  readonly open?: boolean;
  /**
   * Whether to create the role with which API Gateway writes logs, and to make it the one of the account in this region.
   *
   * @default true - turn it off where the account has one already
   */
  readonly cloudWatchRole?: boolean;
}

/** `PUT /{bucket}/{filename}` stores an image; half its width and height is stored as `resized-{filename}`. */
export class ApiPutUploadStack extends Stack {
  constructor(scope: Construct, id: string, { open = false, cloudWatchRole = true, ...props }: ApiPutUploadStackProps = {}) {
    super(scope, id, props);

    const pipeline = new ImageResizePipeline(this, 'Images', {
      profiles: [
        ImageProfile.of('half', {
          scale: 0.5,
          formats: [OutputFormat.original()],
          metadata: { 'resized-by': 'api-put-upload', 'scale': '0.5' },
        }),
      ],
      outputKey: 'resized-{key}',
      catalog: { partitionKey: 'resource-id' },
      // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const upload = new UploadApi(this, 'Upload', { pipeline, open, cloudWatchRole });

    new CfnOutput(this, 'UploadUrl', { value: upload.url });
    new CfnOutput(this, 'UploadArn', { value: upload.arn });
    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
  }
}
