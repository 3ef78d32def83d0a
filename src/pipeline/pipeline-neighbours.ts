import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IConstruct } from 'constructs';
import { ImageIdSourceName } from '../contract';
import { commonRendition, headOf, identifiesImage, inputCollision } from './output-key-rules';
import { profilesOf, PipelineSource } from './source-list';
import { describe, isSameBucket, KeySpace, overlap, prefixesOverlap } from '../support/key-spaces';

/** What pipelines that share a bucket or a table must agree on, or not have in common. */
export interface PipelineDescription {
  readonly pipeline: IConstruct;
  readonly output: KeySpace['bucket'];
  readonly outputKey: string;
  readonly sources: readonly PipelineSource[];
  readonly table: ITable;
  readonly partitionKey: string;
  readonly imageId: ImageIdSourceName;
  readonly shards: number;
}

/** What two pipelines of an app do to each other. */
export interface Conflicts {
  /** What cannot work. */
  readonly problems: readonly string[];
  /** What may not work. */
  readonly risks: readonly string[];
}

/** Compares pipelines of which neither knows the other. What depends on the value of a token is taken to be apart. */
export function conflictsBetween(a: PipelineDescription, b: PipelineDescription): Conflicts {
  const outputs = sharedOutputs(a, b);
  return { problems: [...sharedRecords(a, b), ...outputs.problems], risks: outputs.risks };
}

function sharedRecords(a: PipelineDescription, b: PipelineDescription): string[] {
  if (!isSameTable(a.table, b.table)) return [];
  const both = `${a.pipeline.node.path} and ${b.pipeline.node.path}, which share table ${a.table.node.path},`;
  if (differ(a.partitionKey, b.partitionKey)) {
    return [`catalog.partitionKey of pipelines ${both} must be the same, received ${JSON.stringify([a.partitionKey, b.partitionKey])}`];
  }
  const problems: string[] = [];
  if (differ(a.shards, b.shards)) {
    problems.push(`catalog.listingShards of pipelines ${both} must be the same, as listings read so many, received ${JSON.stringify([a.shards, b.shards])}`);
  }
  if (a.imageId === 'key' && b.imageId === 'key') {
    problems.push(`catalog.imageId of pipelines ${both} must not be ImageIdSource.KEY for both, as keys of different sources can be the same: give each a table`);
    return problems;
  }
  const pair = pairsOf(a, b).find(([one, other]) => overlap(one, other));
  if (pair) {
    problems.push(`sources of pipelines ${both} must not overlap, but ${describe(pair[0])} and ${describe(pair[1])} do, and an image has one record: give each a table`);
  }
  return problems;
}

function sharedOutputs(a: PipelineDescription, b: PipelineDescription): Conflicts {
  if (!isSameBucket(a.output, b.output)) return { problems: [], risks: [] };
  const both = `${a.pipeline.node.path} and ${b.pipeline.node.path}`;
  for (const [one, other] of pairsOf(a, b)) {
    const places = [describe({ bucket: a.output, prefix: one.outputPrefix }), describe({ bucket: b.output, prefix: other.outputPrefix })];
    switch (relationOf(a.outputKey, one, b.outputKey, other)) {
      case 'same': return {
        problems: [`pipelines ${both} must not store the same renditions, but ${describe(one)} and ${describe(other)} both become `
          + `${commonRendition(a.outputKey, profilesOf(one), profilesOf(other))} in ${places[0]}: use output prefixes of which neither begins with the other, or other names of profiles`],
        risks: [],
      };
      case 'unknown': return {
        problems: [],
        risks: [`pipelines ${both} store renditions in ${places.join(' and ')}, where one can overwrite those of the other: use output prefixes of which neither begins with the other`],
      };
      case 'apart': continue;
    }
  }
  return { problems: [], risks: [] };
}

/** How the keys of two sources' renditions in one bucket stand to each other. */
function relationOf(keyOfOne: string, one: PipelineSource, keyOfOther: string, other: PipelineSource): 'same' | 'apart' | 'unknown' {
  if (!prefixesOverlap(headOf(keyOfOne, one), headOf(keyOfOther, other))) return 'apart';
  if (keyOfOne !== keyOfOther || one.outputPrefix !== other.outputPrefix) return 'unknown';

  const sameObjects = overlap(one, other);
  const sameKeys = sameObjects || (!isSameBucket(one.bucket, other.bucket) && prefixesOverlap(one.prefix, other.prefix));
  if (identifiesImage(keyOfOne) ? sameObjects : sameKeys) {
    return commonRendition(keyOfOne, profilesOf(one), profilesOf(other)) === undefined ? 'apart' : 'same';
  }
  return inputCollision(keyOfOne, [...profilesOf(one), ...profilesOf(other)]) === undefined ? 'apart' : 'unknown';
}

function pairsOf(a: PipelineDescription, b: PipelineDescription): (readonly [PipelineSource, PipelineSource])[] {
  return a.sources.flatMap((one) => b.sources.map((other) => [one, other] as const));
}

/** Whether two constructs are known to stand for one table. */
function isSameTable(a: ITable, b: ITable): boolean {
  if (a === b) return true;
  const stack = Stack.of(a);
  if (stack === Stack.of(b)) return JSON.stringify(stack.resolve(a.tableArn)) === JSON.stringify(stack.resolve(b.tableArn));
  if (!Token.isUnresolved(a.tableArn) && !Token.isUnresolved(b.tableArn)) return a.tableArn === b.tableArn;
  // The name of a table is its own in a region of an account only.
  const isSame = (one: string, other: string) => Token.compareStrings(one, other) === TokenComparison.SAME;
  return isSame(a.tableName, b.tableName) && isSame(a.env.region, b.env.region) && isSame(a.env.account, b.env.account);
}

function differ<T>(a: T, b: T): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}
