import {
  DEFAULT_OUTPUT_KEY, DERIVED_ID_PREFIX, EXPIRY_ATTRIBUTE, FAILURE_CODES, FOCAL_POINT_METADATA, IMAGE_ID_METADATA, IMAGE_ID_PATTERN, IMAGE_PATH,
  LISTING_INDEX, LISTING_PARTITION, LISTING_SORT, METRICS, METRICS_NAMESPACE, PIPELINE_DIMENSION, RECORD_ATTRIBUTES, RENDITION_METADATA,
  renditionName, REQUESTED_SIZE_METADATA, UPLOADED_AT_METADATA,
} from '../../src/contract';

// Applications query these, and stored records hold them.
test('names that are API stay as they are', () => {
  expect({
    DEFAULT_OUTPUT_KEY,
    DERIVED_ID_PREFIX,
    EXPIRY_ATTRIBUTE,
    FOCAL_POINT_METADATA,
    IMAGE_ID_METADATA,
    IMAGE_PATH,
    LISTING_INDEX,
    LISTING_PARTITION,
    LISTING_SORT,
    UPLOADED_AT_METADATA,
  }).toEqual({
    DEFAULT_OUTPUT_KEY: '{key}/{profile}.{ext}',
    DERIVED_ID_PREFIX: 'k-',
    EXPIRY_ATTRIBUTE: 'expiresAt',
    FOCAL_POINT_METADATA: 'focal-point',
    IMAGE_ID_METADATA: 'image-id',
    UPLOADED_AT_METADATA: 'uploaded-at',
    IMAGE_PATH: '/images/{imageId}',
    LISTING_INDEX: 'by-status',
    LISTING_PARTITION: 'listingPartition',
    LISTING_SORT: 'listingSort',
  });
  expect(Object.keys(FAILURE_CODES)).toEqual([
    'UNSUPPORTED_FORMAT', 'CORRUPT_IMAGE', 'TOO_LARGE', 'TIMEOUT', 'SOURCE_NOT_FOUND', 'SOURCE_REMOVED', 'EMPTY_OBJECT',
    'OWN_RENDITION', 'ARCHIVED', 'CUSTOMER_KEY', 'INVALID_IMAGE_ID', 'IMAGE_ID_TAKEN', 'INVALID_REQUESTED_SIZE', 'OUTPUT_KEY_TOO_LONG', 'RETRIES_EXHAUSTED',
  ]);
  expect(RECORD_ATTRIBUTES).toEqual(expect.arrayContaining([
    'status', 'sourceBucket', 'sourceKey', 'sourceVersionId', 'sourceETag', 'sourceFingerprint', 'sourceSequencer', 'fileName', 'uploadedAt',
    'processingStartedAt', 'processedAt', 'updatedAt', 'attempts', 'original', 'renditions', 'failure', 'event', 'outputs', 'configDigest', 'pointsTo',
    'replacedBy', 'namedIds', 'closedIds', 'listingPartition', 'listingSort', 'expiresAt',
  ]));
  expect(Object.values(RENDITION_METADATA)).toEqual(expect.arrayContaining([
    'pipeline', 'source-sequencer', 'source-claim', 'source-etag', 'image-id', 'profile', 'source-bucket', 'source-version-id', 'source-key',
  ]));
  expect(REQUESTED_SIZE_METADATA).toEqual({ width: 'requested-width', height: 'requested-height' });
  expect({ METRICS_NAMESPACE, PIPELINE_DIMENSION, ...METRICS }).toEqual({
    METRICS_NAMESPACE: 'ImageResizePipeline',
    PIPELINE_DIMENSION: 'service',
    processed: 'ImagesProcessed',
    failed: 'ImagesFailed',
    duration: 'ProcessingDuration',
    completionTime: 'CompletionTime',
    renditions: 'Renditions',
    bytesIn: 'BytesIn',
    bytesOut: 'BytesOut',
    backfillPlanned: 'BackfillPlanned',
    backfillImages: 'BackfillImages',
    backfillRenditions: 'BackfillRenditions',
    backfillFailed: 'BackfillFailed',
  });
});

test('a failure code is its own value', () => {
  for (const [name, code] of Object.entries(FAILURE_CODES)) expect(code).toBe(name);
});

test('a rendition is named after its profile and its configured format', () => {
  expect(renditionName('thumbnail', 'original')).toBe('thumbnail.original');
});

test.each(['a', 'A-b_9', 'K-1', 'k1', '-', 'x'.repeat(128)])('an uploader may name an image %j', (id) => {
  expect(id).toMatch(IMAGE_ID_PATTERN);
});

test.each(['', 'x'.repeat(129), 'a b', 'a/b', 'ä', 'a\n', `${DERIVED_ID_PREFIX}1`])('an uploader may not name an image %j', (id) => {
  expect(id).not.toMatch(IMAGE_ID_PATTERN);
});
