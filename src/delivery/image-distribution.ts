import { Duration, Token } from 'aws-cdk-lib';
import {
  AllowedMethods, CachedMethods, CachePolicy, Distribution, HttpVersion, PriceClass, S3OriginAccessControl, SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { MAX_CACHE, requireDistributionProps } from './check-props';
import { allowDistribution, requireReadable } from './distribution-rights';
import { globalName } from './global-name';
import { ImageDistributionProps } from './image-distribution-props';
import { imageResponseHeaders } from './response-headers';
import { checked } from '../support/checks';

const DEFAULT_CACHE = Duration.days(1);

/**
 * Delivers the renditions of a pipeline by CloudFront: `<url>/<key of the rendition>`, with every segment of the key encoded
 * as URLs need it.
 *
 * The bucket stays private. Its policy lets this distribution read what is under the pipeline's output prefixes and nothing
 * else, so originals in the same bucket are out of reach; nor can anybody list it. What cannot be read is answered with 403.
 *
 * Created: a distribution with its origin access control, cache policy and response headers policy.
 *
 * @example
 * import { CfnOutput } from 'aws-cdk-lib';
 * import { ImageDistribution, ImageResizePipeline } from 'cdk-image-resize-pipeline';
 *
 * const pipeline = new ImageResizePipeline(this, 'Images');
 * const delivery = new ImageDistribution(this, 'Delivery', { pipeline });
 * new CfnOutput(this, 'ThumbnailOfCat', { value: `${delivery.url}/cat.jpg/thumbnail.jpg` });
 */
export class ImageDistribution extends Construct {
  /** The distribution. */
  public readonly distribution: Distribution;
  /** Where renditions are: `https://`, and the first domain name without wildcard, or that of CloudFront where the names are not known at synth. */
  public readonly url: string;

  /**
   * @throws Error when a property is out of its range, or when CloudFront could not read the bucket or write the logs
   */
  constructor(scope: Construct, id: string, props: ImageDistributionProps) {
    super(scope, id);
    checked(this, () => requireDistributionProps(props));
    const { pipeline, cacheDuration = DEFAULT_CACHE, domainNames } = props;
    checked(this, () => requireReadable(pipeline.outputBucket));

    const accessControl = new S3OriginAccessControl(this, 'AccessControl', { originAccessControlName: globalName(this, 64) });
    this.distribution = new Distribution(this, 'Distribution', {
      defaultBehavior: {
        // CDK's origin with access control would open the whole bucket: see allowDistribution.
        origin: S3BucketOrigin.withBucketDefaults(pipeline.outputBucket, { originAccessControlId: accessControl.originAccessControlId }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachedMethods: CachedMethods.CACHE_GET_HEAD,
        // Images are compressed already.
        compress: false,
        cachePolicy: new CachePolicy(this, 'CachePolicy', {
          cachePolicyName: globalName(this, 128),
          minTtl: Duration.seconds(0),
          defaultTtl: cacheDuration,
          maxTtl: MAX_CACHE,
        }),
        responseHeadersPolicy: imageResponseHeaders(this, props.corsOrigins ?? []),
        trustedKeyGroups: props.signedBy,
      },
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      domainNames,
      certificate: props.certificate,
      webAclId: props.webAclId,
      priceClass: props.priceClass ?? PriceClass.PRICE_CLASS_ALL,
      logBucket: props.accessLogBucket,
      logFilePrefix: props.accessLogPrefix,
    });
    allowDistribution(this, this.distribution, pipeline);

    const names = Token.isUnresolved(domainNames) ? [] : domainNames ?? [];
    const domainName = names.find((name) => !name.startsWith('*')) ?? this.distribution.distributionDomainName;
    this.url = `https://${domainName}`;
  }
}
