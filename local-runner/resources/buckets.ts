import { pathOf, propertiesOf, ResourceModule } from './module';
import type { CorsRule } from '../services/s3';
import { named } from '../template/resource-types';

interface BucketProperties {
  readonly BucketName?: string;
  readonly CorsConfiguration?: { readonly CorsRules: readonly CorsRuleProperties[] };
  readonly NotificationConfiguration?: object;
  readonly VersioningConfiguration?: { readonly Status: string };
}

interface CorsRuleProperties {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: CorsRule['allowedMethods'];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

const READ = ['BucketName', 'CorsConfiguration', 'NotificationConfiguration', 'VersioningConfiguration'] as const;
const IGNORED = [
  'AccessControl', 'BucketEncryption', 'LifecycleConfiguration', 'LoggingConfiguration', 'MetricsConfigurations', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags',
];

export const BUCKETS: ResourceModule = {
  types: {
    'AWS::S3::Bucket': {
      nameProperty: 'BucketName',
      generateName: (stack, logicalId) => named(63)(stack, logicalId).toLowerCase(),
      ref: (name) => name,
      attributes: (name, { region }) => ({
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) {
      const { CorsConfiguration, NotificationConfiguration, VersioningConfiguration } = propertiesOf<BucketProperties>(resource, READ, IGNORED);
      if (NotificationConfiguration) {
        throw new Error(`${pathOf(resource)} must be notified of by CDK's custom resource, received the property NotificationConfiguration`);
      }
      cloud.createBucket(resource.name, {
        versioned: VersioningConfiguration?.Status === 'Enabled',
        corsRules: CorsConfiguration?.CorsRules.map((rule) => ({
          allowedOrigins: rule.AllowedOrigins,
          allowedMethods: rule.AllowedMethods,
          allowedHeaders: rule.AllowedHeaders,
          exposedHeaders: rule.ExposedHeaders,
          maxAgeSeconds: rule.MaxAge,
        })),
      });
    }
  },
};
