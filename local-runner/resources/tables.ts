import { propertiesOf, ResourceModule } from './module';
import type { TableProperties } from '../services/dynamodb/local-tables';
import { arnOf, named, ResourceType } from '../template/resource-types';

const READ = ['AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes'] as const;
const IGNORED = [
  'BillingMode', 'ContributorInsightsSpecification', 'DeletionProtectionEnabled', 'OnDemandThroughput', 'PointInTimeRecoverySpecification', 'ProvisionedThroughput',
  'Replicas', 'SSESpecification', 'TableClass', 'TableName', 'Tags', 'TimeToLiveSpecification', 'WarmThroughput', 'WriteOnDemandThroughputSettings', 'WriteProvisionedThroughputSettings',
];

const TABLE: ResourceType = {
  nameProperty: 'TableName',
  generateName: named(255),
  ref: (name) => name,
  attributes: (name, place) => ({ Arn: arnOf('dynamodb', place, `table/${name}`) }),
};

export const TABLES: ResourceModule = {
  types: { 'AWS::DynamoDB::Table': TABLE, 'AWS::DynamoDB::GlobalTable': TABLE },
  async create(resources, { machine: { services } }) {
    for (const resource of resources) {
      await services.tables.create(services.dynamodbClient, resource.name, propertiesOf<TableProperties>(resource, READ, IGNORED));
    }
  },
};
