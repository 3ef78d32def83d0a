import { Token } from 'aws-cdk-lib';
import fc from 'fast-check';
import { ImageProfile, OutputFormat } from '../../src';
import { EXTENSIONS, expandOutputKey, splitKey } from '../../src/contract';
import { inputCollision, requireDistinctRenditions, requireOutputKey } from '../../src/pipeline/output-key-rules';

const profile = (name: string, ...formats: OutputFormat[]) => ImageProfile.of(name, { width: 10, formats: formats.length ? formats : undefined });
const SMALL = profile('small');
const LARGE = profile('large');

describe('requireOutputKey', () => {
  test.each(['{key}', '{key}/{profile}.{ext}', 'a/{imageId}', '{dir}{name}', 'thumb_{name}'])('takes %s', (template) => {
    expect(() => requireOutputKey(template)).not.toThrow();
  });

  test.each([
    ['', 'outputKey must be a template with tokens such as {key} and {profile}, received ""'],
    ['thumbnail.jpg', 'outputKey must be a template with tokens such as {key} and {profile}, received "thumbnail.jpg"'],
    ['/{key}', 'outputKey must be without a slash at the beginning, received "/{key}": keys of S3 begin with their first segment'],
    ['{file}', 'outputKey: expected one of {key} {dir} {name} {sourceExt} {profile} {format} {ext} {width} {height} {imageId}, received "{file}"'],
    ['{key', 'outputKey: expected braces in pairs around a token, received "{key"'],
  ])('fails for %j', (template, message) => {
    expect(() => requireOutputKey(template)).toThrow(message);
  });
});

test('requireOutputKey fails for a template that is known only at deployment', () => {
  const template = `${Token.asString({ Ref: 'Prefix' })}/{key}`;
  expect(() => requireOutputKey(template)).toThrow(new Error(
    `outputKey must be known at synth, received ${JSON.stringify(template)}: use outputPrefix for what is known only at deployment`));
});

describe('requireDistinctRenditions', () => {
  test.each<[string, ImageProfile[]]>([
    ['{key}/{profile}.{ext}', [SMALL, LARGE]],
    ['{key}/{profile}.{ext}', [profile('a', OutputFormat.jpeg(), OutputFormat.webp(), OutputFormat.avif())]],
    ['{key}/{profile}-{format}', [profile('a', OutputFormat.jpeg(), OutputFormat.original())]],
    ['{key}', [SMALL]],
    ['{key}.{ext}', [profile('a', OutputFormat.jpeg()), profile('b', OutputFormat.webp())]],
    ['{key}.{format}', [profile('a', OutputFormat.original()), profile('b', OutputFormat.png())]],
  ])('%s tells the renditions of %# apart', (template, profiles) => {
    expect(() => requireDistinctRenditions(template, profiles)).not.toThrow();
  });

  test.each<[string, string, ImageProfile[], string, string]>([
    ['two profiles of one format', '{key}.{ext}', [SMALL, LARGE], 'small as jpeg and large as jpeg can both become "{key}.jpg"', '{profile}'],
    ['two formats', '{key}/{profile}', [profile('a', OutputFormat.jpeg(), OutputFormat.png())], 'a as jpeg and a as png can both become "{key}/a"', '{format}'],
    ['sizes, which can be the same', '{key}-{width}x{height}.{ext}', [SMALL, LARGE],
      'small as jpeg and large as jpeg can both become "{key}-{width}x{height}.jpg"', '{profile}'],
    ['the original format, which can be the other one', '{key}/{profile}.{ext}', [profile('a', OutputFormat.png(), OutputFormat.original())],
      'a as png and a as original can both become "{key}/a.png"', '{format}'],
    ['the original format of two profiles', '{key}.{ext}', [profile('a', OutputFormat.original()), profile('b', OutputFormat.original())],
      'a as original and b as original can both become "{key}.jpg"', '{profile}'],
  ])('fails with %s', (_, template, profiles, clash, token) => {
    expect(() => requireDistinctRenditions(template, profiles)).toThrow(new Error(
      `outputKey must be different for every rendition of an image, but ${clash}, received "${template}": add ${token}`));
  });
});

