import { createHash } from 'node:crypto';
import { HandlerConfig, ProfileConfig, SourceConfig } from '../../../contract';
import { keyFilter } from '../../shared/key-filter';

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
      configDigest: digestOf([profiles, source.requested, config.processing, config.outputKey]),
      accepts: keyFilter(source),
    };
  });
}

/** The source that an object belongs to. Prefixes do not overlap, so there is at most one. */
export function findSource(sources: readonly Source[], bucket: string, key: string): Source | undefined {
  return sources.find((source) => source.bucket === bucket && source.accepts(key));
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
