import { mkdirSync } from 'fs';
import { join } from 'path';
import { Page } from 'playwright-core';
import sharp from 'sharp';

const FOLDER = join(__dirname, '..', '..', '..', '..', 'docs', 'pictures');

export interface Shot {
  readonly width: number;
  readonly height: number;
}

/** Where the pictures of the documents are: drawings and pages with few colours stay small as PNG with a palette. */
export async function keep(name: string, picture: Buffer): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await sharp(picture).png({ palette: true, quality: 90, effort: 10 }).toFile(join(FOLDER, `${name}.png`));
}

export async function keepPage(name: string, page: Page, { width, height }: Shot): Promise<void> {
  await keep(name, await page.screenshot({ clip: { x: 0, y: 0, width, height } }));
}

export function placeOf(file: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return join(FOLDER, file);
}
