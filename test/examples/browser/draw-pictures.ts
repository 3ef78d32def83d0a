import { readFileSync } from 'fs';
import { join } from 'path';
import { TestBrowser } from './browser';
import { GalleryPage } from './gallery-page';
import { drawAdjustments } from './pictures/adjustments';
import { keep, keepPage, placeOf } from './pictures/album';
import { architecture, SIZE } from './pictures/architecture';
import { drawContactSheet } from './pictures/contact-sheet';
import { drawDropping } from './pictures/dropping';
import { RunningApp } from '../../helpers/running-app';

const SAMPLE = join(__dirname, '..', '..', '..', 'examples', 'web', 'samples', 'coffee.jpg');
const WINDOW = { width: 1280, height: 720 };
/** The header and two rows. */
const GRID = { ...WINDOW, height: 428 };

/** The pictures of the documents: all of them, or those whose names are given. */
async function main(names: readonly string[]): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const isWanted = (name: string) => names.length === 0 || names.includes(name);
  const browser = await TestBrowser.launch();
  try {
    if (isWanted('architecture')) await drawArchitecture(browser);
    if (isWanted('adjustments')) await drawAdjustments(browser);
    if (isWanted('contact-sheet')) await drawContactSheet(browser, WINDOW);
    if (isWanted('gallery')) await drawGallery(browser);
  } finally {
    await browser.close();
  }
}

async function drawArchitecture(browser: TestBrowser): Promise<void> {
  const { page } = await browser.open({ ...SIZE, pixelRatio: 2 });
  await page.setContent(`<body style="margin: 0">${architecture()}`);
  await keep('architecture', await page.screenshot({ omitBackground: true }));
  await page.context().close();
}

/** The page of `presigned-site`: photographs are dropped, and shown in both themes; one in the viewer. */
async function drawGallery(browser: TestBrowser): Promise<void> {
  const app = await RunningApp.example('presigned-site');
  try {
    const url = `${app.app.output('SiteUrl')}/`;
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.open({ ...WINDOW, colorScheme });
      const gallery = new GalleryPage(page);
      await gallery.goto(url);
      if (colorScheme === 'light') {
        await page.setViewportSize({ width: 1080, height: 620 });
        await drawDropping(page, gallery, placeOf('dropping-photos.webp'), 860);
        await page.setViewportSize(WINDOW);
        await gallery.upload([{ name: 'damaged.jpg', mimeType: 'image/jpeg', buffer: readFileSync(SAMPLE).subarray(0, 4000) }]);
        await gallery.waitForState('damaged.jpg', 'failed');
        await gallery.uploads.getByRole('button', { name: 'Close uploads' }).click();
        await gallery.uploads.waitFor({ state: 'hidden' });
      }
      await gallery.pictureIn(gallery.tile('raccoon.jpg'));
      await page.waitForLoadState('networkidle');
      await keepPage(`gallery-${colorScheme}`, page, GRID);
      if (colorScheme === 'light') {
        await gallery.open('raccoon.jpg');
        await gallery.panel.getByRole('button', { name: 'Before and after' }).click();
        await page.waitForLoadState('networkidle');
        await keepPage('before-and-after', page, WINDOW);
      }
      await page.context().close();
    }
  } finally {
    await app.stop();
  }
}

void main(process.argv.slice(2));
