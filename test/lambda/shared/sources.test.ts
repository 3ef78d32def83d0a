import { HandlerConfig } from '../../../src/contract';
import { findSource, prepareSources } from '../../../src/lambda/shared/sources';
import { CONFIG, changedConfigs } from '../../helpers/configs';

function sourcesWith(...sources: { bucket?: string; prefix?: string; include?: string[]; exclude?: string[] }[]) {
  return prepareSources({
    profileSets: [[]],
    processing: {},
    catalog: {},
    sources: sources.map((source) => ({ bucket: 'source', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0, ...source })),
  } as unknown as HandlerConfig);
}

test.each([
  ['uploads/', 'uploads/cat.jpg', true],
  ['uploads/', 'uploads/a/b/cat.jpg', true],
  ['uploads/', 'Uploads/cat.jpg', false],
  ['uploads/', 'cat.jpg', false],
  ['', 'cat.jpg', true],
])('prefix %j takes key %j: %s', (prefix, key, expected) => {
  expect(findSource(sourcesWith({ prefix }), 'source', key) !== undefined).toBe(expected);
});

test.each([
  ['*.jpg', 'cat.jpg', true],
  ['*.jpg', 'a/cat.jpg', false],
  ['**/*.jpg', 'cat.jpg', true],
  ['**/*.jpg', 'a/b/cat.jpg', true],
  ['**/*.jpg', 'a/.hidden/cat.jpg', true],
  ['photo-?.png', 'photo-1.png', true],
  ['photo-?.png', 'photo-12.png', false],
  ['a(1).jpg', 'a(1).jpg', true],
  ['a[1].jpg', 'a[1].jpg', true],
  ['a[1].jpg', 'a1.jpg', false],
  ['{a,b}.jpg', '{a,b}.jpg', true],
  ['{a,b}.jpg', 'a.jpg', false],
  ['!cat.jpg', 'dog.jpg', false],
  ['!cat.jpg', '!cat.jpg', true],
])('pattern %j takes key %j: %s', (pattern, key, expected) => {
  expect(findSource(sourcesWith({ include: [pattern] }), 'source', key) !== undefined).toBe(expected);
});

test('patterns are matched after the prefix, and exclusions win', () => {
  const sources = sourcesWith({ prefix: 'uploads/', include: ['*.jpg', '*.png'], exclude: ['draft-*'] });

  expect(findSource(sources, 'source', 'uploads/cat.png')).toBeDefined();
  expect(findSource(sources, 'source', 'uploads/draft-cat.png')).toBeUndefined();
  expect(findSource(sources, 'source', 'uploads/cat.gif')).toBeUndefined();
});

test.each(['drafts/../a.jpg', 'drafts/./a.jpg', './drafts/a.jpg'])('dots of key %j are names like any other', (key) => {
  expect(findSource(sourcesWith({ exclude: ['**/drafts/**'] }), 'source', key)).toBeUndefined();
  expect(findSource(sourcesWith({ include: ['**/*.jpg'] }), 'source', key)).toBeDefined();
});

test('the bucket decides between sources with the same keys', () => {
  const sources = sourcesWith({ bucket: 'a' }, { bucket: 'b' });

  expect(findSource(sources, 'b', 'cat.jpg')).toBe(sources[1]);
  expect(findSource(sources, 'c', 'cat.jpg')).toBeUndefined();
});

describe('the digest of the configuration', () => {
  /** What decides neither pixels nor keys, nor whether an original is accepted: with another value, images need not be made again. */
  const PASSED_OVER = [
    'version', 'maxTries', 'formerOutputs', 'events', 'sources.bucket', 'sources.prefix', 'sources.include', 'sources.exclude', 'sources.profileSet',
    'processing.deleteSource', 'processing.deleteRenditions', 'catalog.table', 'catalog.partitionKey', 'catalog.shards', 'catalog.expireAfter', 'catalog.exif', 'hook',
  ];
  const digest = (changed: HandlerConfig) => prepareSources(changed)[0].configDigest;

  test.each(changedConfigs())('%s counts where it decides what is made', (path, changed) => {
    expect(digest(changed) === digest(CONFIG)).toBe(PASSED_OVER.includes(path));
  });

  test('every field is looked at', () => {
    expect(PASSED_OVER.filter((path) => !changedConfigs().some(([name]) => name === path))).toEqual([]);
  });
});
