import fc from 'fast-check';
import {
  CONFIG_VARIABLE, CONFIG_VERSION, FITS, HandlerConfig, IMAGE_ID_SOURCES, METADATA_POLICIES, OUTPUT_FORMATS, parseConfig, PROCESSING_DEFAULTS,
  PROFILE_DEFAULTS, renderConfig,
} from '../../src/contract';

const PARSED: HandlerConfig = {
  version: CONFIG_VERSION,
  outputBucket: 'renditions',
  outputKey: '{key}/{profile}.{ext}',
  formerOutputs: [],
  profileSets: [[{ ...PROFILE_DEFAULTS, name: 'thumbnail', width: 200, formats: [{ format: 'jpeg', options: {} }] }]],
  sources: [{ bucket: 'uploads', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 }],
  processing: PROCESSING_DEFAULTS,
  catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 4, expireAfter: 0 },
  maxTries: 3,
  pipelineName: 'Stack-Pipeline',
};

describe('renderConfig', () => {
  test('leaves out what the handler knows anyway, because the environment is small', () => {
    const { formerOutputs: _, ...others } = PARSED;
    expect(renderConfig(PARSED)).toEqual({
      ...others,
      profileSets: [[{ name: 'thumbnail', width: 200, formats: [{ format: 'jpeg' }] }]],
      sources: [{ bucket: 'uploads', prefix: '', outputPrefix: '', profileSet: 0 }],
      processing: {},
    });
  });

  test('writes what differs from the defaults', () => {
    const rendered = renderConfig({
      ...PARSED,
      formerOutputs: [{ bucket: 'renditions', prefix: 'old/' }],
      profileSets: [[{ ...PARSED.profileSets[0][0], fit: 'cover', formats: [{ format: 'webp', options: { quality: 70 } }] }]],
      sources: [{ ...PARSED.sources[0], include: ['*.jpg'] }],
      processing: { ...PROCESSING_DEFAULTS, animation: false },
    });
    expect(rendered).toMatchObject({
      formerOutputs: [{ bucket: 'renditions', prefix: 'old/' }],
      profileSets: [[{ fit: 'cover', formats: [{ format: 'webp', options: { quality: 70 } }] }]],
      sources: [{ include: ['*.jpg'] }],
      processing: { animation: false },
    });
  });
});

describe('parseConfig', () => {
  test('puts the defaults back', () => {
    expect(parseConfig(environment(renderConfig(PARSED)))).toEqual(PARSED);
  });

  test('reads every configuration as it was rendered', () => {
    fc.assert(fc.property(configs(), (config) => {
      expect(parseConfig(environment(renderConfig(config)))).toEqual(config);
    }));
  });

  test.each([
    ['missing', undefined, 'undefined'],
    ['empty', '', '""'],
  ])('fails when the variable is %s', (_, value, received) => {
    expect(() => parseConfig({ [CONFIG_VARIABLE]: value }))
      .toThrow(`expected environment variable IMAGE_RESIZE_CONFIG to hold the configuration, received ${received}`);
  });

  test('fails when the variable is no JSON, with the beginning of what it is', () => {
    expect(() => parseConfig({ [CONFIG_VARIABLE]: `{"version":1,${'x'.repeat(100)}` }))
      .toThrow(`expected environment variable IMAGE_RESIZE_CONFIG to be JSON, received "{\\"version\\":1,${'x'.repeat(67)}"`);
  });

  test.each([
    ['of another release', '{"version":2}', '2'],
    ['without a version', '{}', 'undefined'],
    ['null', 'null', 'undefined'],
    ['no object', '"text"', 'undefined'],
  ])('fails when the configuration is %s', (_, value, received) => {
    expect(() => parseConfig({ [CONFIG_VARIABLE]: value }))
      .toThrow(`expected configuration version 1 in IMAGE_RESIZE_CONFIG, received ${received}: deploy construct and function of the same release`);
  });
});

