import { CfnParameter, Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ImageDistribution, ImageResizePipeline, ImageUploadApi } from '../../src';
import { createStack, propertiesOf, synthesize } from '../helpers/cdk';

const listOf = (stack: Stack) => new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;

test('origins of the upload API may be known only at deployment', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), corsOrigins: listOf(stack) });

  expect(propertiesOf(synthesize(stack), 'AWS::ApiGatewayV2::Api').CorsConfiguration.AllowOrigins).toBe('List');
});

test('so may the patterns of its pipeline', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { include: [new CfnParameter(stack, 'Include').valueAsString] });

  expect(() => new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() })).not.toThrow();
});

test('origins and names of a distribution may, whose URL then is that of CloudFront', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/1');
  const list = listOf(stack);
  const delivery = new ImageDistribution(stack, 'Delivery', { pipeline, corsOrigins: list, domainNames: list, certificate });
  const template = synthesize(stack);

  expect(propertiesOf(template, 'AWS::CloudFront::Distribution').DistributionConfig.Aliases).toBe('List');
  expect(propertiesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowOrigins.Items).toBe('List');
  expect(stack.resolve(delivery.url)).toEqual({ 'Fn::Join': ['', ['https://', expect.objectContaining({ 'Fn::GetAtt': expect.anything() })]] });
});
