import { createHash } from 'node:crypto';
import picomatch from 'picomatch';
import { HandlerConfig, ProfileConfig, SourceConfig } from '../contract';

/** A source of the configuration, ready for use. */
export interface Source extends SourceConfig {
  readonly profiles: readonly ProfileConfig[];
  /** What a record made with other settings does not have. */
  readonly configDigest: string;
  readonly accepts: (key: string) => boolean;
}

export function prepareSources(config: HandlerConfig): Source[] {
  return config.sources.map((source) => {
    const included = source.include.length ? matcher(source.include) : () => true;
    const excluded = source.exclude.length ? matcher(source.exclude) : () => false;
    const profiles = config.profileSets[source.profileSet];
    return {
      ...source,
      profiles,
      configDigest: digestOf([profiles, source.requested, config.processing, config.outputKey]),
      accepts: (key) => {
        const rest = key.slice(source.prefix.length);
        return key.startsWith(source.prefix) && included(rest) && !excluded(rest);
      },
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

/** Only `*`, `?` and `**` are wildcards, also before a dot: brackets and braces occur in file names. */
function matcher(patterns: readonly string[]): (key: string) => boolean {
  const escaped = patterns.map((pattern) => pattern.replace(/[[\]{}()!+@|\\]/g, '\\$&'));
  return picomatch(escaped, { dot: true, nobrace: true, nobracket: true, noextglob: true, nonegate: true });
}
