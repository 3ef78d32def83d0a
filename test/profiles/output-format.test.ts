import { ChromaSubsampling, ImageProfile, OutputFormat, TiffCompression } from '../../src';
import { OUTPUT_FORMATS } from '../../src/contract';

const FORMATS = {
  jpeg: OutputFormat.jpeg,
  png: OutputFormat.png,
  webp: OutputFormat.webp,
  avif: OutputFormat.avif,
  gif: OutputFormat.gif,
  tiff: OutputFormat.tiff,
  original: OutputFormat.original,
} as Record<string, (options?: object) => OutputFormat>;

test('there is a factory for every format of the handler', () => {
  expect(Object.keys(FORMATS).sort()).toEqual([...OUTPUT_FORMATS].sort());
});

test.each(Object.keys(FORMATS))('%s leaves its options to the handler unless they are given', (name) => {
  expect(FORMATS[name]()).toHaveProperty('name', name);
  expect(FORMATS[name]()._render()).toEqual({ format: name, options: {} });
  expect(FORMATS[name]({ quality: undefined, effort: undefined })._render()).toEqual({ format: name, options: {} });
});

test.each<[OutputFormat, object]>([
  [OutputFormat.jpeg({ quality: 90, progressive: true, chromaSubsampling: ChromaSubsampling.FULL, mozjpeg: true }),
    { format: 'jpeg', options: { quality: 90, progressive: true, chromaSubsampling: '4:4:4', mozjpeg: true } }],
  [OutputFormat.png({ compressionLevel: 9, progressive: true, palette: true }),
    { format: 'png', options: { compressionLevel: 9, progressive: true, palette: true } }],
  [OutputFormat.webp({ quality: 1, lossless: true, effort: 6 }), { format: 'webp', options: { quality: 1, lossless: true, effort: 6 } }],
  [OutputFormat.avif({ quality: 100, lossless: true, effort: 9, chromaSubsampling: ChromaSubsampling.HALVED }),
    { format: 'avif', options: { quality: 100, lossless: true, effort: 9, chromaSubsampling: '4:2:0' } }],
  [OutputFormat.gif({ colours: 2, effort: 1, dither: 0.5 }), { format: 'gif', options: { colours: 2, effort: 1, dither: 0.5 } }],
  [OutputFormat.tiff({ quality: 70, compression: TiffCompression.JPEG }), { format: 'tiff', options: { quality: 70, compression: 'jpeg' } }],
  [OutputFormat.original({ quality: 60 }), { format: 'original', options: { quality: 60 } }],
  [OutputFormat.original({ quality: 60, heic: OutputFormat.webp({ effort: 1 }) }), { format: 'original', options: { quality: 60 }, heic: { format: 'webp', options: { effort: 1 } } }],
])('%# passes every option on in the words of the encoder', (format, rendered) => {
  expect(format._render()).toEqual(rendered);
});

const BOUNDS: [name: string, option: string, min: number, max: number][] = [
  ...['jpeg', 'webp', 'avif', 'tiff', 'original'].map((name): [string, string, number, number] => [name, 'quality', 1, 100]),
  ['png', 'compressionLevel', 0, 9],
  ['webp', 'effort', 0, 6],
  ['avif', 'effort', 0, 9],
  ['gif', 'effort', 1, 10],
  ['gif', 'colours', 2, 256],
];

describe.each(BOUNDS)('%s: %s', (name, option, min, max) => {
  test.each([min, max])('may be %d', (value) => {
    expect(FORMATS[name]({ [option]: value })._render().options).toEqual({ [option]: value });
  });

  test.each([min - 1, max + 1, min + 0.5, NaN])('fails with %d', (value) => {
    expect(() => FORMATS[name]({ [option]: value }))
      .toThrow(new Error(`OutputFormat.${name}: ${option} must be a whole number from ${min} to ${max}, received ${value}`));
  });
});

test.each([0, 0.25, 1])('gif: dither may be %d', (dither) => {
  expect(OutputFormat.gif({ dither })._render().options).toEqual({ dither });
});

test.each([-0.1, 1.1])('gif: fails with dither %d', (dither) => {
  expect(() => OutputFormat.gif({ dither })).toThrow(new Error(`OutputFormat.gif: dither must be a number from 0 to 1, received ${dither}`));
});

test('original: fails when HEIC is to be written as what cannot be written', () => {
  expect(() => OutputFormat.original({ heic: OutputFormat.original() }))
    .toThrow(new Error('OutputFormat.original: heic must be a format that can be written, received "original"'));
});

test('a format that is used in two profiles is independent of both', () => {
  const webp = OutputFormat.webp({ quality: 50 });
  const [a, b] = ['a', 'b'].map((name) => ImageProfile.of(name, { width: 10, formats: [webp] })._render().formats[0]);
  expect(a).toEqual(b);
  expect(a).not.toBe(b);
});
