import { contactSheet } from '../../../local-runner/demo/contact-sheet';
import { formatBytes, formatSaving, formatTime, printable } from '../../../local-runner/demo/format';
import { Item, Outcome, outcomeOf } from '../../../local-runner/demo/outcome';
import { persistently } from '../../../local-runner/demo/process-inputs';
import { growing } from '../../../local-runner/demo/progress';
import { problems, summary, table, totalsOf } from '../../../local-runner/demo/report';

const input = (key: string, bytes = 2000) => ({ path: `/photos/${key}`, key, bytes });

const rendition = (profile: string, width: number, key: string, bytes = 500) => ({
  profile, bucket: 'out', key, width, height: width / 2, format: 'jpeg', contentType: 'image/jpeg', bytes, reductionPercent: Math.round(100 - bytes / 20),
});

function completed(key: string): Outcome {
  const record = {
    status: 'COMPLETED',
    original: { width: 2000, height: 1000, format: 'png', bytes: 2000 },
    renditions: { 'large.jpeg': rendition('large', 1600, `${key}/large.jpg`, 2500), 'thumbnail.jpeg': rendition('thumbnail', 200, `${key}/thumbnail.jpg`) },
    processingStartedAt: '2026-01-01T00:00:00.000Z',
    processedAt: '2026-01-01T00:00:00.250Z',
  } as unknown as Item;
  return { state: 'COMPLETED', input: input(key), record };
}

const FAILED: Outcome = { state: 'FAILED', input: input('broken.jpg'), record: {}, code: 'CORRUPT_IMAGE', message: 'ends too early' };
const TECHNICAL: Outcome = { ...FAILED, detail: 'bad <b>Huffman</b> code' };
const PARTIAL = completed('wide.png');
Object.assign(PARTIAL, { record: { ...(PARTIAL as { record: Item }).record, skipped: { 'full.webp': { code: 'TOO_LARGE', message: 'Too <b>wide</b>.', settings: '' } } } });
const IGNORED: Outcome = { state: 'IGNORED', input: input('empty.jpg', 0), message: 'empty file' };

describe('the outcome of an input', () => {
  const failure = (retryable: boolean) => ({ status: 'FAILED', failure: { code: 'TOO_LARGE', message: 'm', retryable } }) as Item;

  test.each<[string, Item | undefined, number, object]>([
    ['a completed record', { status: 'COMPLETED' }, 9, { state: 'COMPLETED' }],
    ['a failure for good', failure(false), 9, { state: 'FAILED', code: 'TOO_LARGE' }],
    ['a failure of the pipeline', failure(true), 9, { state: 'ERROR', code: 'TOO_LARGE' }],
    ['a record that never ended', { status: 'PROCESSING' }, 9, { state: 'ERROR', code: 'STUCK' }],
    ['no record', undefined, 9, { state: 'ERROR', code: 'NO_RECORD' }],
    ['no record of an empty file', undefined, 0, { state: 'IGNORED' }],
  ])('with %s', (_, record, bytes, expected) => {
    expect(outcomeOf(input('a.jpg', bytes), record, undefined)).toMatchObject(expected);
  });

  test('that could not be uploaded', () => {
    expect(outcomeOf(input('a.jpg'), undefined, new Error('no access'))).toMatchObject({ state: 'ERROR', code: 'NOT_UPLOADED', message: 'no access' });
  });
});

test('the table has originals with their renditions, small ones first, and failures with their code', () => {
  const lines = table([completed('a.png'), FAILED, IGNORED], 'index.html').split('\n').map((line) => line.split('│').map((cell) => cell.trim()).filter(Boolean));

  expect(lines).toContainEqual(['a.png', '2000 x 1000', 'png', '2.0 kB', '250 ms']);
  expect(lines).toContainEqual(['thumbnail', '200 x 100', 'jpeg', '500 B', '-75 %']);
  expect(lines).toContainEqual(['large', '1600 x 800', 'jpeg', '2.5 kB', '+25 %']);
  expect(lines).toContainEqual(['broken.jpg', 'FAILED CORRUPT_IMAGE', '2.0 kB']);
  expect(lines).toContainEqual(['empty.jpg', 'IGNORED', '0 B']);
  expect(lines.findIndex(([name]) => name === 'thumbnail')).toBeLessThan(lines.findIndex(([name]) => name === 'large'));
});

test('the table, the lines below it and the contact sheet say which renditions could not be made', () => {
  const lines = table([PARTIAL], 'index.html').split('\n').map((line) => line.split('│').map((cell) => cell.trim()).filter(Boolean));
  expect(lines).toContainEqual(['full.webp', 'SKIPPED TOO_LARGE']);
  expect(problems([PARTIAL])).toEqual(['SKIPPED TOO_LARGE  wide.png, full.webp: Too <b>wide</b>.']);
  const html = contactSheet([PARTIAL], 10);
  expect(html).toContain('full.webp');
  expect(html).toContain('Too &#60;b&#62;wide&#60;/b&#62;.');
});

