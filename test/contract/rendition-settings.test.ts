import { ADJUSTMENTS, HandlerConfig, parseConfig, renderConfig, renditionSettings, CONFIG_VARIABLE, WatermarkConfig } from '../../src/contract';
import { CONFIG, changedConfigs } from '../helpers/configs';

type Digest = 'settings' | 'limits';

/** The renditions whose digest is another one than that of the unchanged configuration, or that it does not have. */
function changed(config: HandlerConfig, digest: Digest): string[] {
  const before = renditionSettings(CONFIG, CONFIG.sources[0]);
  return [...renditionSettings(config, config.sources[0])]
    .filter(([name, settings]) => before.get(name)?.[digest] !== settings[digest])
    .map(([name]) => name);
}

const ALL = ['small.jpeg', 'small.webp', 'large.jpeg', 'requested.jpeg'];
const SMALL = ['small.jpeg', 'small.webp'];

const ADJUSTED = ADJUSTMENTS.map((name) => `adjustments.${name}`);

/** Which fields make which renditions others. All fields that are not here change none. */
const CHANGES: Record<string, readonly string[]> = {
  'pipelineName': ALL,
  'processing.metadata': ALL,
  'processing.animation': ALL,
  'processing.copyUserMetadata': ALL,
  ...Object.fromEntries(
    ['width', 'scale', 'fit', 'position', 'enlarge', 'background', ...ADJUSTED, 'cacheControl', 'storageClass', 'metadata'].map((field) => [`profiles.${field}`, SMALL]),
  ),
  'profiles.name': ['smallx.jpeg', 'smallx.webp'],
  'profiles.formats': ['small.avif'],
  'profiles.formats.options': ['small.jpeg'],
  ...Object.fromEntries(
    ['width', 'height', 'scale', 'fit', 'position', 'enlarge', 'background', ...ADJUSTED, 'metadata'].map((field) => [`requested.${field}`, ['requested.jpeg']]),
  ),
  'requested.name': ['requestedx.jpeg'],
  'requested.formats': ['requested.avif'],
  'requested.formats.options': ['requested.jpeg'],
};

test.each(changedConfigs())('%s makes others of those renditions whose pixels, bytes or headers it decides', (path, config) => {
  expect(changed(config, 'settings')).toEqual(CHANGES[path] ?? []);
});

test.each(changedConfigs())('%s may make renditions possible where it decides about them, or about limits', (path, config) => {
  expect(changed(config, 'limits')).toEqual(path === 'processing.maxInputPixels' ? ALL : CHANGES[path] ?? []);
});

test('another bucket, key or version of a watermark is another setting', () => {
  const settingsWith = (image: WatermarkConfig['image']) => {
    const adjustments = [{ name: 'watermark' as const, image, scale: 1, margin: 0, opacity: 1, position: 'centre', tile: false }];
    return renditionSettings({ ...CONFIG, profileSets: [[{ ...CONFIG.profileSets[0][0], adjustments }]] }, CONFIG.sources[0]).get('small.jpeg')!.settings;
  };
  const object = { bucket: 'brand', key: 'logo.png' };
  const images = ['0.png', '1.png', object, { ...object, bucket: 'other' }, { ...object, key: 'logo-2.png' }, { ...object, versionId: '1' }, { ...object, versionId: '2' }];
  expect(new Set(images.map(settingsWith)).size).toBe(images.length);
});

test('every field is looked at', () => {
  expect(Object.keys(CHANGES).filter((path) => !changedConfigs().some(([name]) => name === path))).toEqual([]);
});

test('renditions are told apart, and those that an uploader asks for are marked', () => {
  const settings = renditionSettings(CONFIG, CONFIG.sources[0]);

  expect([...settings].map(([name, { isRequested }]) => [name, isRequested])).toEqual(ALL.map((name) => [name, name === 'requested.jpeg']));
  expect(new Set([...settings.values()].flatMap((each) => [each.settings, each.limits])).size).toBe(2 * ALL.length);
});

test('the handler finds the digests of the construct', () => {
  const parsed = parseConfig({ [CONFIG_VARIABLE]: JSON.stringify(renderConfig(CONFIG)) });

  expect(renditionSettings(parsed, parsed.sources[0])).toEqual(renditionSettings(CONFIG, CONFIG.sources[0]));
});

// A digest that follows from other things than before has every image of every pipeline made again.
test('digests stay as they are', () => {
  expect([...renditionSettings(CONFIG, CONFIG.sources[0])].map(([name, { settings, limits }]) => [name, settings, limits])).toEqual([
    ['small.jpeg', '3142307fd789', '6e9b905f02af'],
    ['small.webp', 'a8014c71e822', 'a3e058a4499b'],
    ['large.jpeg', 'ec26717f17fb', '3ba91c493cfd'],
    ['requested.jpeg', '435ac5dbcb41', '23c456d1a24a'],
  ]);
});
