import { CfnParameter, Token } from 'aws-cdk-lib';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { ImageFit, ImagePosition, ImageProfile, ImageProfileOptions, ImageResizePipeline, OutputFormat } from '../../src';
import { CONFIG_VARIABLE, FITS, PROFILE_DEFAULTS } from '../../src/contract';
import { configOf, createStack, propertiesOf, synthesize } from '../helpers/cdk';

const SIZE = { width: 100 };
const render = (options: ImageProfileOptions) => ImageProfile.of('card', options)._render();

test('a profile is one JPEG within its size unless it says more', () => {
  expect(render(SIZE)).toEqual({ ...PROFILE_DEFAULTS, name: 'card', width: 100, formats: [{ format: 'jpeg', options: {} }] });
});

test('a profile takes every option', () => {
  const profile = ImageProfile.of('hero', {
    width: 1200,
    height: 600,
    fit: ImageFit.COVER,
    position: ImagePosition.ATTENTION,
    enlarge: true,
    background: '#FF00aa80',
    formats: [OutputFormat.avif({ quality: 45 }), OutputFormat.webp()],
    cacheControl: 'public, max-age=31536000, immutable',
    storageClass: StorageClass.INTELLIGENT_TIERING,
    metadata: { 'made-for': 'home page' },
  });
  expect(profile.name).toBe('hero');
  expect(profile._render()).toEqual({
    name: 'hero',
    width: 1200,
    height: 600,
    fit: 'cover',
    position: 'attention',
    enlarge: true,
    background: '#FF00aa80',
    formats: [{ format: 'avif', options: { quality: 45 } }, { format: 'webp', options: {} }],
    cacheControl: 'public, max-age=31536000, immutable',
    storageClass: 'INTELLIGENT_TIERING',
    metadata: { 'made-for': 'home page' },
  });
});

test.each([
  [ImageProfile.THUMBNAIL, 'thumbnail', 200],
  [ImageProfile.MEDIUM, 'medium', 800],
  [ImageProfile.LARGE, 'large', 1600],
])('the preset %#: %s fits into a square', (preset, name, side) => {
  expect(preset._render()).toMatchObject({ name, width: side, height: side, fit: 'inside', formats: [{ format: 'jpeg' }] });
});

test('fits are those of the handler', () => {
  expect(Object.values(ImageFit).sort()).toEqual([...FITS].sort());
});

test.each(['a', 'Card-2_x', '0', 'x'.repeat(64)])('a profile may be named %j', (name) => {
  expect(ImageProfile.of(name, SIZE).name).toBe(name);
});

test.each(['', '-a', '_a', 'a b', 'a/b', 'a.b', 'ä', 'x'.repeat(65)])('fails with the name %j', (name) => {
  expect(() => ImageProfile.of(name, SIZE)).toThrow(new Error(
    `ImageProfile.of(${JSON.stringify(name)}): name must be 1 to 64 letters, digits, dashes and underscores, beginning with a letter or digit, `
    + `received ${JSON.stringify(name)}`));
});

test.each<ImageProfileOptions>([
  { width: 1 }, { width: 16383 }, { height: 1 }, { height: 16383 }, { width: 3, height: 4 },
  { scale: 0.01 }, { scale: 1 }, { scale: 1.5, enlarge: true }, { scale: 10, enlarge: true },
])('a profile may be %j', (options) => {
  expect(render(options)).toMatchObject(options);
});

