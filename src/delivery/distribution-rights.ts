import { Annotations, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';
import { invalid } from '../support/checks';
import { isSameBucket } from '../support/key-spaces';
import { warnUnlessAdded } from '../support/resource-policies';
import { WARNINGS } from '../support/warnings';

interface Encryption {
  readonly serverSideEncryptionConfiguration?: { readonly serverSideEncryptionByDefault?: CfnBucket.ServerSideEncryptionByDefaultProperty }[];
}

/** CloudFront cannot use the key that AWS manages for S3, and nobody can change that key's policy. */
export function requireReadable(bucket: IBucket): void {
  const resource = bucket.node.defaultChild;
  if (bucket.encryptionKey || !(resource instanceof CfnBucket)) return;
  const configuration = Stack.of(bucket).resolve(resource.bucketEncryption) as Encryption | undefined;
  const encryption = configuration?.serverSideEncryptionConfiguration?.[0]?.serverSideEncryptionByDefault;
  if (!encryption?.sseAlgorithm.startsWith('aws:kms') || encryption.kmsMasterKeyId) return;
  throw invalid('pipeline.outputBucket', 'encrypted with S3\'s own keys or a customer key to be read by CloudFront', encryption.sseAlgorithm);
}

/**
 * Lets a distribution read the renditions of a pipeline, and no other objects of the bucket: originals may be beside them.
 * Those of sources that are added later are among them.
 */
export function allowDistribution(scope: Construct, distribution: Distribution, pipeline: ImageResizePipeline): void {
  const { outputBucket } = pipeline;
  const read = fromCloudFront('s3:GetObject', { conditions: readers(scope, outputBucket, distribution) });
  // No lazy list: CDK could not merge the statement with that of another distribution.
  pipeline._onRenditions(({ bucket, prefix }) => {
    if (isSameBucket(bucket, outputBucket)) read.addResources(outputBucket.arnForObjects(`${prefix}*`));
  });
  warnUnlessAdded(outputBucket.addToResourcePolicy(read), {
    scope, id: WARNINGS.IMPORTED_BUCKET, what: `outputBucket ${outputBucket.node.path}`, statement: read,
  });

  for (const key of [outputBucket.encryptionKey, ...pipeline._storage.formerEncryptionKeys]) if (key) allowKey(scope, key);
}

function allowKey(scope: Construct, key: IKey): void {
  // The key of a bucket cannot name the distribution, which names the bucket. The bucket's policy says which one reads.
  const decrypt = fromCloudFront('kms:Decrypt', { resources: ['*'], conditions: anyDistribution(scope) });
  warnUnlessAdded(key.addToResourcePolicy(decrypt), { scope, id: WARNINGS.IMPORTED_KEY, what: `encryptionKey ${key.node.path}`, statement: decrypt });
}

/** A bucket of another stack cannot name the distribution either; an imported one has no policy here, and its owner can. */
function readers(scope: Construct, bucket: IBucket, distribution: Distribution): Conditions {
  const isOwned = bucket.node.defaultChild instanceof CfnBucket;
  if (!isOwned || Stack.of(bucket) === Stack.of(scope)) return { StringEquals: { 'aws:SourceArn': distribution.distributionArn } };
  Annotations.of(scope).addWarningV2(WARNINGS.ANY_DISTRIBUTION,
    `outputBucket ${bucket.node.path} is in another stack, so its policy cannot name the distribution: every distribution of the account can read the renditions. `
    + 'Create the ImageDistribution in the bucket\'s stack to allow this one only');
  return anyDistribution(scope);
}

type Conditions = Record<string, Record<string, string>>;

function anyDistribution(scope: Construct): Conditions {
  return { ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: '*' }) } };
}

function fromCloudFront(action: string, { resources, conditions }: { resources?: string[]; conditions: Conditions }): PolicyStatement {
  return new PolicyStatement({ principals: [new ServicePrincipal('cloudfront.amazonaws.com')], actions: [action], resources, conditions });
}
