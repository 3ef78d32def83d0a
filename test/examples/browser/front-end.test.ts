import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { pageFiles, vendorFiles } from '../../../examples/web-build/build';
import { FAILURE_CODES } from '../../../src/contract';

const WEB = join(__dirname, '..', '..', '..', 'examples', 'web');

interface Rendition {
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

interface Source {
  readonly contentType: string;
  readonly renditions: readonly Rendition[];
  readonly media?: string;
}

interface Sources {
  sourcesOf(image: object): { readonly sources: readonly Source[]; readonly fallback: Source; readonly largest: Rendition } | undefined;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Layout {
  readonly boxes: readonly Box[];
  readonly rows: readonly { readonly y: number; readonly first: number }[];
  readonly height: number;
}

interface Rows {
  justify(ratios: readonly number[], width: number, target: number, gap: number): Layout;
  inSight(layout: Layout, top: number, bottom: number): { readonly first: number; readonly end: number };
}

interface Format {
  formatBytes(bytes: number): string;
  formatSaving(percent: number): string;
  formatShare(part: number, whole: number): string;
  formatLimit(bytes: number): string;
  formatDuration(ms: number): string;
}

test('the modules of the page have sound types', () => {
  const { options, fileNames } = ts.parseJsonConfigFileContent(JSON.parse(readFileSync(join(WEB, 'jsconfig.json'), 'utf8')), ts.sys, WEB, undefined, join(WEB, 'jsconfig.json'));
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));

