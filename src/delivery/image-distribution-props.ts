import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IKeyGroup, PriceClass } from 'aws-cdk-lib/aws-cloudfront';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';

/** Properties of `ImageDistribution`. */
export interface ImageDistributionProps {
  /** Pipeline whose renditions are delivered, also those of sources that are added to it later. */
  readonly pipeline: ImageResizePipeline;
  /**
   * How long CloudFront keeps renditions that have no `Cache-Control` of their own (`ImageProfileOptions.cacheControl`, which
   * wins, and which browsers see as well). From zero to 365 days. When an original is replaced, its renditions keep their keys: for
   * this long CloudFront may still deliver the former ones.
   *
   * @default Duration.days(1)
   */
  readonly cacheDuration?: Duration;
  /**
   * Key groups of which one must have signed the URL or the cookies of a request.
   *
   * @default - whoever knows the key of a rendition can see it
   */
  readonly signedBy?: IKeyGroup[];
  /**
   * Origins of web pages whose scripts may read renditions, such as `https://www.example.com` or `*`. Pages that only show
   * them need none.
   *
   * @default - none
   */
  readonly corsOrigins?: string[];
  /**
   * Domain names of your own, such as `images.example.com`. You must point them to the distribution in DNS.
   *
   * @default - the name that CloudFront gives
   */
  readonly domainNames?: string[];
  /**
   * Certificate for `domainNames`, in us-east-1.
   *
   * @default - that of CloudFront
   */
  readonly certificate?: ICertificate;
  /**
   * ARN of a web ACL of AWS WAF with the scope CloudFront.
   *
   * @default - none
   */
  readonly webAclId?: string;
  /**
   * The regions of the world from which CloudFront delivers.
   *
   * @default PriceClass.PRICE_CLASS_ALL
   */
  readonly priceClass?: PriceClass;
  /**
   * Bucket for access logs. CloudFront writes them with ACLs, so its `objectOwnership` must be
   * `ObjectOwnership.BUCKET_OWNER_PREFERRED` or `ObjectOwnership.OBJECT_WRITER`.
   *
   * @default - no access logs
   */
  readonly accessLogBucket?: IBucket;
  /**
   * Prefix of the access logs' keys.
   *
   * @default - none
   */
  readonly accessLogPrefix?: string;
}
