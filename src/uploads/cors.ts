import { Annotations, Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import { Bucket, CorsRule, HttpMethods, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { UploadMethod } from './upload-method';
import { WARNINGS } from '../support/warnings';

/** What pages of these origins may ask of the API: also with requests that are signed. */
export function apiCors(allowOrigins: string[], deletes: boolean): CorsPreflightOptions {
  return {
    allowOrigins,
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, ...(deletes ? [CorsHttpMethod.DELETE] : [])],
    allowHeaders: ['authorization', 'content-type', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
    maxAge: Duration.hours(1),
  };
}

/** Lets pages of these origins upload to the bucket. */
export function allowUploads(scope: Construct, bucket: IBucket, allowedOrigins: string[], method: UploadMethod): void {
  const rule: CorsRule = {
    allowedOrigins,
    allowedMethods: [method === UploadMethod.PUT ? HttpMethods.PUT : HttpMethods.POST],
    allowedHeaders: method === UploadMethod.PUT ? ['content-type', 'if-none-match', 'x-amz-meta-*'] : [],
    maxAge: 3600,
  };
  if (bucket instanceof Bucket) return bucket.addCorsRule(rule);
  const { allowedMethods: AllowedMethods, allowedHeaders: AllowedHeaders } = rule;
  Annotations.of(scope).addWarningV2(WARNINGS.IMPORTED_BUCKET_CORS,
    `the CORS rules of bucket ${bucket.node.path} cannot be changed from here: add ${JSON.stringify({ AllowedOrigins: allowedOrigins, AllowedMethods, AllowedHeaders, MaxAgeSeconds: 3600 })}`);
}
