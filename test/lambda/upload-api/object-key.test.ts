import fc from 'fast-check';
import { objectKey, safeName } from '../../../src/lambda/upload-api/object-key';

test.each([
  ['cat.jpg', 'cat.jpg'],
  ['My cat+1 (copy).JPEG', 'My-cat-1-copy.JPEG'],
  ['Ünïcödé ß.png', 'Unicode.png'],
  ['猫.webp', 'image.webp'],
  ['猫', 'image'],
  ['.htaccess', 'image.htaccess'],
  ['-rf.gif', 'rf.gif'],
  ['a..b...c.png', 'a.b.c.png'],
  ['archive.tar.gz', 'archive.tar.gz'],
  ['no extension', 'no-extension'],
  ['${filename}', 'filename'],
  ['x.%2e%2e%2f', 'x.2e2e2f'],
  ['evil.php\u202egpj.jpg', 'evil.php-gpj.jpg'],
  [`${'x'.repeat(200)}.jpg`, `${'x'.repeat(96)}.jpg`],
  [`cat.${'x'.repeat(17)}`, `cat.${'x'.repeat(17)}`],
])('%j is stored as %s', (fileName, expected) => {
  expect(safeName(fileName)).toBe(expected);
});

test('no name leads out of the folder of its image', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (fileName) => {
    const [prefix, id, name, ...more] = objectKey('uploads/', 'id', fileName).split('/');
    expect([prefix, id, more]).toEqual(['uploads', 'id', []]);
    expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
    expect(name).not.toContain('..');
  }), { seed: 1, numRuns: 2000 });
});