  expect(fileNames.length).toBeGreaterThan(10);
  expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

test('the page asks nobody else for anything, and a strict content security policy holds', () => {
  const page = readFileSync(join(WEB, 'index.html'), 'utf8');
  const styles = readFileSync(join(WEB, 'style.css'), 'utf8');

  expect(page).not.toMatch(/\s(style|on\w+)=|<style|<script(?![^>]*\ssrc=)/);
  expect(page + styles).not.toMatch(/https?:|@import|url\(/);
});

test('what is built is what its sources make: run `npm run build:web` after a change', async () => {
  for (const [path, contents] of [...await vendorFiles(), ...await pageFiles()]) {
    expect([path, readFileSync(join(WEB, path)).equals(contents)]).toEqual([path, true]);
  }
});

test('the page with its viewer is less than 60 kB on the wire', () => {
  const files = ['index.html', 'style.css', 'theme.js', 'page.js', 'vendor/photoswipe.js'];
  const bytes = files.map((file) => gzipSync(readFileSync(join(WEB, file))).length);

  expect(bytes.reduce((sum, each) => sum + each)).toBeLessThan(60_000);
});

test('what the page carries along of others comes with their licences', () => {
  const licences = readFileSync(join(WEB, 'vendor', 'licences.txt'), 'utf8');
  const named = ['vendor/uppy.js', 'vendor/thumbhash.js', 'vendor/photoswipe.js'].flatMap((path) => /^\/\*! (.*): see licences\.txt \*\//.exec(readFileSync(join(WEB, path), 'utf8'))![1].split(', '));

  expect(named.length).toBeGreaterThan(1);
  for (const name of named) expect(licences).toContain(`${name} (`);
});

test('the sample photographs are those that are described, each in the public domain', async () => {
  const { photographs } = JSON.parse(readFileSync(join(WEB, 'samples', 'samples.json'), 'utf8')) as { photographs: { file: string; licence: string; by: string; from: string }[] };

  expect(photographs.map(({ file }) => file).sort()).toEqual(readdirSync(join(WEB, 'samples')).filter((name) => name !== 'samples.json').sort());
  expect(photographs.filter(({ licence, by, from }) => !['CC0', 'public domain'].includes(licence) || !by || !from)).toEqual([]);
});

describe('the sources of a picture', () => {
  const { sourcesOf } = load<Sources>('sources');
  const original = { width: 1200, height: 800, format: 'jpeg', bytes: 1 };

  test('are grouped by format, the smallest files first, with the format that every browser knows at the end', () => {
    const { sources, fallback, largest } = sourcesOf({ original, renditions: renditions(['jpeg', 'webp', 'avif'], [200, 133], [800, 533]) })!;

    expect(sources.map(({ contentType, renditions: offered }) => [contentType, offered.map(({ width }) => width)])).toEqual([
      ['image/avif', [200, 800]], ['image/webp', [200, 800]],
    ]);
    expect(fallback).toMatchObject({ contentType: 'image/jpeg' });
    expect(largest).toMatchObject({ width: 800, height: 533 });
  });

  test('show the same section: a square avatar does not stand for the whole image', () => {
    const { fallback } = sourcesOf({ original, renditions: renditions(['jpeg'], [200, 133], [256, 256], [800, 533]) })!;

    expect(fallback.renditions.map(({ width }) => width)).toEqual([200, 800]);
  });

  test('are those of the largest shape when all are cropped', () => {
    const { fallback } = sourcesOf({ original, renditions: renditions(['jpeg'], [100, 50], [128, 128], [256, 256]) })!;

    expect(fallback.renditions.map(({ width }) => width)).toEqual([128, 256]);
  });

  test('keep an animation, and are still for those who want less motion', () => {
    const { sources, fallback } = sourcesOf({ original: { ...original, format: 'gif' }, renditions: renditions(['avif', 'gif', 'jpeg', 'webp'], [200, 133]) })!;

    expect(sources.map(({ contentType, media }) => [contentType, media])).toEqual([
      ['image/avif', '(prefers-reduced-motion: reduce)'], ['image/jpeg', '(prefers-reduced-motion: reduce)'], ['image/webp', undefined],
    ]);
    expect(fallback.contentType).toBe('image/gif');
  });

  test('are none when browsers show none of the formats', () => {
    expect(sourcesOf({ original, renditions: renditions(['tiff'], [200, 133]) })).toBeUndefined();
    expect(sourcesOf({ renditions: [] })).toBeUndefined();
  });
});

describe('rows of pictures', () => {
  const { justify, inSight } = load<Rows>('layout');
  const ratios = Array.from({ length: 200 }, (_, at) => [1.5, 0.67, 2.3, 1, 1.33, 0.2, 5][at % 7]);

  test.each([320, 390, 1440, 2560])('go from edge to edge of %i pixels, in their order, and nothing overlaps', (width) => {
    const { boxes, rows, height } = justify(ratios, width, 190, 4);

    expect(boxes).toHaveLength(ratios.length);
    rows.forEach(({ first, y }, at) => {
      const row = boxes.slice(first, rows[at + 1]?.first);
      expect(row.map((box) => box.y)).toEqual(row.map(() => y));
      row.slice(1).forEach((box, index) => expect(box.x - (row[index].x + row[index].width)).toBeCloseTo(4));
      const end = row.at(-1)!.x + row.at(-1)!.width;
      if (at < rows.length - 1) expect(end).toBeCloseTo(width);
      else expect(end).toBeLessThanOrEqual(width + 1);
    });
    expect(height).toBeCloseTo(boxes.at(-1)!.y + boxes.at(-1)!.height);
  });

  test('keep the shapes of pictures, but for very long ones', () => {
    const { boxes } = justify(ratios, 1440, 190, 4);

    boxes.forEach(({ width, height }, at) => expect(width / height).toBeCloseTo(Math.min(10, Math.max(44 / (0.75 * 190), ratios[at]))));
  });

  test('on a phone are never narrower than a finger', () => {
    const { boxes } = justify([...ratios, 0.1, 4, 4, 0.1], 390, 112, 4);

    expect(Math.min(...boxes.map(({ width }) => width))).toBeGreaterThanOrEqual(44);
  });

  test('those in sight are found', () => {
    const layout = justify(ratios, 1440, 190, 4);
    const { first, end } = inSight(layout, 1000, 1500);

    const isSeen = ({ y, height }: Box) => y < 1500 && y + height > 1000;
    const seen = layout.boxes.flatMap((box, at) => (isSeen(box) ? [at] : []));
    expect(first).toBeLessThanOrEqual(seen[0]);
    expect(end).toBeGreaterThan(seen.at(-1)!);
    expect(end - first).toBeLessThan(seen.length + 20);
    expect(inSight(justify([], 1440, 190, 4), 0, 500)).toEqual({ first: 0, end: 0 });
  });
});

describe('what people read', () => {
  const { formatBytes, formatSaving, formatShare, formatLimit, formatDuration } = load<Format>('format');

  test.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [6210, '6.2 kB'], [123_456, '123 kB'], [5_000_000, '5 MB'], [2.5e12, '2500 GB']])('%d bytes: %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  test.each([[99.7, '−99.7 %'], [0, '0 %'], [-12.5, '+12.5 %']])('a saving of %d percent: %s', (percent, expected) => {
    expect(formatSaving(percent)).toBe(expected);
  });

  test.each([[24_300_000, 61_000_000, '24 of 61 MB'], [1_250_000, 9_000_000, '1.3 of 9 MB'], [0, 400, '0 of 400 B']])('%d of %d bytes: %s', (part, whole, expected) => {
    expect(formatShare(part, whole)).toBe(expected);
  });

  test.each([[25 * 1024 ** 2, '25 MB'], [20_000_000, '20 MB'], [1_500_000, '1.5 MB']])('a limit of %d bytes: %s', (bytes, expected) => {
    expect(formatLimit(bytes)).toBe(expected);
  });

  test.each([[400, '1 s'], [18_200, '18 s'], [240_000, '4 min'], [3 * 3_600_000, '3 h']])('%d ms: %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  test.each([
    ['signed by S3', 'https://bucket.s3.amazonaws.com/a.jpg?X-Amz-Date=20260501T135959Z&X-Amz-Expires=900', '2026-05-01T14:14:59.000Z'],
    ['signed by CloudFront', 'https://d1.cloudfront.net/a.jpg?Expires=1777644000&Signature=x', '2026-05-01T14:00:00.000Z'],
    ['that stays', 'https://d1.cloudfront.net/a.jpg?v=1', undefined],
    ['with a time that is none', 'https://bucket.s3.amazonaws.com/a.jpg?X-Amz-Date=today&X-Amz-Expires=900', undefined],
    ['with no end', 'https://bucket.s3.amazonaws.com/a.jpg?X-Amz-Date=20260501T135959Z', undefined],
  ])('the end of a link %s', (_kind, url, end) => {
    const { endOf } = load<{ endOf(address: string): Date | undefined }>('expiry');

    expect(endOf(url)?.toISOString()).toBe(end);
  });

