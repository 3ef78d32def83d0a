import fc from 'fast-check';
import { EXTENSIONS, expandOutputKey, OUTPUT_FORMATS, OUTPUT_KEY_TOKENS, OutputKeyValues, parseOutputKey, splitKey } from '../../src/contract';

const VALUES: OutputKeyValues = {
  ...splitKey('holiday/beach day.JPG'), profile: 'thumbnail', format: 'webp', ext: 'webp', width: 200, height: 133, imageId: 'k-1',
};

describe('splitKey', () => {
  test.each([
    ['a.jpg', '', 'a', 'jpg'],
    ['dir/a.jpg', 'dir/', 'a', 'jpg'],
    ['dir/sub/a.b.JPEG', 'dir/sub/', 'a.b', 'JPEG'],
    ['a', '', 'a', ''],
    ['dir.d/a', 'dir.d/', 'a', ''],
    ['.hidden', '', '.hidden', ''],
    ['dir/.hidden.png', 'dir/', '.hidden', 'png'],
    ['a.', '', 'a', ''],
    ['dir/', 'dir/', '', ''],
    ['', '', '', ''],
    ['/a.jpg', '/', 'a', 'jpg'],
    ['Fotos/Ünïcode ☃+&.png', 'Fotos/', 'Ünïcode ☃+&', 'png'],
  ])('%j is directory %j, name %j and extension %j', (key, dir, name, sourceExt) => {
    expect(splitKey(key)).toEqual({ key, dir, name, sourceExt });
  });

  test('loses no character but the dot before the extension', () => {
    fc.assert(fc.property(fc.string(), (key) => {
      const { dir, name, sourceExt } = splitKey(key);
      expect([`${dir}${name}`, `${dir}${name}.${sourceExt}`]).toContain(key);
    }));
  });
});

describe('parseOutputKey', () => {
  test('splits a template into text and tokens', () => {
    expect(parseOutputKey('resized/{dir}{name}-{width}x{height}.{ext}')).toEqual([
      { text: 'resized/' }, { token: 'dir' }, { token: 'name' }, { text: '-' }, { token: 'width' }, { text: 'x' }, { token: 'height' },
      { text: '.' }, { token: 'ext' },
    ]);
  });

  test.each(OUTPUT_KEY_TOKENS)('knows {%s}', (token) => {
    expect(parseOutputKey(`{${token}}`)).toEqual([{ token }]);
  });

  test.each(['{size}', '{Key}', '{ key }', '{}', '{constructor}'])('fails on the unknown token %s', (token) => {
    expect(() => parseOutputKey(`a/${token}`)).toThrow(
      `expected one of {key} {dir} {name} {sourceExt} {profile} {format} {ext} {width} {height} {imageId}, received "${token}"`);
  });

  test.each(['{key', 'key}', '{{key}}', '}{'])('fails on stray braces in %s', (template) => {
    expect(() => parseOutputKey(template)).toThrow(`expected braces in pairs around a token, received "${template}"`);
  });
});

describe('expandOutputKey', () => {
  test.each([
    ['{key}/{profile}.{ext}', 'holiday/beach day.JPG/thumbnail.webp'],
    ['{dir}{name}_{width}x{height}.{ext}', 'holiday/beach day_200x133.webp'],
    ['resized-{name}.{sourceExt}', 'resized-beach day.JPG'],
    ['{imageId}/{profile}-{format}', 'k-1/thumbnail-webp'],
    ['{profile}/{profile}', 'thumbnail/thumbnail'],
    ['constant', 'constant'],
  ])('%s becomes %s', (template, expanded) => {
    expect(expandOutputKey(template, VALUES)).toBe(expanded);
  });

  test('takes braces, dollars and tokens within a key as they are', () => {
    const key = '{profile}/$& $1 {name}.jpg';
    expect(expandOutputKey('{key}/{profile}', { ...VALUES, key })).toBe(`${key}/thumbnail`);
  });
});

test('every encoded format has an extension, and no two have the same', () => {
  expect(Object.keys(EXTENSIONS).sort()).toEqual(OUTPUT_FORMATS.filter((format) => format !== 'original').sort());
  expect(new Set(Object.values(EXTENSIONS)).size).toBe(Object.values(EXTENSIONS).length);
});
