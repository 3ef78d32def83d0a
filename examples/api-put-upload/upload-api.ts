import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat, AuthorizationType, AwsIntegration, CfnResource, EndpointType, IResource, LogGroupLogDestination, PassthroughBehavior,
  RequestValidator, Resource, RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { addGatewayResponses, methodResponses, storageResponses } from './responses';

/** Bodies of other types are text to API Gateway, which would change their bytes. */
const BINARY_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff', 'application/octet-stream'];

/** Headers of the request that go on to S3, and whether there must be one. */
const HEADERS = { 'Content-Type': true, 'x-amz-meta-image-id': false };

export interface UploadApiProps {
  readonly pipeline: ImageResizePipeline;
  readonly open: boolean;
  readonly cloudWatchRole: boolean;
}

/** `PUT /{bucket}/{filename}` for the source bucket of a pipeline: API Gateway writes the body to S3, no code in between. */
export class UploadApi extends Construct {
  /** A file name after it makes the address of an upload. */
  readonly url: string;
  /** What callers must be allowed to invoke: `execute-api:Invoke`. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { pipeline, open, cloudWatchRole }: UploadApiProps) {
    super(scope, id);
    const { sourceBucket } = pipeline;

    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const api = new RestApi(this, 'Api', {
      description: 'Takes images and stores them in the source bucket',
      binaryMediaTypes: BINARY_TYPES,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole,
      // The account's settings name the role, also for other APIs: it stays when this stack goes.
      cloudWatchRoleRemovalPolicy: cloudWatchRole ? RemovalPolicy.RETAIN : undefined,
      deployOptions: {
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
      },
    });
    addGatewayResponses(api);

    bucketPath(this, api, sourceBucket).addResource('{filename}').addMethod('PUT', this.putObject(pipeline), {
      authorizationType: open ? AuthorizationType.NONE : AuthorizationType.IAM,
      requestParameters: {
        'method.request.path.filename': true,
        ...Object.fromEntries(Object.entries(HEADERS).map(([name, required]) => [`method.request.header.${name}`, required])),
      },
      requestValidator: new RequestValidator(this, 'Parameters', { restApi: api, validateRequestParameters: true }),
      methodResponses,
    });

    this.url = api.urlForPath(`/${sourceBucket.bucketName}/`);
    this.arn = api.arnForExecuteApi('PUT', `/${sourceBucket.bucketName}/*`, api.deploymentStage.stageName);
  }

  private putObject(pipeline: ImageResizePipeline): AwsIntegration {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Writes uploads of the API to the source bucket',
    });
    pipeline.grants.upload(role);

    return new AwsIntegration({
      service: 's3',
      integrationHttpMethod: 'PUT',
      path: `${pipeline.sourceBucket.bucketName}/{key}`,
      options: {
        credentialsRole: role,
        passthroughBehavior: PassthroughBehavior.WHEN_NO_MATCH,
        requestParameters: {
          'integration.request.path.key': 'method.request.path.filename',
          ...Object.fromEntries(Object.keys(HEADERS).map((name) => [`integration.request.header.${name}`, `method.request.header.${name}`])),
        },
        integrationResponses: storageResponses,
      },
    });
  }
}

/**
 * The name of the bucket as a fixed part of the path: requests for other buckets end in the API, and S3 is never asked.
 * `addResource` takes no names that are known at deployment only.
 */
function bucketPath(scope: Construct, api: RestApi, bucket: IBucket): IResource {
  const { ref } = new CfnResource(scope, 'BucketPath', { restApiId: api.restApiId, parentId: api.restApiRootResourceId, pathPart: bucket.bucketName });
  return Resource.fromResourceAttributes(scope, 'Bucket', { restApi: api, resourceId: ref, path: `/${bucket.bucketName}` });
}
