import { Duration, Size } from 'aws-cdk-lib';
import { IHttpRouteAuthorizer, ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { UploadMethod } from './upload-method';
import { ImageResizePipeline } from '../pipeline/image-resize-pipeline';

/** Properties of `ImageUploadApi`. */
export interface ImageUploadApiProps {
  /** The pipeline that images are uploaded to, and whose records are shown. It must have `ImageIdSource.METADATA`. */
  readonly pipeline: ImageResizePipeline;
  /**
   * Who may use the API: such as `HttpIamAuthorizer`, `HttpJwtAuthorizer` or a Lambda authorizer.
   * Images have no owners: who is let in may see all images, and delete all uploads where there is such a route.
   * With `HttpNoneAuthorizer` that is everyone who knows the URL.
   */
  readonly authorizer: IHttpRouteAuthorizer;
  /**
   * How clients upload.
   *
   * @default UploadMethod.POST
   */
  readonly uploadMethod?: UploadMethod;
  /**
   * Path of the route that allows uploads: segments of letters, digits, dots, dashes, tildes and underscores.
   *
   * @default '/uploads'
   */
  readonly uploadPath?: string;
  /**
   * What the key of every upload begins with. The image id and a safe form of the file name follow. It must begin with
   * the prefix of the pipeline's first source, have at most 512 bytes, and neither `*` nor `?`, which IAM would take as wildcards.
   *
   * @default - the prefix of the pipeline's first source
   */
  readonly uploadPrefix?: string;
  /**
   * Largest upload, at least one byte and at most the pipeline's `processing.maxInputSize`. S3 enforces it.
   *
   * @default - the pipeline's `processing.maxInputSize`
   */
  readonly maxUploadSize?: Size;
  /**
   * Media types of which an upload must have one. The pipeline looks at the content in any case.
   *
   * @default - those that the pipeline accepts: `image/jpeg`, `image/png`, `image/webp`, `image/avif`, `image/gif`,
   * `image/tiff`, `image/svg+xml` with `processing.acceptSvg`, and `image/heic` and `image/heif` with `processing.acceptHeic`
   */
  readonly contentTypes?: string[];
  /**
   * Origins of web pages that may use the API and upload to the bucket, such as `https://example.com`, or `*` for all.
   * On an imported bucket you must add the CORS rule yourself: a warning shows it.
   *
   * @default - none
   */
  readonly corsOrigins?: string[];
  /**
   * For how long a client may begin an upload after the API allowed it, from one second to one hour. It can be less: a permission ends
   * with the credentials of the function that signed it.
   *
   * @default Duration.minutes(5)
   */
  readonly uploadExpiry?: Duration;
  /**
   * How long links to renditions work, from one second to one hour: at most so long, and at least half of it, because links stay the
   * same meanwhile, by which browsers keep the pictures. It can be less: a link ends with the credentials of the function
   * that signed it. Not used with `renditionsUrl`.
   *
   * @default Duration.minutes(15)
   */
  readonly linkExpiry?: Duration;
  /**
   * Whether `GET /images/{imageId}` has links to the original, also with `renditionsUrl`. Originals have all their metadata, such as
   * where a photo was taken.
   *
   * @default false
   */
  readonly originalLinks?: boolean;
  /**
   * How many requests the API answers per second, and at one moment, for all clients together. Requests beyond that are answered
   * with 429.
   *
   * @default - 50 per second, 100 at a time
   */
  readonly throttle?: ThrottleSettings;
  /**
   * Base URL of what serves the renditions, such as that of a CDN. Links are then this URL with the
   * rendition's key. They do not expire and are not signed: with `ImageDistribution`'s `signedBy`, clients need signed cookies.
   *
   * @default - presigned links to the output bucket
   */
  readonly renditionsUrl?: string;
}
