import { originalOf } from '../../../src/lambda/backfill/originals';

const LISTED = { Key: 'a.jpg', Etag: '"abc"', Size: 5, LastModified: 1767225600, StorageClass: 'STANDARD' };

test.each<[string, unknown, object]>([
  ['an object of a listing', LISTED, { bucket: 'photos', key: 'a.jpg', bytes: 5, etag: 'abc', modified: 1767225600000 }],
  ['a key', 'a.jpg', { bucket: 'photos', key: 'a.jpg' }],
  ['an entry of a list', { key: 'a.jpg' }, { bucket: 'photos', key: 'a.jpg' }],
  ['an entry of another bucket', { key: 'a.jpg', bucket: 'other' }, { bucket: 'other', key: 'a.jpg' }],
  ['a row whose column is empty', { key: 'a.jpg', bucket: '' }, { bucket: 'photos', key: 'a.jpg' }],
  ['an entry that has no bucket', { key: 'a.jpg', bucket: null }, { bucket: 'photos', key: 'a.jpg' }],
])('%s names an original', (_, item, original) => {
  expect(originalOf(item, 'photos')).toEqual(original);
});

test.each([null, '', 5, true, [], {}, { key: '' }, { key: 5 }, { keys: 'a.jpg' }])('fails for %j, which has no key', (item) => {
  const message = `an entry of the list must be a key or an object with a key, received ${JSON.stringify(item)}`;
  expect(() => originalOf(item, 'photos')).toThrow(expect.objectContaining({ name: 'InvalidInput', message }));
});

test.each([5, true, {}, ['other']])('fails for the bucket %j', (bucket) => {
  const item = { key: 'a.jpg', bucket };
  const message = `an entry of the list must name its bucket by a text, received ${JSON.stringify(item)}`;
  expect(() => originalOf(item, 'photos')).toThrow(expect.objectContaining({ name: 'InvalidInput', message }));
});
