import { profile } from './renditions';
import { AdjustmentConfig, DEFAULT_OUTPUT_KEY, HandlerConfig, PROCESSING_DEFAULTS, ProfileConfig } from '../../src/contract';

const SMALL = profile({ name: 'small', width: 40, formats: ['jpeg', 'webp'], cacheControl: 'max-age=60', storageClass: 'STANDARD_IA' });
const REQUESTED = profile({ name: 'requested', width: 100, height: 100 });

/** A configuration with a value in every field. */
export const CONFIG: HandlerConfig = {
  version: 1,
  outputBucket: 'output',
  outputKey: DEFAULT_OUTPUT_KEY,
  formerOutputs: [],
  profileSets: [[SMALL, profile({ name: 'large', width: 80 })]],
  sources: [{ bucket: 'source', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0, requested: REQUESTED }],
  processing: PROCESSING_DEFAULTS,
  catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0, exif: false },
  maxTries: 3,
  events: { bus: 'default' },
  hook: false,
  pipelineName: 'Images',
};

const ADJUSTED: readonly AdjustmentConfig[] = [
  { name: 'trim', threshold: 10 },
  { name: 'extend', top: 1, right: 0, bottom: 0, left: 0 },
  { name: 'blur', sigma: 1 },
  { name: 'greyscale' },
  { name: 'sharpen', sigma: 1 },
  { name: 'watermark', image: '0.png', scale: 0.25, margin: 0, opacity: 1, position: 'centre', tile: false },
  { name: 'roundedCorners', radius: 1 },
];

/** The configuration with another value in each of its fields, by the field's path. Of profiles, the first one changes. */
export function changedConfigs(): [string, HandlerConfig][] {
  return Object.entries(CONFIG).flatMap(([name, value]): [string, HandlerConfig][] => {
    if (name === 'sources') return changedSources();
    if (name === 'profileSets') return changedProfiles(SMALL, 'profiles', (changed) => ({ ...CONFIG, profileSets: [[changed, ...CONFIG.profileSets[0].slice(1)]] }));
    if (name !== 'processing' && name !== 'catalog') return [[name, { ...CONFIG, [name]: other(value) } as HandlerConfig]];
    return Object.entries(CONFIG[name]).map(([field, of]) => [`${name}.${field}`, { ...CONFIG, [name]: { ...CONFIG[name], [field]: other(of) } } as HandlerConfig]);
  });
}

function changedSources(): [string, HandlerConfig][] {
  const [source] = CONFIG.sources;
  const withSource = (change: object): HandlerConfig => ({ ...CONFIG, sources: [{ ...source, ...change }] });
  const fields = Object.keys(source).filter((field) => field !== 'requested') as Exclude<keyof typeof source, 'requested'>[];
  return [
    // Another set of profiles with the same content is the same.
    ...fields.map((field): [string, HandlerConfig] => [`sources.${field}`, { ...withSource({ [field]: other(source[field]) }), profileSets: [...CONFIG.profileSets, ...CONFIG.profileSets] }]),
    ['sources.requested', withSource({ requested: undefined })],
    ...changedProfiles(REQUESTED, 'requested', (requested) => withSource({ requested })),
  ];
}

function changedProfiles(of: ProfileConfig, path: string, configWith: (changed: ProfileConfig) => HandlerConfig): [string, HandlerConfig][] {
  const { formats: [format, ...formats], ...fields } = { ...of, scale: of.scale };
  const changes: [string, Partial<ProfileConfig>][] = [
    ...Object.entries(fields).map(([field, value]): [string, Partial<ProfileConfig>] => [field, { [field]: other(value) }]),
    ['formats', { formats: [format, ...formats, { format: 'avif', options: {} }] }],
    ...ADJUSTED.map((adjustment): [string, Partial<ProfileConfig>] => [`adjustments.${adjustment.name}`, { adjustments: [adjustment] }]),
    ['formats.options', { formats: [{ ...format, options: { quality: 50 } }, ...formats] }],
  ];
  return changes.map(([field, change]) => [`${path}.${field}`, configWith({ ...of, ...change })]);
}

function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}x`;
  if (value === undefined) return 0.5;
  return Array.isArray(value) ? [...value, 'x'] : { ...value as object, added: 'x' };
}
