import { Names, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage, IHttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { IMAGE_PATH, IMAGES_PATH } from '../contract';
import { ACCESS_LOG_FORMAT } from './access-log';
import { createImageApiFunction } from './api-function';
import { allowUploads, apiCors } from './cors';
import { ImageUploadApiProps } from './image-upload-api-props';
import { imageApiConfig } from './render-config';
import { UploadMethod } from './upload-method';
import { listingProblems } from '../pipeline/record-table';
import { checked } from '../support/checks';
import { requireSameEnvironment } from '../support/same-environment';

/**
 * An HTTP API through which clients upload images straight to the bucket of a pipeline, and see what became of them.
 *
 * Routes, with JSON in and out; an error is `{ "code": "INVALID_REQUEST", "message": "..." }`:
 *
 * - `POST /uploads` with `fileName`, `contentType`, `bytes` (needed for `UploadMethod.PUT`), `width` and `height` where
 *   the pipeline has a `requestedSize`, and `focalPoint` for `ImagePosition.FOCAL_POINT`: `{ "x": 0.25, "y": 0.4 }` with numbers
 *   from 0 to 1. Answers with `imageId`, `method`, `url`, `expiresAt`, and the `fields` of a form or
 *   the `headers` of a PUT. The image is `PENDING` until it arrives, and forgotten a day after the upload could last begin.
 * - `GET /images`, in the order of the requests for their uploads, newest first, with `status`, `limit` (1 to 100, 20 by default)
 *   and the `cursor` of the page before. Announced images that have not arrived are listed only with `status=PENDING`, and only as
 *   long as they can arrive. An image that changes its status between two pages may be on both. Only the absence of a `cursor` tells the end: a
 *   page has fewer images than `limit`, or none, where finding them takes long or they are more than Lambda can answer with.
 *   Of the renditions a list has those that a grid of pictures needs.
 * - `GET /images/{imageId}` with all renditions, the smallest first, links to them, and with `originalLinks` links to the original.
 * - `DELETE /images/{imageId}`, for uploads through this API, whoever made them, where the pipeline has `processing.deleteRenditions`.
 *   The image is listed until the pipeline has handled the deletion.
 *
 * Answers to `GET` have an `ETag`, and are 304 where nothing has changed; they are compressed for clients that say that they can
 * read it.
 *
 * Created: the HTTP API with access logs, a Lambda function with a role of its own, and two log groups, which are kept
 * for a month and have the pipeline's `removalPolicy`.
 *
 * @throws Error when the pipeline takes image ids from keys, when it is known to be in another region or account, or, at
 * synthesis, when its table is known to have no index `by-status`
 *
 * @example
 * import { CfnOutput } from 'aws-cdk-lib';
 * import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
 * import { ImageResizePipeline, ImageUploadApi } from 'cdk-image-resize-pipeline';
 *
 * const pipeline = new ImageResizePipeline(this, 'Images');
 * const api = new ImageUploadApi(this, 'Api', { pipeline, authorizer: new HttpIamAuthorizer(), corsOrigins: ['https://example.com'] });
 * new CfnOutput(this, 'ApiUrl', { value: api.url });
 */
export class ImageUploadApi extends Construct {
  /** The API. Routes that are added to it have the same authorizer. */
  public readonly httpApi: HttpApi;
  /** Its only stage, for an `ApiMapping` to a domain name of your own. */
  public readonly stage: IHttpStage;
  /** The function behind the routes. */
  public readonly apiFunction: LambdaFunction;
  /** Role of the function. */
  public readonly role: IRole;
  /** Base URL of the API, without a slash at the end. */
  public readonly url: string;
  /** One JSON line for each request. */
  public readonly accessLogGroup: ILogGroup;
  /** Logs of the function. */
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: ImageUploadApiProps) {
    super(scope, id);
    const { pipeline, authorizer, corsOrigins = [], throttle } = props;
    requireSameEnvironment(this, 'the API', { pipeline: Stack.of(pipeline) });
    this.node.addValidation({ validate: () => listingProblems(pipeline.table) });
    const config = checked(this, () => imageApiConfig(props, Names.uniqueResourceName(this, { maxLength: 64, separator: '-' })));
    const created = createImageApiFunction(this, pipeline, config);
    this.apiFunction = created.apiFunction;
    this.role = created.role;
    this.logGroup = created.logGroup;

    this.accessLogGroup = new LogGroup(this, 'AccessLogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: pipeline._storage.removalPolicy });
    this.httpApi = new HttpApi(this, 'HttpApi', {
      description: 'Uploads of images, and what became of them',
      defaultAuthorizer: authorizer,
      createDefaultStage: false,
      corsPreflight: corsOrigins.length > 0 ? apiCors(corsOrigins, config.deletes) : undefined,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle?.rateLimit ?? 50, burstLimit: throttle?.burstLimit ?? 100 },
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLogGroup), format: ACCESS_LOG_FORMAT },
    });
    this.url = this.httpApi.apiEndpoint;

    const integration = new HttpLambdaIntegration('Integration', this.apiFunction);
    this.httpApi.addRoutes({ path: config.upload.path, methods: [HttpMethod.POST], integration });
    this.httpApi.addRoutes({ path: IMAGES_PATH, methods: [HttpMethod.GET], integration });
    this.httpApi.addRoutes({ path: IMAGE_PATH, methods: [HttpMethod.GET, ...(config.deletes ? [HttpMethod.DELETE] : [])], integration });
    if (corsOrigins.length > 0) allowUploads(this, pipeline.sourceBucket, corsOrigins, props.uploadMethod ?? UploadMethod.POST);
  }
}
