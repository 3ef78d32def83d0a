import { pathOf, ResourceModule } from './module';
import { BucketDeploymentProperties, deployToBucket } from '../services/bucket-deployment/bucket-deployment';
import { connection } from '../template/resource-types';

export const BUCKET_DEPLOYMENTS: ResourceModule = {
  types: { 'Custom::CDKBucketDeployment': { ...connection(), attributeProperties: ['DestinationBucketArn', 'SourceObjectKeys'] } },
  async create(resources, { assets, machine }) {
    for (const resource of resources) {
      await deployToBucket({
        properties: resource.properties as unknown as BucketDeploymentProperties,
        assetOf: (key) => assets.get(key),
        client: machine.services.s3Client,
        at: pathOf(resource),
      });
    }
  },
};
