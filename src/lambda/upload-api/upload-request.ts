import * as z from 'zod/mini';
import { HttpError, invalidRequest } from './http';
import { FocalPoint, ImageApiUploadConfig } from '../../contract';

/** What a client may say of its upload. */
export interface UploadRequest {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly focalPoint?: FocalPoint;
}

/** Control characters, halves of characters, line ends, and what separates the segments of a path. */
const FORBIDDEN_IN_NAMES = /[\p{Cc}\p{Cs}\u2028\u2029/\\]|\.\./u;

const FILE_NAME_RULE = 'a name of 1 to 255 characters without control characters, slashes, backslashes and ".."';
const FOCAL_POINT_RULE = 'an object with x and y, each a number from 0 to 1';
const BYTES_RULE = 'a whole number of at least 1';

/** Parses the requests that a configuration allows. */
export function uploadRequestParser(config: ImageApiUploadConfig): (body: unknown) => UploadRequest {
  const schema = schemaFor(config);
  return (body) => {
    const { data: parsed, error } = schema.safeParse(body);
    if (error) throw invalidRequest(error.issues[0].message);
    // Media types have no case, and `image/jpeg; name="a"` is one.
    const data = { ...parsed, contentType: parsed.contentType.split(';')[0].trim().toLowerCase() };
    if (!config.contentTypes.includes(data.contentType)) {
      throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', mustBe('contentType', `one of ${config.contentTypes.join(', ')}`));
    }
    if (data.bytes !== undefined && data.bytes > config.maxBytes) {
      throw new HttpError(413, 'TOO_LARGE', mustBe('bytes', `at most ${config.maxBytes}`));
    }
    return data;
  };
}

function schemaFor({ method, requestedSize }: ImageApiUploadConfig) {
  const bytes = z.int(mustBe('bytes', BYTES_RULE)).check(z.minimum(1, mustBe('bytes', BYTES_RULE)));
  return z.strictObject({
    fileName: z.string(mustBe('fileName', FILE_NAME_RULE)).check(
      z.refine((name) => name.length >= 1 && name.length <= 255 && !FORBIDDEN_IN_NAMES.test(name), mustBe('fileName', FILE_NAME_RULE)),
    ),
    contentType: z.string(mustBe('contentType', 'a string')),
    // The length of a PUT is signed, so it must be known before.
    bytes: method === 'PUT' ? bytes : z.optional(bytes),
    width: requestedSide('width', requestedSize?.width),
    height: requestedSide('height', requestedSize?.height),
    focalPoint: z.optional(focalPoint),
  }, { error: ({ code, keys }) => (code === 'unrecognized_keys' ? `the request must not have ${(keys as string[])[0].slice(0, 100)}` : 'the request must be a JSON object') });
}

const share = z.number(mustBe('focalPoint', FOCAL_POINT_RULE)).check(z.minimum(0, mustBe('focalPoint', FOCAL_POINT_RULE)), z.maximum(1, mustBe('focalPoint', FOCAL_POINT_RULE)));
const focalPoint = z.strictObject({ x: share, y: share }, mustBe('focalPoint', FOCAL_POINT_RULE));

function requestedSide(name: string, max: number | undefined) {
  if (max === undefined) return z.optional(z.undefined(mustBe(name, 'left out: sizes cannot be requested here')));
  const rule = mustBe(name, `a whole number of pixels from 1 to ${max}`);
  return z.optional(z.int(rule).check(z.minimum(1, rule), z.maximum(max, rule)));
}

function mustBe(name: string, rule: string): string {
  return `${name} must be ${rule}`;
}
