import { Stack, Token } from 'aws-cdk-lib';
import {
  AttributeType, BillingMode, CfnGlobalTable, CfnTable, ITable, KeySchema, ProjectionType, Table, TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StorageOptions } from './buckets';
import { EXPIRY_ATTRIBUTE, LISTING_INDEX, LISTING_PARTITION, LISTING_SORT } from '../contract';
import { invalid } from '../support/checks';

/** The table of image records with its listing index. */
export function createTable(scope: Construct, id: string, partitionKey: string, options: StorageOptions): ITable {
  const table = new Table(scope, id, {
    partitionKey: { name: partitionKey, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: EXPIRY_ATTRIBUTE,
    encryption: options.encryptionKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy,
  });
  table.addGlobalSecondaryIndex({
    indexName: LISTING_INDEX,
    partitionKey: { name: LISTING_PARTITION, type: AttributeType.STRING },
    sortKey: { name: LISTING_SORT, type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  return table;
}

/** What is wrong with the key of a table. To be asked at synthesis: see `schemaOf`. */
export function tableKeyProblems(table: ITable, partitionKey: string): string[] {
  const key = schemaOf(table)?.key;
  if (!key || Token.isUnresolved(partitionKey) || hasKey(key, partitionKey)) return [];
  return [invalid('catalog.table', `a table with the partition key ${partitionKey} (a string) and no sort key`, key, keyRemedy(key)).message];
}

function keyRemedy({ partitionKeys, sortKeys }: KeySchema): string {
  if (sortKeys.length > 0) return 'the key of a table cannot be changed: give one without a sort key, or leave catalog.table out';
  if (partitionKeys.some(({ type }) => type !== AttributeType.STRING)) return 'the key of a table cannot be changed: give one whose key is a string, or leave catalog.table out';
  return 'set catalog.partitionKey to the name of its key';
}

/** Why images cannot be listed from a table. To be asked at synthesis: see `schemaOf`. */
export function listingProblems(table: ITable): string[] {
  const schema = schemaOf(table);
  if (!schema) return [];
  const index = schema.indexes.get(LISTING_INDEX);
  if (index && hasKey(index, LISTING_PARTITION, LISTING_SORT)) return [];
  return [invalid('catalog.table of the pipeline', `a table with the index ${LISTING_INDEX}, by which images are listed`, index ?? [...schema.indexes.keys()],
    `add a global secondary index ${LISTING_INDEX} with the partition key ${LISTING_PARTITION} and the sort key ${LISTING_SORT}, both strings, and all attributes`,
  ).message];
}

interface TableSchema {
  readonly key: KeySchema;
  readonly indexes: ReadonlyMap<string, KeySchema>;
}

interface TableDefinition {
  readonly keySchema?: CfnTable.KeySchemaProperty[];
  readonly attributeDefinitions?: CfnTable.AttributeDefinitionProperty[];
  readonly globalSecondaryIndexes?: CfnTable.GlobalSecondaryIndexProperty[];
}

/**
 * Only a table that this app makes tells its schema, and only once that is complete: CDK keeps what its lazy values
 * resolve to first, so an index that is added later would be missing in the template.
 */
function schemaOf(table: ITable): TableSchema | undefined {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnTable || resource instanceof CfnGlobalTable)) return undefined;
  const { keySchema, attributeDefinitions = [], globalSecondaryIndexes = [] } = Stack.of(table).resolve({
    keySchema: resource.keySchema,
    attributeDefinitions: resource.attributeDefinitions,
    globalSecondaryIndexes: resource.globalSecondaryIndexes,
  }) as TableDefinition;
  if (!keySchema) return undefined;

  const types = new Map(attributeDefinitions.map(({ attributeName, attributeType }) => [attributeName, attributeType as AttributeType]));
  const keyOf = (elements: CfnTable.KeySchemaProperty[]): KeySchema => {
    const ofType = (wanted: string) => elements
      .filter(({ keyType }) => keyType === wanted)
      .map(({ attributeName }) => ({ name: attributeName, type: types.get(attributeName)! }));
    return { partitionKeys: ofType('HASH'), sortKeys: ofType('RANGE') };
  };
  const indexes = globalSecondaryIndexes.map((index) => [index.indexName, keyOf(index.keySchema as CfnTable.KeySchemaProperty[])] as const);
  return { key: keyOf(keySchema), indexes: new Map(indexes) };
}

/** Whether a key has one string for each of the names. */
function hasKey({ partitionKeys, sortKeys }: KeySchema, partitionKey: string, ...sortKey: string[]): boolean {
  const isStrings = (attributes: KeySchema['sortKeys'], names: string[]) => attributes.length === names.length
    && attributes.every(({ name, type }, at) => name === names[at] && type === AttributeType.STRING);
  return isStrings(partitionKeys, [partitionKey]) && isStrings(sortKeys, sortKey);
}
