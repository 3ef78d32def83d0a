import { matchesPattern, requireKnownPattern } from '../../../../local-runner/services/event-bridge/event-pattern';

const EVENT = {
  'source': 'aws.s3',
  'detail-type': 'Object Created',
  'resources': ['arn:aws:s3:::photos'],
  'detail': { bucket: { name: 'photos' }, object: { key: 'uploads/a b.JPG', size: 12 } },
};

test.each<[object, boolean]>([
  [{ source: ['aws.s3'] }, true],
  [{ source: ['aws.ec2'] }, false],
  [{ source: ['aws.s3'], detail: { bucket: { name: ['photos', 'other'] } } }, true],
  [{ source: ['aws.s3'], detail: { bucket: { name: ['other'] } } }, false],
  [{ 'detail-type': ['Object Deleted', 'Object Created'] }, true],
  [{ resources: ['arn:aws:s3:::photos'] }, true],
  [{ detail: { object: { size: [12] } } }, true],
  [{ detail: { object: { size: ['12'] } } }, false],
  [{ detail: { object: { key: [{ prefix: 'uploads/' }] } } }, true],
  [{ detail: { object: { key: [{ prefix: 'other/' }, { suffix: '.JPG' }] } } }, true],
  [{ detail: { object: { key: [{ suffix: '.jpg' }] } } }, false],
  [{ detail: { bucket: { name: [{ 'equals-ignore-case': 'PHOTOS' }] } } }, true],
  [{ detail: { object: { key: [{ 'anything-but': { prefix: 'uploads/' } }] } } }, false],
  [{ detail: { bucket: { name: [{ 'anything-but': ['a', 'b'] }] } } }, true],
  [{ detail: { object: { versionId: [{ exists: false }] } } }, true],
  [{ detail: { object: { key: [{ exists: false }] } } }, false],
  [{ detail: { missing: { deep: ['x'] } } }, false],
])('%j: %s', (pattern, expected) => {
  requireKnownPattern(pattern as never, 'Rule');

  expect(matchesPattern(pattern as never, EVENT)).toBe(expected);
});

test.each<[object, string]>([
  [{ detail: { object: { size: [{ numeric: ['>', 0] }] } } }, 'Rule.detail.object.size uses "numeric"'],
  [{ detail: { key: [{ 'anything-but': { wildcard: '*' } }] } }, 'Rule.detail.key uses "wildcard"'],
  [{ $or: [{ source: ['a'] }] }, 'Rule uses "$or"'],
])('fails for what it does not know: %j', (pattern, message) => {
  expect(() => requireKnownPattern(pattern as never, 'Rule')).toThrow(message);
});
