import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { createStack, synthesize } from './cdk';
import { ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi, ImageUploadApiProps } from '../../src';

/** An API for those with IAM credentials, beside a pipeline of its own. */
export function apiWith(props: Partial<ImageUploadApiProps> = {}, pipelineProps: ImageResizePipelineProps = {}, stack = createStack()) {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
  const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), ...props });
  return { stack, pipeline, api, synthesized: () => synthesize(stack) };
}
