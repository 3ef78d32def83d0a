import { readFileSync } from 'fs';
import { join } from 'path';
import sharp from 'sharp';
import { ImagePosition } from '../../../src';
import { BLUE, GREEN, open, paint, RED } from '../../helpers/images';
import { pixelAt } from '../../helpers/renditions';
import { RunningApp } from '../../helpers/running-app';

jest.setTimeout(90_000);

let app: RunningApp;
beforeAll(async () => { app = await RunningApp.example('product-photos'); });
afterAll(async () => app.stop());

const bytes = (key: string) => app.bytes(app.output, key);
const near = (pixel: readonly number[], colour: readonly number[], by = 16) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= by);

test('a photo with white edges becomes a card, a detail, a banner and a backdrop', async () => {
  // Red, green and blue from left to right, 600 x 400 pixels, with edges of 200.
  const photo = await open(paint(1000, 800, (x, y) => {
    if (x < 200 || x >= 800 || y < 200 || y >= 600) return [255, 255, 255];
    return x < 400 ? RED : x < 600 ? GREEN : BLUE;
  })).png().toBuffer();
  await app.process('chair.png', photo, { 'focal-point': '0.5,0.5' });

  expect(await app.record('chair.png')).toMatchObject({
    status: 'COMPLETED',
    original: { width: 1000, height: 800, focalPoint: { x: 0.5, y: 0.5 } },
    renditions: {
      'card.webp': { width: 448, height: 448 },
      'detail.jpeg': { width: 1000, height: 800 },
      'proof.jpeg': { width: 800, height: 640 },
      'banner.jpeg': { width: 1000, height: 300 },
      'backdrop.jpeg': { width: 400, height: 320 },
      'square-centre.webp': { width: 96, height: 96 },
      'square-focal_point.webp': { width: 96, height: 96 },
    },
  });
  const card = await bytes('chair.png/card.webp');
  expect([(await pixelAt(card, 0, 0))[3], (await pixelAt(card, 224, 224))[3]]).toEqual([0, 255]);
  expect(near(await pixelAt(card, 40, 224), RED)).toBe(true);
  expect(near(await pixelAt(card, 408, 224), BLUE)).toBe(true);
  expect(near(await pixelAt(card, 224, 20), [255, 255, 255])).toBe(true);
  // The watermark is green in a white edge.
  expect(near(await pixelAt(await bytes('chair.png/detail.jpg'), 800, 750), [84, 154, 151], 24)).toBe(true);
  // White, half seen, over what has no red.
  const green = await sharp(await bytes('chair.png/proof.jpg')).extract({ left: 330, top: 170, width: 140, height: 300 }).raw().toBuffer();
  const reds = green.filter((_, at) => at % 3 === 0);
  expect([Math.min(...reds) < 45, Math.max(...reds) > 120]).toEqual([true, true]);
  expect(near(await pixelAt(await bytes('chair.png/square-left_top.webp'), 10, 10), [255, 255, 255])).toBe(true);
  expect(near(await pixelAt(await bytes('chair.png/banner.jpg'), 500, 150), GREEN)).toBe(true);
  const [r, g, b] = await pixelAt(await bytes('chair.png/backdrop.jpg'), 200, 160);
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(2);
});

test('a photo of an iPhone is taken as well', async () => {
  await app.process('phone.heic', readFileSync(join(__dirname, '..', '..', 'fixtures', 'heic', 'photo.heic')));
  expect(await app.record('phone.heic')).toMatchObject({ status: 'COMPLETED', original: { format: 'heic' } });
  expect((await app.outputKeys()).filter((key) => key.startsWith('phone.heic/'))).toHaveLength(5 + Object.keys(ImagePosition).length);
});
