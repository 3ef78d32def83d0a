import { mkdirSync } from 'fs';
import { join } from 'path';
import sharp from 'sharp';
import { TestBrowser } from './browser';
import { GalleryPage } from './gallery-page';
import { RunningApp } from '../../helpers/running-app';

const PICTURES = join(__dirname, '..', '..', '..', 'docs', 'pictures');

/** The pictures of the documents: the gallery of `presigned-site` with the samples of its page. */
async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  mkdirSync(PICTURES, { recursive: true });
  const app = await RunningApp.example('presigned-site');
  const browser = await TestBrowser.launch();
  try {
    const url = `${app.app.output('SiteUrl')}/`;
    for (const colorScheme of ['light', 'dark'] as const) {
      const session = await browser.open({ width: 1280, height: 720, colorScheme });
      const { page } = session;
      const gallery = new GalleryPage(page);
      const draw = async (name: string, height = 720) => sharp(await page.screenshot({ clip: { x: 0, y: 0, width: 1280, height } }))
        .png({ palette: true, quality: 90, effort: 10 }).toFile(join(PICTURES, `${name}.png`));
      await gallery.goto(url);
      if (colorScheme === 'light') {
        await page.getByRole('button', { name: 'Try with samples' }).click();
        await gallery.uploads.getByText('8 images ready, 1 failed').waitFor({ timeout: 120_000 });
        await gallery.uploads.getByRole('button', { name: 'Close uploads' }).click();
      }
      await gallery.pictureIn(gallery.tile('raccoon.jpg'));
      await page.waitForLoadState('networkidle');
      await draw(`gallery-${colorScheme}`, 428);
      if (colorScheme === 'light') {
        await gallery.open('raccoon.jpg');
        await gallery.panel.getByRole('button', { name: 'Before and after' }).click();
        await page.waitForLoadState('networkidle');
        await draw('before-and-after');
      }
      await page.context().close();
    }
  } finally {
    await browser.close();
    await app.stop();
  }
}

void main();
