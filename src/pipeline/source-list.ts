import { Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageIdSource } from './catalog-options';
import type { ImageSourceOptions } from './image-source-options';
import { identifiesImage, inputCollision, requireDistinctRenditions } from './output-key-rules';
import type { ImageProfile } from '../profiles/image-profile';
import { CheckError, invalid, requireMatch } from '../support/checks';
import { describe, isSameBucket, KeySpace, overlap, prefixesOverlap, requirePrefix } from '../support/key-spaces';
import { WARNINGS } from '../support/warnings';

/** The facts of all must fit into one record (400 KB) and into the state of an execution (256 KiB); the function refuses keys that are too long for that. */
const MAX_RENDITIONS = 200;

export interface PipelineSource extends Required<Omit<ImageSourceOptions, 'requestedSize'>>, KeySpace {
  readonly requestedSize?: ImageProfile;
}

export interface Warning {
  readonly id: string;
  readonly message: string;
}

export interface AddedSource {
  readonly index: number;
  /** Whether no source before it has the same output prefix. */
  readonly isNewOutput: boolean;
  readonly warnings: readonly Warning[];
}

/** The sources of a pipeline, which neither overlap each other nor the renditions. */
export class SourceList {
  private readonly list: PipelineSource[] = [];

  constructor(
    private readonly outputBucket: IBucket,
    private readonly outputKey: string,
    private readonly imageId: ImageIdSource,
  ) {}

  public get all(): readonly PipelineSource[] {
    return this.list;
  }

  public get inputs(): readonly KeySpace[] {
    return this.list;
  }

  public get outputs(): readonly KeySpace[] {
    return [...new Set(this.list.map((source) => source.outputPrefix))].map((prefix) => ({ bucket: this.outputBucket, prefix }));
  }

  public add(source: PipelineSource): AddedSource {
    if (source.profiles.length === 0) throw invalid('profiles', 'at least one profile', []);
    requirePrefix(this.list.length === 0 ? 'sourcePrefix' : 'prefix', source.prefix);
    requirePrefix('outputPrefix', source.outputPrefix);
    requirePatterns('include', source.include);
    requirePatterns('exclude', source.exclude);
    requireRequestedSize(source.requestedSize);
    requireDistinctNames(profilesOf(source));
    requireFewRenditions(profilesOf(source));
    requireDistinctRenditions(this.outputKey, profilesOf(source));
    for (const other of this.list) {
      requireApart(source, other);
      this.requireApartOutputs(source, other);
    }
    this.requireNoSelfTrigger(source);
    if (this.imageId === ImageIdSource.KEY && this.list.length > 0) {
      throw new CheckError('catalog.imageId must be ImageIdSource.METADATA with more than one source, received ImageIdSource.KEY: keys of different sources can be the same');
    }

    const isNewOutput = !this.list.some((other) => other.outputPrefix === source.outputPrefix);
    this.list.push(source);
    return { index: this.list.length - 1, isNewOutput, warnings: this.warningsFor(source) };
  }

  /** Renditions that are images of a source would be resized again, and so on for ever. */
  private requireNoSelfTrigger(added: PipelineSource): void {
    for (const source of [...this.list, added]) {
      for (const output of [...this.outputs, { bucket: this.outputBucket, prefix: added.outputPrefix }]) {
        if (!overlap(source, output)) continue;
        throw new CheckError(
          `source ${describe(source)} must not overlap the renditions ${describe(output)}, which would be resized again without end: `
          + 'use another output bucket, or set sourcePrefix and outputPrefix to prefixes of which neither begins with the other');
      }
    }
  }

  /** Equal keys of different buckets would overwrite each other's renditions. */
  private requireApartOutputs(source: PipelineSource, other: PipelineSource): void {
    const sameKeys = !isSameBucket(source.bucket, other.bucket) && prefixesOverlap(source.prefix, other.prefix);
    if (identifiesImage(this.outputKey) || !sameKeys || !prefixesOverlap(source.outputPrefix, other.outputPrefix)) return;
    throw invalid('outputPrefix', `apart from that of source ${describe(other)}, whose keys can be the same as those of ${describe(source)}`,
      source.outputPrefix, 'use output prefixes of which neither begins with the other');
  }

  private warningsFor(source: PipelineSource): Warning[] {
    const warnings: Warning[] = [];
    const collision = inputCollision(this.outputKey, profilesOf(source));
    if (collision) {
      warnings.push({
        id: WARNINGS.OUTPUT_KEY_COLLISION,
        message: `outputKey ${JSON.stringify(this.outputKey)} gives ${collision} the same rendition key: the later image overwrites the earlier one's. Use {key} or {imageId} unless such keys never occur`,
      });
    }
    for (const prefix of [source.prefix, source.outputPrefix]) {
      if (!Token.isUnresolved(prefix) && prefix.startsWith('/')) {
        warnings.push({ id: WARNINGS.LEADING_SLASH, message: `prefix ${JSON.stringify(prefix)} begins with a slash, which keys of S3 rarely do` });
      }
    }
    for (const key of watermarkKeysOf(source)) {
      if (!Token.isUnresolved(key) && key.startsWith('/')) {
        warnings.push({ id: WARNINGS.LEADING_SLASH, message: `watermark key ${JSON.stringify(key)} begins with a slash, which keys of S3 rarely do` });
      }
    }
    return warnings;
  }
}

function watermarkKeysOf(source: PipelineSource): ReadonlySet<string> {
  const images = profilesOf(source).flatMap(({ _watermarks }) => _watermarks).map(({ _source: { image } }) => image);
  return new Set(images.flatMap((image) => (typeof image === 'string' ? [] : [image.key])));
}

/** Everything that an image of the source can become. */
export function profilesOf({ profiles, requestedSize }: PipelineSource): readonly ImageProfile[] {
  return requestedSize ? [...profiles, requestedSize] : profiles;
}

function requireDistinctNames(profiles: readonly ImageProfile[]): void {
  const names = profiles.map((profile) => profile.name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return;
  throw new CheckError(`profiles must have different names, requestedSize included, received ${JSON.stringify(names)}: rename one ${JSON.stringify(twice)}`);
}

function requireFewRenditions(profiles: readonly ImageProfile[]): void {
  const count = profiles.reduce((sum, profile) => sum + profile._render().formats.length, 0);
  if (count > MAX_RENDITIONS) throw invalid('profiles', `at most ${MAX_RENDITIONS} renditions of an image, requestedSize included`, count);
}

function requireRequestedSize(requested: ImageProfile | undefined): void {
  if (!requested) return;
  const { width, height, scale } = requested._render();
  if (width === undefined || height === undefined) {
    throw invalid(`requestedSize ${JSON.stringify(requested.name)}`, 'a profile with width and height, which limit what can be asked for', { width, height, scale });
  }
}

function requirePatterns(name: string, patterns: readonly string[]): void {
  patterns.forEach((pattern, at) => requireMatch(`${name}[${at}]`, pattern, /^[^/]/, 'a pattern of keys after the prefix, which do not begin with a slash'));
}

/** S3 refuses overlapping notification rules, and an image must have one set of profiles. */
function requireApart(source: KeySpace, other: KeySpace): void {
  if (!overlap(source, other)) return;
  throw new CheckError(`source ${describe(source)} must not overlap source ${describe(other)}: use prefixes of which neither begins with the other`);
}