test('technical terms of a failure follow its sentence', () => {
  expect(problems([TECHNICAL])).toEqual(['FAILED CORRUPT_IMAGE  broken.jpg: ends too early (bad <b>Huffman</b> code)']);
  expect(contactSheet([TECHNICAL], 10)).toContain('bad &#60;b&#62;Huffman&#60;/b&#62; code');
});

test('the contact sheet begins with pictures and what they save, and ends with what failed', () => {
  const html = contactSheet([FAILED, completed('a.png'), IGNORED], 10);
  const at = (text: string) => html.indexOf(text);

  expect(html).toContain('<dd>0 B (0 %)</dd>');
  expect(at('<div><dt>saved for visitors')).toBeGreaterThan(0);
  expect(at('a.png')).toBeGreaterThan(at('saved for visitors'));
  expect(at('broken.jpg')).toBeGreaterThan(at('a.png/large.jpg'));
  expect(totalsOf([completed('a.png')])).toMatchObject({ saved: 0, bytesIn: 2000 });
});

test.each([80, 100, 132])('the table fits a terminal of %i columns', (columns) => {
  const shown = table([completed(`${'long/'.repeat(30)}a.png`), FAILED, PARTIAL], 'index.html', columns);

  expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
});

test('progress only grows, though what is delivered again is pending again', () => {
  const seen = [{ uploaded: 1, processed: 0 }, { uploaded: 3, processed: 2 }, { uploaded: 3, processed: 1 }, { uploaded: 4, processed: 3 }];
  const progress = growing(() => seen.shift()!);

  expect([progress(), progress(), progress(), progress()].map(({ processed }) => processed)).toEqual([0, 2, 2, 3]);
});

describe('an upload', () => {
  const failing = (times: number, error: object) => jest.fn(async () => {
    if (times-- > 0) throw Object.assign(new Error('socket hang up'), error);
  });

  test('is tried again when the connection breaks', async () => {
    const work = failing(2, {});
    expect(await persistently(work, 1)).toBeUndefined();
    expect(work).toHaveBeenCalledTimes(3);
  });

  test('fails when it fails in every try, or will never work', async () => {
    expect(await persistently(failing(9, {}), 1)).toMatchObject({ message: 'socket hang up' });
    const refused = failing(9, { $metadata: { httpStatusCode: 400 } });
    expect(await persistently(refused, 1)).toBeInstanceOf(Error);
    expect(refused).toHaveBeenCalledTimes(1);
  });
});

test('a long table points to the contact sheet for the rest', () => {
  const shown = table(Array.from({ length: 1000 }, (_, index) => completed(`${index}.png`)), 'out/index.html');

  expect(shown).toContain('... and 960 more files in out/index.html');
});

test('every file without renditions gets a line', () => {
  expect(problems([completed('a.png'), FAILED, IGNORED])).toEqual(['FAILED CORRUPT_IMAGE  broken.jpg: ends too early', 'IGNORED  empty.jpg: empty file']);
});

test('the summary counts', () => {
  expect(summary(totalsOf([completed('a.png'), FAILED, IGNORED]), 1500)).toBe(
    '3 files in 1.5 s: 1 completed, 1 failed, 1 ignored. 2 renditions of 3.0 kB from originals of 2.0 kB.',
  );
});

describe('the contact sheet', () => {
  test('links to renditions with names that need encoding, never to a scheme', () => {
    const html = contactSheet([completed('ä b/50%+1?#.png'), completed('javascript:alert(1)')], 10);

    expect(html).toContain('href="./%C3%A4%20b/50%25%2B1%3F%23.png/large.jpg"');
    expect(html).toContain('href="./javascript%3Aalert(1)/large.jpg"');
  });

  test('escapes what users choose', () => {
    const hostile: Outcome = { ...FAILED, input: input('"><script>alert(1)</script>.jpg'), message: '<img src=x onerror=alert(1)>' };
    const html = contactSheet([hostile, completed('\'"><b onclick="x">&amp;')], 10);

    expect(html).not.toMatch(/<script|<img src=x|<b onclick/);
    expect(html).toContain('&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;.jpg');
    expect(html).toContain('&#38;amp;');
  });

  test('loads nothing from elsewhere and runs no script', () => {
    const html = contactSheet([completed('a.png'), FAILED, IGNORED], 10);

    expect(html).not.toMatch(/https?:|<script|<link/);
    expect(html).toContain('Content-Security-Policy');
    expect(html).toContain('CORRUPT_IMAGE');
    expect(html).toContain('ends too early');
  });
});

test.each([[0, '0 B'], [999, '999 B'], [1000, '1.0 kB'], [123_456, '123 kB'], [5_600_000, '5.6 MB'], [3e9, '3.0 GB']])('%i bytes read %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([[93.5, '-93.5 %'], [0, '0 %'], [-12, '+12 %']])('a reduction by %d reads %s', (percent, expected) => {
  expect(formatSaving(percent)).toBe(expected);
});

test.each([[12, '12 ms'], [1234, '1.2 s']])('%i milliseconds read %s', (ms, expected) => {
  expect(formatTime(ms)).toBe(expected);
});

test('names cannot give orders to the terminal', () => {
  expect(printable('a\u001b[31m\nb\u202e.jpg ü')).toBe('a\\u{1b}[31m\\u{a}b\\u{202e}.jpg ü');
});
