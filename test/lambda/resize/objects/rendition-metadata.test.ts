import { PROFILE_DEFAULTS, ProfileConfig } from '../../../../src/contract';
import { isOwnRendition, renditionMetadata, RenditionOrigin } from '../../../../src/lambda/resize/objects/renditions';

const PROFILE: ProfileConfig = { ...PROFILE_DEFAULTS, name: 'hero', formats: [] };
const ORIGIN: RenditionOrigin = {
  pipeline: 'Images', order: { sequencer: '00617F08299329D189', imageId: 'a', claim: 1 }, bucket: 'source', key: 'my cats/\u00fc+.jpg', etag: 'e', versionId: 'v', userMetadata: {},
};

function bytesOf(metadata: Record<string, string>): number {
  return Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

test('renditions are linked to source, version and profile', () => {
  expect(renditionMetadata(PROFILE, ORIGIN)).toEqual({
    'pipeline': 'Images',
    'source-sequencer': '00617F08299329D189',
    'source-claim': '1',
    'source-etag': 'e',
    'image-id': 'a',
    'profile': 'hero',
    'source-bucket': 'source',
    'source-version-id': 'v',
    'source-key': 'my%20cats/%C3%BC%2B.jpg',
  });
});

test('metadata of the profile and the uploader is added but replaces nothing', () => {
  const metadata = renditionMetadata(
    { ...PROFILE, metadata: { team: 'web', profile: 'forged' } },
    { ...ORIGIN, userMetadata: { 'team': 'forged', 'image-id': 'forged', 'author': 'Ada' } },
  );
  expect(metadata).toMatchObject({ 'team': 'web', 'author': 'Ada', 'profile': 'hero', 'image-id': 'a' });
});

test('what does not fit into 2 KB is left out, the links last', () => {
  const long = renditionMetadata(PROFILE, { ...ORIGIN, key: '\u00fc'.repeat(512), userMetadata: { author: 'Ada' } });
  expect(long).not.toHaveProperty('source-key');
  expect(long).toMatchObject({ 'source-etag': 'e', 'author': 'Ada' });

  const full = renditionMetadata(PROFILE, { ...ORIGIN, userMetadata: { big: 'x'.repeat(2000), small: 'x' } });
  expect(full).not.toHaveProperty('big');
  expect(full).toHaveProperty('small');
  expect(bytesOf(full)).toBeLessThanOrEqual(2048);
});

test('user metadata that no HTTP header can hold is left out', () => {
  expect(renditionMetadata(PROFILE, { ...ORIGIN, userMetadata: { good: 'yes', bad: '\u00fc', worse: 'a\nb' } })).toMatchObject({ good: 'yes' });
  expect(renditionMetadata(PROFILE, { ...ORIGIN, userMetadata: { bad: '\u00fc', worse: 'a\nb' } })).not.toHaveProperty('bad');
});

test('only renditions of the same pipeline are its own', () => {
  const metadata = renditionMetadata(PROFILE, ORIGIN);
  expect(isOwnRendition(metadata, 'Images')).toBe(true);
  expect(isOwnRendition(metadata, 'Other')).toBe(false);
  expect(isOwnRendition({ pipeline: 'Images' }, 'Images')).toBe(false);
  expect(isOwnRendition({}, 'Images')).toBe(false);
});
