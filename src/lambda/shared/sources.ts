import { createHash } from 'node:crypto';
import { keyFilter } from './key-filter';
import { HandlerConfig, ProfileConfig, SourceConfig } from '../../contract';

/** A source of the configuration, ready for use. */
export interface Source extends SourceConfig {
  readonly profiles: readonly ProfileConfig[];
  /** What a record made with other settings does not have. */
  readonly configDigest: string;
  readonly accepts: (key: string) => boolean;
}

export function prepareSources(config: HandlerConfig): Source[] {
  return config.sources.map((source) => {
    const profiles = config.profileSets[source.profileSet];
    return {
      ...source,
      profiles,
      configDigest: digestOf(config, source),
      accepts: keyFilter(source),
    };
  });
}

/** The source that an object belongs to. Prefixes do not overlap, so there is at most one. */
export function findSource(sources: readonly Source[], bucket: string, key: string): Source | undefined {
  return sources.find((source) => source.bucket === bucket && source.accepts(key));
}

/** Of every setting that decides the pixels, the metadata or the key of a rendition, or whether an original is accepted. */
function digestOf(config: HandlerConfig, { outputPrefix, profileSet, requested }: SourceConfig): string {
  const { deleteSource, deleteRenditions, ...processing } = config.processing;
  const { outputBucket, outputKey, pipelineName, catalog: { imageId } } = config;
  const settings = [config.profileSets[profileSet], requested, processing, outputBucket, outputPrefix, outputKey, pipelineName, imageId];
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}
