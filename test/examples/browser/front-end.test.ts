import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { buildSync } from 'esbuild';
import ts from 'typescript';

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

interface Format {
  formatBytes(bytes: number): string;
  formatSaving(percent: number): string;
  formatAge(iso: string, now: number): string;
}

test('the modules of the page have sound types', () => {
  const { options, fileNames } = ts.parseJsonConfigFileContent(JSON.parse(readFileSync(join(WEB, 'jsconfig.json'), 'utf8')), ts.sys, WEB, undefined, join(WEB, 'jsconfig.json'));
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));

  expect(fileNames.length).toBeGreaterThan(10);
  expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

test('the page asks nobody else for anything, and a strict content security policy holds', () => {
  const page = readFileSync(join(WEB, 'index.html'), 'utf8');
  const styles = readdirSync(join(WEB, 'styles')).map((name) => readFileSync(join(WEB, 'styles', name), 'utf8')).join('\n');

  expect(page).not.toMatch(/\s(style|on\w+)=|<style|<script(?![^>]*\ssrc=)/);
  expect(page + styles).not.toMatch(/https?:|@import|url\(/);
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

describe('what people read', () => {
  const { formatBytes, formatSaving, formatAge } = load<Format>('format');

  test.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [6210, '6.2 kB'], [123_456, '123 kB'], [5_000_000, '5 MB'], [2.5e12, '2500 GB']])('%d bytes: %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  test.each([[99.7, '−99.7 %'], [0, '0 %'], [-12.5, '+12.5 %']])('a saving of %d percent: %s', (percent, expected) => {
    expect(formatSaving(percent)).toBe(expected);
  });

  test.each([[30, 'just now'], [60, '1 minute ago'], [7200, '2 hours ago'], [86_400, 'yesterday'], [30 * 86_400, '2 Dec 2025'], [-60, 'just now']])('%d seconds ago: %s', (seconds, expected) => {
    const now = Date.parse('2026-01-01T12:00:00.000Z');

    expect(formatAge(new Date(now - seconds * 1000).toISOString(), now)).toBe(expected);
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
