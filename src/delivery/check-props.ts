import { Duration, Stack } from 'aws-cdk-lib';
import { CfnBucket, IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { ImageDistributionProps } from './image-distribution-props';
import { invalid, requireEachMatch, requireInteger } from '../support/checks';

export const MAX_CACHE = Duration.days(365);

/** @throws Error for what is refused before anything is created */
export function requireDistributionProps(props: ImageDistributionProps): void {
  const { cacheDuration, signedBy, corsOrigins, domainNames, certificate, accessLogBucket, accessLogPrefix } = props;
  if (cacheDuration && !cacheDuration.isUnresolved()) {
    requireInteger('cacheDuration', cacheDuration.toSeconds({ integral: false }), 0, MAX_CACHE.toSeconds(), ' seconds');
  }
  // CloudFront would take no key group for no signature at all.
  if (signedBy?.length === 0) throw invalid('signedBy', 'at least one key group', signedBy, 'leave it out when no signature is needed');
  requireEachMatch('corsOrigins', corsOrigins, /^(\*|https?:\/\/[^/\s]+)$/, '* or a scheme and a host without a path');
  if (domainNames?.length === 0) throw invalid('domainNames', 'at least one name', domainNames, 'leave it out for the name that CloudFront gives');
  if (domainNames && !certificate) throw invalid('certificate', 'given with domainNames', certificate, 'use one in us-east-1 that names all of them');
  if (certificate && !domainNames) throw invalid('domainNames', 'given with certificate', domainNames);
  if (accessLogPrefix !== undefined && !accessLogBucket) throw invalid('accessLogPrefix', 'given with accessLogBucket only', accessLogPrefix);
  if (accessLogBucket) requireAcls(accessLogBucket);
}

/** An imported bucket does not tell its ownership. */
function requireAcls(bucket: IBucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) return;
  const controls = Stack.of(bucket).resolve(resource.ownershipControls) as { readonly rules: CfnBucket.OwnershipControlsRuleProperty[] } | undefined;
  const received = controls?.rules[0].objectOwnership ?? ObjectOwnership.BUCKET_OWNER_ENFORCED;
  if (received !== ObjectOwnership.BUCKET_OWNER_ENFORCED) return;
  throw invalid('accessLogBucket', 'a bucket that takes ACLs, by which CloudFront writes its logs', received,
    'set its objectOwnership to ObjectOwnership.BUCKET_OWNER_PREFERRED');
}
