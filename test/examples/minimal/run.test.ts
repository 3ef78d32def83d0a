import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import sharp from 'sharp';
import { synthesize } from '../../../local-runner/template/synthesize';
import { RunningApp } from '../../helpers/running-app';

jest.setTimeout(60_000);

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let app: RunningApp;
beforeAll(async () => { app = await RunningApp.example('minimal'); });
afterAll(async () => app.stop());

test('the app synthesises without warnings', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'minimal-test-'));
  await synthesize(join(__dirname, '..', '..', '..', 'examples', 'minimal'), outdir);
  const manifest = readFileSync(join(outdir, 'manifest.json'), 'utf8');
  rmSync(outdir, { recursive: true });

  expect(manifest).not.toContain('aws:cdk:warning');
});

test('the table has the name and the key that the system asks for', async () => {
  expect(app.app.output('TableName')).toBe('ImageMetadata');
});

test('an image becomes a thumbnail 200 pixels wide, and a record with all sizes and times in UTC', async () => {
  const image = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#e76f51' } }).png().toBuffer();
  await app.process('harbour.png', image);

  expect(await app.outputKeys()).toEqual(['processed/thumb_harbour.png']);
  expect(await app.rendition('processed/thumb_harbour.png')).toMatchObject({ format: 'png', width: 200, height: 150 });

  const record = (await app.record('harbour.png'))!;
  const bytes = record.renditions!['thumb.original'].bytes;
  expect(record).toMatchObject({
    image_name: 'harbour.png',
    status: 'COMPLETED',
    attempts: 1,
    original: { width: 800, height: 600, format: 'png', bytes: image.length },
    renditions: { 'thumb.original': { width: 200, height: 150, bytes: expect.any(Number), key: 'processed/thumb_harbour.png' } },
    uploadedAt: expect.stringMatching(UTC),
    processingStartedAt: expect.stringMatching(UTC),
    processedAt: expect.stringMatching(UTC),
  });
  expect(app.logs('image completed')).toMatchObject([{
    sourceKey: 'harbour.png',
    original: { width: 800, height: 600, bytes: image.length },
    renditions: [{ name: 'thumb.original', width: 200, height: 150, bytes }],
  }]);
  expect(app.metrics()).toMatchObject([{ ImagesProcessed: 1, BytesIn: image.length, BytesOut: bytes }]);
});

test('a photo that lies on its side is turned, and an image narrower than 200 pixels stays as it is', async () => {
  await app.put('phone.jpg', await sharp({ create: { width: 400, height: 300, channels: 3, background: 'navy' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  await app.process('icon.webp', await sharp({ create: { width: 90, height: 60, channels: 4, background: '#0000' } }).webp().toBuffer());

  expect(await app.rendition('processed/thumb_phone.jpg')).toMatchObject({ format: 'jpeg', width: 200, height: 267 });
  expect(await app.rendition('processed/thumb_icon.webp')).toMatchObject({ format: 'webp', width: 90, height: 60, hasAlpha: true });
  expect(await app.record('phone.jpg')).toMatchObject({ original: { width: 300, height: 400 } });
});

test('a file that is no image is recorded as failed, once', async () => {
  await app.process('notes.jpg', 'no image at all');

  expect(await app.record('notes.jpg')).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'UNSUPPORTED_FORMAT', retryable: false } });
  expect(app.deadLetters).toEqual([]);
});
