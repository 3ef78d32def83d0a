import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharp } from '../../../../src/lambda/resize/image/sharp';

test('one file of the handler imports sharp', () => {
  const handler = join(__dirname, '../../../../src/lambda/resize');
  const importers = readdirSync(handler, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && /from 'sharp'|require\('sharp'\)/.test(readFileSync(join(handler, file), 'utf8')));
  expect(importers).toEqual([join('image', 'sharp.ts')]);
});

test('nothing is cached and threads are few', () => {
  expect(sharp.cache()).toMatchObject({ memory: { max: 0 }, items: { max: 0 } });
  expect(sharp.concurrency()).toBeLessThanOrEqual(4);
});

describe('loaders of formats that are not read are blocked', () => {
  test('for files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'blocked-'));
    const file = join(directory, 'image.png');
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png().toFile(file);
    await expect(sharp(file).metadata()).rejects.toThrow(/unsupported image format/);
    rmSync(directory, { recursive: true });
  });

  test('for PDF, PostScript, PPM and CSV', async () => {
    for (const content of ['%PDF-1.4\n', '%!PS-Adobe-3.0\n', 'P3 1 1 255 0 0 0\n', '1 1\n0\n']) {
      await expect(sharp(Buffer.from(content)).metadata()).rejects.toThrow(/unsupported image format/);
    }
  });
});
