import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { RENDITION_METADATA } from '../contract';
import { globalName } from './global-name';

/** Nothing that a script could need: even an SVG or a page that got in among the images runs none. Styles are the browser's own image view. */
const CONTENT_SECURITY_POLICY = 'default-src \'none\'; style-src \'unsafe-inline\'; frame-ancestors \'none\'; sandbox';

/** What S3 would tell of bucket, source and key. CloudFront removes ten headers at most: that there is encryption may be known. */
const REMOVED = [
  ...Object.values(RENDITION_METADATA).map((name) => `x-amz-meta-${name}`),
  'x-amz-server-side-encryption-aws-kms-key-id',
];

/**
 * Headers of delivered images. There is no `Cache-Control` among them, because CloudFront would add it to errors as well:
 * browsers would remember for a day that a rendition was not there yet.
 */
export function imageResponseHeaders(scope: Construct, corsOrigins: readonly string[]): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'ResponseHeaders', {
    responseHeadersPolicyName: globalName(scope, 128),
    securityHeadersBehavior: {
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    },
    // Pages of other sites show the images, also pages that are isolated from other origins.
    customHeadersBehavior: { customHeaders: [{ header: 'Cross-Origin-Resource-Policy', value: 'cross-origin', override: true }] },
    corsBehavior: corsOrigins.length === 0 ? undefined : {
      accessControlAllowOrigins: [...corsOrigins],
      accessControlAllowMethods: ['GET', 'HEAD'],
      accessControlAllowHeaders: ['*'],
      accessControlAllowCredentials: false,
      originOverride: true,
    },
    removeHeaders: REMOVED,
  });
}
