import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BLUE, open, RED, solid } from '../helpers/images';
import { pixelAt } from '../helpers/renditions';
import { RunningApp } from '../helpers/running-app';

jest.setTimeout(90_000);

test('a watermark comes to the packaged handler in a layer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watermark-test-'));
  const watermark = join(folder, 'mark.png');
  writeFileSync(watermark, await open(solid(40, 40, BLUE)).png().toBuffer());
  const app = await RunningApp.pipeline({ watermark });
  try {
    await app.process('a.png', await open(solid(64, 64, RED)).png().toBuffer());
    expect(await app.record('a.png')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.jpeg': { width: 32 }, 'marked.png': { width: 32, height: 32 } } });
    const body = await app.bytes(app.output, 'a.png/marked.png');
    expect((await pixelAt(body, 24, 24)).slice(0, 3)).toEqual([...BLUE]);
    expect((await pixelAt(body, 8, 8)).slice(0, 3)).toEqual([...RED]);
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true });
  }
});

test.each(['queue', 'stepFunctions'] as const)('a watermark comes from a bucket; without it images wait in the dead-letter queue, with trigger %s', async (trigger) => {
  const app = await RunningApp.pipeline({ trigger, maxTries: 2, watermarkBucket: 'brand' });
  try {
    const image = await open(solid(64, 64, RED)).png().toBuffer();
    await app.process('a.png', image);
    expect(await app.record('a.png')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    expect(app.deadLetters).toHaveLength(1);

    await app.app.s3.send(new PutObjectCommand({ Bucket: 'brand', Key: 'logo.png', Body: await open(solid(40, 40, BLUE)).png().toBuffer() }));
    await app.process('a.png', image);
    expect(await app.record('a.png')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.jpeg': { width: 32 }, 'marked.png': { width: 32 } } });
    const body = await app.bytes(app.output, 'a.png/marked.png');
    expect((await pixelAt(body, 24, 24)).slice(0, 3)).toEqual([...BLUE]);
    expect(app.deadLetters).toHaveLength(1);
  } finally {
    await app.stop();
  }
});
