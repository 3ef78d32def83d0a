import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { CachePolicyConfig, Distribution, DistributionConfig, OriginBucket, ResponseHeadersPolicyConfig } from '../services/cloudfront/distribution';
import { connection, generatedId, member, Place, ResourceType } from '../template/resource-types';
import type { Resource } from '../template/stack';

interface KeyGroupConfig {
  readonly Items: readonly string[];
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Condition?: object;
  readonly Effect: string;
  readonly Principal?: { readonly Service?: string | readonly string[] };
}

const DISTRIBUTION: ResourceType = {
  generateName: (stack, logicalId) => `E${generatedId(stack, logicalId).toUpperCase()}`,
  ref: (id) => id,
  attributes: (id) => ({ Id: id, DomainName: domainName(id) }),
  hosts: (id) => [domainName(id)],
};

export const DISTRIBUTIONS: ResourceModule = {
  types: {
    'AWS::CloudFront::CachePolicy': member('Id'),
    'AWS::CloudFront::Distribution': DISTRIBUTION,
    'AWS::CloudFront::KeyGroup': member('Id'),
    'AWS::CloudFront::PublicKey': member('Id'),
    'AWS::CloudFront::ResponseHeadersPolicy': member('Id'),
    'AWS::S3::BucketPolicy': connection(),
  },
  create(resources, cloud) {
    const ofType = (type: string) => resources.filter((resource) => resource.type === type);
    const configs = <T>(kind: string, property: string) => new Map(ofType(`AWS::CloudFront::${kind}`).map((resource) => (
      [resource.name, propertiesOf<Record<string, T>>(resource, [property])[property]] as const
    )));
    const keys = configs<{ readonly EncodedKey: string }>('PublicKey', 'PublicKeyConfig');
    const cachePolicies = configs<CachePolicyConfig>('CachePolicy', 'CachePolicyConfig');
    const responseHeadersPolicies = configs<ResponseHeadersPolicyConfig>('ResponseHeadersPolicy', 'ResponseHeadersPolicyConfig');
    const keyGroups = new Map([...configs<KeyGroupConfig>('KeyGroup', 'KeyGroupConfig')].map(([group, { Items }]) => (
      [group, new Map(Items.map((id) => [id, keyOf(keys, id, group)] as const))] as const
    )));
    for (const resource of ofType('AWS::CloudFront::Distribution')) {
      const { DistributionConfig: config } = propertiesOf<{ readonly DistributionConfig: DistributionConfig }>(resource, ['DistributionConfig'], ['Tags']);
      const server = cloud.server(domainName(resource.name));
      const { services: { s3, credentials }, region } = cloud.machine;
      const distribution = new Distribution({
        config,
        domainName: domainName(resource.name),
        origin: server.origin,
        at: pathOf(resource),
        s3: { endpoint: s3.endpoint, region, credentials },
        bucketOf: (host) => bucketOf(host, resource.name, ofType('AWS::S3::BucketPolicy'), cloud),
        originOf: (host) => cloud.addresses.originOf(host),
        cachePolicies,
        responseHeadersPolicies,
        keyGroups,
      });
      server.handle((request, response) => distribution.serve(request, response));
    }
  },
};

function domainName(id: string): string {
  return `d${id.toLowerCase()}.cloudfront.net`;
}

function keyOf(keys: ReadonlyMap<string, { readonly EncodedKey: string }>, id: string, group: string): string {
  const key = keys.get(id);
  if (!key) throw new Error(`key group ${group} must have public keys of the app, received ${JSON.stringify(id)}`);
  return key.EncodedKey;
}

function bucketOf(host: string, distribution: string, policies: readonly Resource[], cloud: LocalCloud): OriginBucket | undefined {
  const [, name = ''] = /^(.+)\.s3(?:\.[a-z0-9-]+)?\.amazonaws\.com$/.exec(host) ?? [];
  if (!cloud.hasBucket(name)) return undefined;
  const statements = policies.filter(({ properties }) => properties.Bucket === name)
    .flatMap(({ properties }) => (properties.PolicyDocument as { readonly Statement: readonly Statement[] }).Statement);
  return { name, mayList: statements.some((statement) => mayList(statement, distribution, cloud.machine)) };
}

/** Whether a statement lets a distribution list the bucket of its policy. */
function mayList({ Action, Condition, Effect, Principal }: Statement, distribution: string, { account }: Place): boolean {
  return Effect === 'Allow'
    && [Principal?.Service].flat().includes('cloudfront.amazonaws.com')
    && [Action].flat().includes('s3:ListBucket')
    && (Condition === undefined || JSON.stringify(Condition).includes(`"arn:aws:cloudfront::${account}:distribution/${distribution}"`));
}
