import { keyFilter } from './key-filter';
import { digestOf, HandlerConfig, ProfileConfig, renditionSettings, RenditionSettings, SourceConfig } from '../../contract';

/** A source of the configuration, ready for use. */
export interface Source extends SourceConfig {
  readonly profiles: readonly ProfileConfig[];
  /** By which settings its renditions are made, by their names. */
  readonly settings: ReadonlyMap<string, RenditionSettings>;
  /** What a record made with other settings does not have. */
  readonly configDigest: string;
  readonly accepts: (key: string) => boolean;
}

export function prepareSources(config: HandlerConfig): Source[] {
  return config.sources.map((source) => {
    const settings = renditionSettings(config, source);
    return {
      ...source,
      profiles: config.profileSets[source.profileSet],
      settings,
      configDigest: configDigestOf(config, source, settings),
      accepts: keyFilter(source),
    };
  });
}

/** The source that an object belongs to. Prefixes do not overlap, so there is at most one. */
export function findSource(sources: readonly Source[], bucket: string, key: string): Source | undefined {
  return sources.find((source) => source.bucket === bucket && source.accepts(key));
}

/** Of everything that decides what is made, where it is stored, and whether an original is accepted. */
function configDigestOf(config: HandlerConfig, { prefix, outputPrefix }: SourceConfig, settings: Source['settings']): string {
  const { outputBucket, outputKey, catalog: { imageId }, processing: { maxInputBytes, maxInputPixels, acceptSvg, acceptHeic } } = config;
  // Ids that are keys follow from the prefix.
  const ids = imageId === 'key' ? { key: prefix } : imageId;
  return digestOf([[...settings], outputBucket, outputPrefix, outputKey, ids, maxInputBytes, maxInputPixels, acceptSvg, acceptHeic], 16);
}
