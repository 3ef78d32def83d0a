import { Duration, Token } from 'aws-cdk-lib';
import { HandlerConfig, ImageApiConfig, INPUT_CONTENT_TYPES } from '../contract';
import type { ImageUploadApiProps } from './image-upload-api-props';
import { UploadMethod } from './upload-method';
import { ImageIdSource } from '../pipeline/catalog-options';
import { CheckError, invalid, requireEachMatch, requireInteger, requireKnown, requireMatch, requireNumber } from '../support/checks';
import { mayBeginWith, requirePrefix } from '../support/key-spaces';

/** S3's keys have 1024 bytes: what follows is the image id, a file name, and in the key of a rendition its profile. */
const MAX_PREFIX_BYTES = 512;
/** A signature ends with the temporary credentials that made it at the latest: longer expiries would promise too much. */
const MAX_EXPIRY_SECONDS = 3600;

/** What the function of the API is told. */
export function imageApiConfig(props: ImageUploadApiProps, serviceName: string): Omit<ImageApiConfig, 'version'> {
  const pipeline = props.pipeline._config();
  const [source] = pipeline.sources;
  requireMetadataIds(pipeline);
  requireIncluded(source.include);
  requireThrottle(props);
  requireEachMatch('corsOrigins', props.corsOrigins, /^(\*|https?:\/\/[^/\s*?#@]+)$/, 'an origin such as https://example.com without a path, or *');
  requireMatch('renditionsUrl', props.renditionsUrl, /^https?:\/\/[^\s?#]+$/, 'an http or https URL without query and fragment');

  return {
    serviceName,
    upload: {
      bucket: source.bucket,
      prefix: uploadPrefix(props.uploadPrefix, source.prefix),
      source: { prefix: source.prefix, include: source.include, exclude: source.exclude },
      path: uploadPath(props.uploadPath),
      method: props.uploadMethod ?? UploadMethod.POST,
      maxBytes: maxUploadBytes(props, pipeline.processing.maxInputBytes),
      contentTypes: contentTypes(props.contentTypes, pipeline.processing),
      expirySeconds: expirySeconds('uploadExpiry', props.uploadExpiry ?? Duration.minutes(5)),
      ...(source.requested && { requestedSize: { width: source.requested.width!, height: source.requested.height! } }),
    },
    links: {
      expirySeconds: expirySeconds('linkExpiry', props.linkExpiry ?? Duration.minutes(15)),
      ...(props.originalLinks && { originals: true }),
      ...(props.renditionsUrl !== undefined && { baseUrl: withoutSlash(props.renditionsUrl) }),
    },
    catalog: { table: pipeline.catalog.table, partitionKey: pipeline.catalog.partitionKey, shards: pipeline.catalog.shards },
    deletes: pipeline.processing.deleteRenditions,
  };
}

/** Keys of uploads have a directory, the image id, which a pattern for one path segment never matches. */
function requireIncluded(include: readonly string[]): void {
  if (include.length === 0 || include.some((pattern) => Token.isUnresolved(pattern) || /\/|\*\*/.test(pattern))) return;
  throw invalid('include', 'patterns of which one can match uploads, whose keys are <uploadPrefix><image id>/<file name>', include, 'use **/ before a file name');
}

/** The id must be known before the object is. */
function requireMetadataIds({ catalog }: HandlerConfig): void {
  if (catalog.imageId !== ImageIdSource.KEY) return;
  throw new CheckError('pipeline must have catalog.imageId ImageIdSource.METADATA, received ImageIdSource.KEY: the API names each image before it is uploaded');
}

function requireThrottle({ throttle }: ImageUploadApiProps): void {
  requireNumber('throttle.rateLimit', throttle?.rateLimit, 1, 1_000_000, ' requests per second');
  requireInteger('throttle.burstLimit', throttle?.burstLimit, 1, 1_000_000, ' requests');
}

function uploadPath(path = '/uploads'): string {
  requireKnown('uploadPath', path, 'API Gateway routes by it');
  requireMatch('uploadPath', path, /^(\/[A-Za-z0-9._~-]+)+$/, 'segments of letters, digits, dots, dashes, tildes and underscores, each after a slash');
  return path;
}

function uploadPrefix(prefix: string | undefined, sourcePrefix: string): string {
  if (prefix === undefined) return sourcePrefix;
  requirePrefix('uploadPrefix', prefix);
  if (!mayBeginWith(prefix, sourcePrefix)) {
    throw invalid('uploadPrefix', `a prefix that begins with that of the pipeline's first source, ${JSON.stringify(sourcePrefix)}`, prefix);
  }
  if (!Token.isUnresolved(prefix) && Buffer.byteLength(prefix) > MAX_PREFIX_BYTES) throw invalid('uploadPrefix', `at most ${MAX_PREFIX_BYTES} bytes`, prefix);
  return prefix;
}

function maxUploadBytes({ maxUploadSize }: ImageUploadApiProps, maxInputBytes: number): number {
  if (!maxUploadSize) return maxInputBytes;
  const bytes = maxUploadSize.toBytes();
  const max = Token.isUnresolved(maxInputBytes) ? Number.MAX_SAFE_INTEGER : maxInputBytes;
  requireInteger('maxUploadSize', bytes, 1, max, ' bytes, the pipeline\'s processing.maxInputSize');
  return bytes;
}

function contentTypes(types: string[] | undefined, { acceptSvg, acceptHeic }: HandlerConfig['processing']): string[] {
  const { svg, heic, heif, ...others } = INPUT_CONTENT_TYPES;
  const accepted: string[] = [...Object.values(others), ...(acceptSvg ? [svg] : []), ...(acceptHeic ? [heic, heif] : [])];
  if (types === undefined) return accepted;
  if (Token.isUnresolved(types)) return types;
  if (types.length === 0) throw invalid('contentTypes', 'at least one media type', types);
  types.forEach((type, at) => {
    if (!Token.isUnresolved(type) && !accepted.includes(type)) throw invalid(`contentTypes[${at}]`, `one that the pipeline accepts (${accepted.join(', ')})`, type);
  });
  return types;
}

function expirySeconds(name: string, expiry: Duration): number {
  const seconds = expiry.toSeconds({ integral: false });
  requireInteger(name, seconds, 1, MAX_EXPIRY_SECONDS, ' seconds');
  return seconds;
}

function withoutSlash(url: string): string {
  return Token.isUnresolved(url) ? url : url.replace(/\/+$/, '');
}
