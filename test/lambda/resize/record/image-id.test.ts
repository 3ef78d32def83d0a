import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../assets/build/layout';
import { namedId } from '../../../../src/lambda/resize/record/image-id';
import { derivedId } from '../../../../src/lambda/shared/derived-id';
import { Source } from '../../../../src/lambda/shared/sources';

const SOURCE = { bucket: 'source', prefix: 'uploads/' } as Source;

test('a derived id depends on bucket and key alone, and is fit for URLs', () => {
  const id = derivedId('metadata', SOURCE, 'uploads/cat.jpg');

  expect(id).toBe('k-6c06c87aed1379fa139a0f308b9ca098');
  expect(derivedId('metadata', { ...SOURCE, prefix: 'other' }, 'uploads/cat.jpg')).toBe(id);
  expect(derivedId('metadata', SOURCE, 'uploads/dog.jpg')).not.toBe(id);
  expect(derivedId('metadata', { ...SOURCE, bucket: 'other' }, 'uploads/cat.jpg')).not.toBe(id);
});

test('the command of docs/records.md computes it in a terminal', () => {
  const [command] = /^ID=.*$/m.exec(readFileSync(join(packageRoot, 'docs', 'records.md'), 'utf8'))!;
  for (const key of ['uploads/cat.jpg', 'uploads/my cat\'s "best" %s.jpg', 'uploads/\u00fc\\n']) {
    const environment = { ...process.env, BUCKET: SOURCE.bucket, KEY: key };
    expect(execFileSync('sh', ['-c', `${command}; printf %s "$ID"`], { env: environment, encoding: 'utf8' })).toBe(derivedId('metadata', SOURCE, key));
  }
});

test('with keys as ids, the id is the key after the prefix and metadata is not asked', () => {
  expect(derivedId('key', SOURCE, 'uploads/a/cat.jpg')).toBe('a/cat.jpg');
  expect(namedId('key', { 'image-id': 'mine' })).toBeUndefined();
});

test.each(['a', 'A-1_b', 'k', 'kk-1', 'x'.repeat(128), '018f6b1e-7c2a-7d3f-9a51-0242ac120002'])('uploaders may name an image %j', (id) => {
  expect(namedId('metadata', { 'image-id': id })).toBe(id);
});

test('without metadata no id is named', () => {
  expect(namedId('metadata', {})).toBeUndefined();
});

test.each([
  '', ' ', 'a b', 'a/b', '../a', 'k-0123456789abcdef0123456789abcdef', 'k-', 'x'.repeat(129), '\u00fc', 'a\nb', '=?UTF-8?B?w7w=?=',
])('fails for the named id %j, which could be that of another image', (id) => {
  expect(() => namedId('metadata', { 'image-id': id })).toThrow(expect.objectContaining({ code: 'INVALID_IMAGE_ID' }));
});