  test.each([
    [['a.txt'], 'a.txt was left out: not an image'],
    [['a.txt', 'b.txt'], 'a.txt and b.txt were left out: not images'],
    [['a', 'b', 'c', 'd'], 'a, b, c and d were left out: not images'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 others were left out: not images'],
  ])('what is left out of a folder: %j', (names, expected) => {
    const { leftOutMessage } = load<{ leftOutMessage(names: readonly string[]): string }>('messages');

    expect(leftOutMessage(names)).toBe(expected);
  });

  test('every failure has words of its own for tiles', () => {
    const { failureWord } = load<{ failureWord(code: string): string }>('messages');
    const words = Object.keys(FAILURE_CODES).map(failureWord);

    expect(new Set(words).size).toBe(words.length);
    expect(words).not.toContain(failureWord('a code of somebody else'));
  });
});

function renditions(formats: readonly string[], ...sizes: readonly (readonly [number, number])[]) {
  return sizes.flatMap(([width, height]) => formats.map((format) => (
    { name: `${width}.${format}`, format, contentType: `image/${format}`, width, height, bytes: width * height }
  )));
}

/** A module of the page; it is written for browsers, and these few need none. */
function load<T>(name: string): T {
  const { outputFiles: [{ text }] } = buildSync({ entryPoints: [join(WEB, 'modules', `${name}.js`)], bundle: true, format: 'cjs', write: false });
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('module', text)(module);
  return module.exports as T;
}
