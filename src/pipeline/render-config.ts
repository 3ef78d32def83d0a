import { RemovalPolicy } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageIdSource } from './catalog-options';
import { CONFIG_VERSION, EventsConfig, HandlerConfig, MetadataPolicyName, PROCESSING_DEFAULTS, ProcessingConfig, ProfileConfig, RECORD_ATTRIBUTES } from '../contract';
import type { ImageResizePipelineProps } from './image-resize-pipeline-props';
import type { ProcessingOptions } from './processing-options';
import type { SourceList } from './source-list';
import type { ImageProfile } from '../profiles/image-profile';
import { invalid, requireInteger, requireMatch } from '../support/checks';
import type { KeySpace } from '../support/key-spaces';

export const DEFAULT_PARTITION_KEY = 'imageId';
/** Between two tries of an image there are at most six hours: those for which Lambda and Step Functions wait when functions are throttled. */
const MIN_EXPIRY_SECONDS = 24 * 3600;
/** Lambda holds the input and the decoded pixels in memory; its largest function has 10 GiB. */
const MAX_INPUT_BYTES = 2 * 1024 ** 3;

/** @throws Error for props that are wrong on their own */
export function requirePipelineProps({ catalog, processing, removalPolicy }: ImageResizePipelineProps): void {
  requireMatch('catalog.partitionKey', catalog?.partitionKey, /^[A-Za-z0-9_.-]{1,255}$/, '1 to 255 letters, digits, dots, dashes and underscores');
  requireFreeName(catalog?.partitionKey);
  requireInteger('catalog.listingShards', catalog?.listingShards, 1, 64);
  if (catalog?.expireAfter && !catalog.expireAfter.isUnresolved() && catalog.expireAfter.toSeconds() < MIN_EXPIRY_SECONDS) {
    throw invalid('catalog.expireAfter', 'at least one day, which is longer than the pauses between the tries of an image', catalog.expireAfter.toString());
  }
  if (processing?.maxInputSize && !processing.maxInputSize.isUnresolved()) {
    requireInteger('processing.maxInputSize', processing.maxInputSize.toBytes(), 1, MAX_INPUT_BYTES, ' bytes');
  }
  requireInteger('processing.maxInputPixels', processing?.maxInputPixels, 1, 1_000_000_000);
  if (processing?.deleteSource && processing.deleteRenditions) {
    throw invalid('processing.deleteSource', 'false with deleteRenditions', true, 'the deletion of the source would delete the renditions that were just made');
  }
  if (removalPolicy === RemovalPolicy.SNAPSHOT) throw invalid('removalPolicy', 'RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE', removalPolicy);
}

/** The key of a record cannot be one of the attributes that the pipeline writes into it. */
function requireFreeName(partitionKey: string | undefined): void {
  if (partitionKey === undefined || !RECORD_ATTRIBUTES.includes(partitionKey)) return;
  throw invalid('catalog.partitionKey', `none of the record's own attributes (${RECORD_ATTRIBUTES.join(', ')})`, partitionKey);
}

export interface ConfigParts {
  readonly sources: SourceList;
  readonly outputBucket: IBucket;
  readonly outputKey: string;
  readonly formerOutputs: readonly KeySpace[];
  readonly table: ITable;
  readonly maxTries: number;
  readonly pipelineName: string;
  readonly events?: EventsConfig;
}

/** What the handler is told. Sources with the same profiles share one set, to keep the environment small. */
export function handlerConfig({ catalog, processing, resizeFunction }: ImageResizePipelineProps, parts: ConfigParts): HandlerConfig {
  const sets: (readonly ProfileConfig[])[] = [];
  const setOf = (profiles: readonly ImageProfile[]): number => {
    const rendered = profiles.map((profile) => profile._render());
    const known = sets.findIndex((set) => JSON.stringify(set) === JSON.stringify(rendered));
    return known >= 0 ? known : sets.push(rendered) - 1;
  };
  const sources = parts.sources.all.map((source) => ({
    bucket: source.bucket.bucketName,
    prefix: source.prefix,
    include: source.include,
    exclude: source.exclude,
    outputPrefix: source.outputPrefix,
    profileSet: setOf(source.profiles),
    ...(source.requestedSize && { requested: source.requestedSize._render() }),
  }));
  return {
    version: CONFIG_VERSION,
    outputBucket: parts.outputBucket.bucketName,
    outputKey: parts.outputKey,
    formerOutputs: processing?.deleteRenditions ? parts.formerOutputs.map(({ bucket, prefix }) => ({ bucket: bucket.bucketName, prefix })) : [],
    profileSets: sets,
    sources,
    processing: processingConfig(processing ?? {}),
    catalog: {
      table: parts.table.tableName,
      partitionKey: catalog?.partitionKey ?? DEFAULT_PARTITION_KEY,
      imageId: catalog?.imageId ?? ImageIdSource.METADATA,
      shards: catalog?.listingShards ?? 4,
      expireAfter: catalog?.expireAfter?.toSeconds() ?? 0,
      ...catalog?.exif && { exif: true },
    },
    maxTries: parts.maxTries,
    ...parts.events && { events: parts.events },
    ...resizeFunction?.hook && { hook: true },
    pipelineName: parts.pipelineName,
  };
}

function processingConfig(options: ProcessingOptions): ProcessingConfig {
  return {
    maxInputBytes: options.maxInputSize?.toBytes() ?? PROCESSING_DEFAULTS.maxInputBytes,
    maxInputPixels: options.maxInputPixels ?? PROCESSING_DEFAULTS.maxInputPixels,
    metadata: (options.metadata as MetadataPolicyName | undefined) ?? PROCESSING_DEFAULTS.metadata,
    animation: options.keepAnimation ?? PROCESSING_DEFAULTS.animation,
    acceptSvg: options.acceptSvg ?? PROCESSING_DEFAULTS.acceptSvg,
    acceptHeic: options.acceptHeic ?? PROCESSING_DEFAULTS.acceptHeic,
    copyUserMetadata: options.copyUserMetadata ?? PROCESSING_DEFAULTS.copyUserMetadata,
    deleteSource: options.deleteSource ?? PROCESSING_DEFAULTS.deleteSource,
    deleteRenditions: options.deleteRenditions ?? PROCESSING_DEFAULTS.deleteRenditions,
  };
}