test.each<[string, ImageProfileOptions, string]>([
  ['no size', {}, ' must have width, height or scale, received none of them: use scale 1 to keep the size'],
  ['options without a size', { fit: ImageFit.COVER }, ' must have width, height or scale, received none of them: use scale 1 to keep the size'],
  ['width 0', { width: 0 }, ': width must be a whole number from 1 to 16383 pixels, received 0'],
  ['a width beyond WebP', { width: 16384 }, ': width must be a whole number from 1 to 16383 pixels, received 16384'],
  ['half a pixel', { height: 10.5 }, ': height must be a whole number from 1 to 16383 pixels, received 10.5'],
  ['a negative height', { height: -1 }, ': height must be a whole number from 1 to 16383 pixels, received -1'],
  ['a height beyond WebP', { height: 16384 }, ': height must be a whole number from 1 to 16383 pixels, received 16384'],
  ['a width that is no number', { width: NaN }, ': width must be a whole number from 1 to 16383 pixels, received NaN'],
  ['an infinite width', { width: Infinity }, ': width must be a whole number from 1 to 16383 pixels, received Infinity'],
  ['scale 0', { scale: 0 }, ': scale must be a number from 0.01 to 10, received 0'],
  ['too small a scale', { scale: 0.009 }, ': scale must be a number from 0.01 to 10, received 0.009'],
  ['too large a scale', { scale: 10.1, enlarge: true }, ': scale must be a number from 0.01 to 10, received 10.1'],
  ['a scale that enlarges by accident', { scale: 1.1 }, ': scale must be at most 1 unless enlarge is true, received 1.1'],
  ['scale and width', { scale: 0.5, width: 10 }, ' must be given either scale or width and height, received {"width":10,"scale":0.5}'],
  ['scale and fit', { scale: 0.5, fit: ImageFit.FILL }, ': fit must be left out beside scale, which keeps the aspect ratio, received "fill"'],
  ['a colour name', { ...SIZE, background: 'white' }, ': background must be #rrggbb, #rrggbbaa or transparent, received "white"'],
  ['transparent in capitals', { ...SIZE, background: 'TRANSPARENT' }, ': background must be #rrggbb, #rrggbbaa or transparent, received "TRANSPARENT"'],
  ['a short colour', { ...SIZE, background: '#fff' }, ': background must be #rrggbb, #rrggbbaa or transparent, received "#fff"'],
  ['no formats', { ...SIZE, formats: [] }, ': formats must be at least one format, received []'],
  ['a format twice', { ...SIZE, formats: [OutputFormat.webp(), OutputFormat.webp({ quality: 1 })] },
    ': formats must be different formats, received ["webp","webp"]: put the second into a profile of its own'],
  ['a line break in a header', { ...SIZE, cacheControl: 'public\nx: y' }, ': cacheControl must be printable ASCII, received "public\\nx: y"'],
  ['an upper case metadata name', { ...SIZE, metadata: { Owner: 'x' } }, ': metadata name must be lower case letters, digits and dashes, received "Owner"'],
  ['a metadata name of the pipeline', { ...SIZE, metadata: { 'image-id': 'x' } },
    ': metadata name must be other than pipeline, source-sequencer, source-claim, source-etag, image-id, profile, source-bucket, source-version-id, source-key, which the pipeline writes, received "image-id"'],
  ['a metadata value outside of ASCII', { ...SIZE, metadata: { owner: 'Jürgen' } }, ': metadata["owner"] must be printable ASCII, received "Jürgen"'],
])('fails with %s', (_, options, message) => {
  expect(() => render(options)).toThrow(new Error(`ImageProfile.of("card")${message}`));
});

describe('position', () => {
  const positions = Object.values(ImagePosition);
  const strategies = [ImagePosition.ATTENTION, ImagePosition.ENTROPY, ImagePosition.FOCAL_POINT];

  test.each(positions)('%s is taken with fit cover', (position) => {
    expect(render({ ...SIZE, fit: ImageFit.COVER, position }).position).toBe(position);
  });

  test.each(positions.filter((position) => !strategies.includes(position)))('%s is taken with fit contain', (position) => {
    expect(render({ ...SIZE, fit: ImageFit.CONTAIN, position }).position).toBe(position);
  });

  test.each(strategies)('fails for %s with fit contain, which crops nothing', (position) => {
    expect(() => render({ ...SIZE, fit: ImageFit.CONTAIN, position }))
      .toThrow(`ImageProfile.of("card"): position must be used with fit cover, received "${position}": set fit, which is "contain"`);
  });

  test.each([undefined, ImageFit.INSIDE, ImageFit.OUTSIDE, ImageFit.FILL])('fails with fit %s', (fit) => {
    expect(() => render({ ...SIZE, fit, position: ImagePosition.TOP }))
      .toThrow(`ImageProfile.of("card"): position must be used with fit cover or contain, received "top": set fit, which is "${fit ?? 'inside'}"`);
  });
});

test('values that are known only at deployment reach the handler', () => {
  const stack = createStack();
  const parameter = (id: string, type: string) => new CfnParameter(stack, id, { type });
  new ImageResizePipeline(stack, 'Pipeline', {
    profiles: [ImageProfile.of('card', {
      width: parameter('Width', 'Number').valueAsNumber,
      background: parameter('Background', 'String').valueAsString,
      cacheControl: parameter('CacheControl', 'String').valueAsString,
      formats: [OutputFormat.jpeg({ quality: parameter('Quality', 'Number').valueAsNumber })],
    })],
  });

  const { Environment } = propertiesOf(synthesize(stack), 'AWS::Lambda::Function', 'PipelineFunction');
  expect(Environment.Variables[CONFIG_VARIABLE]).toContain(
    '[{"background":"Background","name":"card","width":Width,"cacheControl":"CacheControl","formats":[{"format":"jpeg","options":{"quality":Quality}}]}]');
});

test('a scale that is known only at deployment is not compared', () => {
  expect(Token.isUnresolved(render({ scale: Token.asNumber({ Ref: 'Scale' }) }).scale)).toBe(true);
});

test('an option that is given as undefined is as if left out', () => {
  const stack = createStack();
  const options = { width: 100, height: undefined, fit: undefined, background: undefined, metadata: undefined, formats: undefined };
  new ImageResizePipeline(stack, 'Pipeline', { profiles: [ImageProfile.of('card', options)] });
  expect(configOf(synthesize(stack)).profileSets[0]).toEqual([render(SIZE)]);
});

test('the order in which options and metadata are given changes nothing', () => {
  const one = ImageProfile.of('a', { width: 1, metadata: { x: '1', y: '2' }, formats: [OutputFormat.jpeg({ quality: 80, progressive: true })] });
  const other = ImageProfile.of('a', { formats: [OutputFormat.jpeg({ progressive: true, quality: 80 })], metadata: { y: '2', x: '1' }, width: 1 });
  expect(JSON.stringify(one._render())).toBe(JSON.stringify(other._render()));
});