describe('inputCollision', () => {
  test.each(['{key}', '{key}/{profile}.{ext}', '{imageId}/{profile}.{ext}', '{dir}{name}.{sourceExt}/{profile}.{ext}', '{profile}/{key}', 'x/{dir}{profile}/{name}.{sourceExt}',
    '{sourceExt}/{dir}{name}', '{dir}{sourceExt}/{name}', '{dir}{name}-{profile}.{sourceExt}'])(
    '%s keeps images apart', (template) => {
      expect(inputCollision(template, [SMALL, LARGE])).toBeUndefined();
    });

  test.each([
    ['{name}.{sourceExt}', 'keys that differ only in their directory'],
    ['{profile}.{ext}', 'keys that differ only in their directory'],
    ['{dir}{profile}.{ext}', 'keys of one directory'],
    ['{dir}{sourceExt}/{profile}.{ext}', 'keys of one directory'],
    ['{dir}{name}/{profile}.{ext}', 'keys that differ only in their extension'],
    ['{dir}{name}{sourceExt}/{profile}', 'keys that differ only in where their extension begins'],
    ['{dir}{name}-{sourceExt}/{profile}', 'keys that differ only in where their extension begins'],
    ['{dir}{sourceExt}_{name}/{profile}', 'keys that differ only in where their extension begins'],
    ['{name}.{sourceExt}-{dir}{profile}', 'keys that differ only in where their directory ends'],
    ['{sourceExt}.{dir}{name}', 'keys that differ only in where their directory ends'],
  ])('%s mixes %s', (template, collision) => {
    expect(inputCollision(template, [SMALL, LARGE])).toBe(collision);
  });

  test.each([
    ['{key}-{profile}.{ext}', ['b', 'a-b']],
    ['{key}{profile}', ['b', 'ab']],
    ['{profile}-{key}', ['b', 'b-a']],
    ['{imageId}_{profile}', ['b', 'a_b']],
  ])('%s mixes keys where a profile is named like the end of another one: %j', (template, names) => {
    expect(inputCollision(template, names.map((name) => profile(name))))
      .toBe(`keys that end or begin like a part of the profile names "${names[1]}" and "${names[0]}"`);
  });

  test.each([
    ['{key}/{profile}.{ext}', ['b', 'a-b']],
    ['{key}-{profile}.{ext}', ['b', 'ab']],
    ['{profile}/{key}', ['b', 'b-a']],
  ])('%s keeps images apart with the profiles %j', (template, names) => {
    expect(inputCollision(template, names.map((name) => profile(name)))).toBeUndefined();
  });

  test('finds every template with which two keys have a rendition in common', () => {
    const keys = wordsOf(['a', 'b', '-', '.', '/'], 4)
      // A name that ends in a dot has an empty extension, as has the one without the dot.
      .filter((key) => !key.endsWith('.'));
    const separator = fc.constantFrom('', '/', '-', '.', 'a');
    const tokens = fc.constantFrom<string[]>(['{key}', '{profile}'], ['{dir}', '{name}', '{sourceExt}', '{profile}'], ['{dir}', '{name}', '{sourceExt}']);
    const template = tokens.chain((some) => fc.shuffledSubarray(some, { minLength: some.length }))
      .chain((some) => fc.tuple(...some.map((token) => separator.map((text) => `${token}${text}`)), fc.constant('.{ext}')))
      .map((parts) => parts.join(''));
    const names = fc.shuffledSubarray(['a', 'b', 'b-a', 'a-b', 'ab'], { minLength: 1, maxLength: 2 });

    fc.assert(fc.property(template, names, (outputKey, profileNames) => {
      const profiles = profileNames.map((name) => profile(name));
      fc.pre(inputCollision(outputKey, profiles) === undefined);
      const owners = new Map<string, string>();
      for (const key of keys) {
        for (const name of profileNames) {
          const output = expandOutputKey(outputKey, {
            ...splitKey(key), profile: name, format: 'jpeg', ext: EXTENSIONS.jpeg[0], width: 1, height: 1, imageId: 'id',
          });
          const owner = owners.get(output) ?? key;
          if (owner !== key) throw new Error(`${owner} and ${key} both become ${output}`);
          owners.set(output, key);
        }
      }
    }), { numRuns: 100 });
  });
});

function wordsOf(letters: readonly string[], length: number): string[] {
  if (length === 0) return [];
  return letters.flatMap((letter) => [letter, ...wordsOf(letters, length - 1).map((rest) => letter + rest)]);
}
