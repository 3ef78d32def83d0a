import sharp from 'sharp';
import { PixelSize, UploadFile } from './gallery-page';
import { alphaRamp, animation, open, orientedJpeg, photo, quadrants, trafficLight } from '../../helpers/images';

/** The pixels of the images that can be read. */
export const ORIGINALS: Readonly<Record<string, PixelSize>> = { 'coast.jpg': [1200, 800], 'phone.jpg': [300, 400], 'logo.png': [320, 240], 'lights.gif': [96, 72] };
export const BROKEN = 'broken.jpg';

/** The images of `ORIGINALS`, and one that cannot be read. */
export async function samples(): Promise<UploadFile[]> {
  const coast = await open(photo(1200, 800)).jpeg({ quality: 90 }).toBuffer();
  return [
    { name: 'coast.jpg', mimeType: 'image/jpeg', buffer: coast },
    { name: 'phone.jpg', mimeType: 'image/jpeg', buffer: await orientedJpeg(quadrants(300, 400), 6) },
    { name: 'logo.png', mimeType: 'image/png', buffer: await open(alphaRamp(320, 240)).png().toBuffer() },
    { name: 'lights.gif', mimeType: 'image/gif', buffer: await animation('gif', trafficLight(96, 72)) },
    { name: BROKEN, mimeType: 'image/jpeg', buffer: Buffer.concat([coast.subarray(0, 200), Buffer.from('and nothing else')]) },
  ];
}

export async function jpeg(name: string, width: number, height: number): Promise<UploadFile> {
  return { name, mimeType: 'image/jpeg', buffer: await open(quadrants(width, height)).jpeg().toBuffer() };
}

/** A JPEG that compresses badly, of a few megabytes if they are allowed. */
export async function noise(name: string, maxBytes: number): Promise<UploadFile> {
  const side = Math.floor(Math.sqrt(Math.min(maxBytes, 4_000_000) / 3));
  const { data } = await sharp({ create: { width: side, height: side, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .jpeg({ quality: 95 }).toBuffer({ resolveWithObject: true });
  return { name, mimeType: 'image/jpeg', buffer: data };
}