function environment(rendered: unknown): Record<string, string> {
  return { [CONFIG_VARIABLE]: JSON.stringify(rendered) };
}

/** Any configuration that the construct could render, with defaults as likely as other values. */
function configs(): fc.Arbitrary<HandlerConfig> {
  const defaultOr = <T>(value: T, other: fc.Arbitrary<T>) => fc.oneof(fc.constant(value), other);
  const strings = (defaults: readonly string[]) => defaultOr(defaults, fc.array(fc.string()));
  const whole = fc.integer({ min: 0, max: 2 ** 31 });

  const options = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), whole), { noNullPrototype: true });
  const format = fc.record({ format: fc.constantFrom(...OUTPUT_FORMATS), options: defaultOr({}, options) });
  const profile = fc.record({
    name: fc.string(),
    width: whole,
    height: whole,
    scale: fc.double({ min: 0.01, max: 10, noNaN: true }),
    fit: fc.constantFrom(...FITS),
    position: defaultOr<string>(PROFILE_DEFAULTS.position, fc.string()),
    enlarge: fc.boolean(),
    background: defaultOr<string>(PROFILE_DEFAULTS.background, fc.string()),
    formats: fc.array(format),
    adjustments: fc.array(fc.oneof(
      fc.constant({ name: 'greyscale' as const }),
      fc.record({ name: fc.constantFrom('blur' as const, 'sharpen' as const), sigma: whole }),
      fc.record({ name: fc.constant('trim' as const), threshold: whole, background: fc.constant('#ffffff') }),
      fc.record({ name: fc.constant('extend' as const), top: whole, right: whole, bottom: whole, left: whole }),
      fc.record({
        name: fc.constant('watermark' as const),
        image: fc.constantFrom('0.png', { bucket: 'brand', key: 'logo.png' }, { bucket: 'brand', key: 'logo.png', versionId: '1' }),
        scale: fc.constant(0.5),
        margin: whole,
        opacity: fc.constant(1),
        position: fc.constant('centre'),
        tile: fc.boolean(),
      }),
      fc.record({ name: fc.constant('roundedCorners' as const), radius: whole }),
    )),
    cacheControl: fc.string(),
    storageClass: fc.string(),
    metadata: defaultOr({}, fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })),
  }, { requiredKeys: ['name', 'fit', 'position', 'enlarge', 'background', 'formats', 'metadata'] });

  return fc.record({
    version: fc.constant(CONFIG_VERSION),
    outputBucket: fc.string(),
    outputKey: fc.string(),
    formerOutputs: defaultOr<HandlerConfig['formerOutputs']>([], fc.array(fc.record({ bucket: fc.string(), prefix: fc.string() }))),
    profileSets: fc.array(fc.array(profile)),
    sources: fc.array(fc.record({
      bucket: fc.string(),
      prefix: fc.string(),
      include: strings([]),
      exclude: strings([]),
      outputPrefix: fc.string(),
      profileSet: whole,
      requested: profile,
    }, { requiredKeys: ['bucket', 'prefix', 'include', 'exclude', 'outputPrefix', 'profileSet'] })),
    processing: fc.record({
      maxInputBytes: defaultOr(PROCESSING_DEFAULTS.maxInputBytes, whole),
      maxInputPixels: defaultOr(PROCESSING_DEFAULTS.maxInputPixels, whole),
      metadata: fc.constantFrom(...METADATA_POLICIES),
      animation: fc.boolean(),
      acceptSvg: fc.boolean(),
      acceptHeic: fc.boolean(),
      copyUserMetadata: fc.boolean(),
      deleteSource: fc.boolean(),
      deleteRenditions: fc.boolean(),
    }),
    catalog: fc.record({
      table: fc.string(), partitionKey: fc.string(), imageId: fc.constantFrom(...IMAGE_ID_SOURCES), shards: whole, expireAfter: whole,
    }),
    maxTries: whole,
    pipelineName: fc.string(),
  });
}
