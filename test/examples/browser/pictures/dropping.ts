import { readFileSync } from 'fs';
import { join } from 'path';
import { Page } from 'playwright-core';
import { Film } from './film';
import { GalleryPage } from '../gallery-page';

const SAMPLES = join(__dirname, '..', '..', '..', '..', 'examples', 'web', 'samples');
const STEPS = 9;
const FRAME = 70;

/** Photographs are dragged onto the empty page, dropped, and become images: as an animation. */
export async function drawDropping(page: Page, gallery: GalleryPage, path: string, width: number): Promise<void> {
  const { photographs } = JSON.parse(readFileSync(join(SAMPLES, 'samples.json'), 'utf8')) as { photographs: { file: string }[] };
  const names = photographs.map(({ file }) => file);
  const film = new Film(page);
  await film.hold(900);
  await carry(page, names.slice(0, 3));
  for (let step = 1; step <= STEPS; step += 1) {
    await moveTo(page, step / STEPS);
    if (step === Math.ceil(STEPS / 2)) await drag(page, 'dragenter', []);
    await film.hold(step === STEPS ? 500 : FRAME);
  }
  await putDown(page);
  film.start();
  await drag(page, 'drop', names.map((name) => ({ name, base64: readFileSync(join(SAMPLES, name)).toString('base64') })));
  await gallery.uploads.getByText(`${names.length} images ready`).waitFor({ timeout: 120_000 });
  for (const name of names) await gallery.pictureIn(gallery.tile(name));
  await film.stop();
  await film.hold(2500);
  await film.write(path, width);
}

/** What a hand with some files looks like. */
async function carry(page: Page, names: readonly string[]): Promise<void> {
  await page.evaluate(`(async () => {
    const hand = document.createElement('div');
    hand.id = 'hand';
    Object.assign(hand.style, { position: 'fixed', left: 0, top: 0, zIndex: 99, pointerEvents: 'none' });
    for (const [at, name] of ${JSON.stringify(names)}.entries()) {
      const picture = new Image();
      picture.src = 'samples/' + encodeURIComponent(name);
      await picture.decode();
      Object.assign(picture.style, {
        position: 'absolute', width: '132px', height: '96px', objectFit: 'cover', borderRadius: '8px', border: '3px solid #fff',
        boxShadow: '0 6px 18px #0006', transform: 'translate(-40%, -30%) rotate(' + (9 * at - 9) + 'deg)',
      });
      hand.append(picture);
    }
    const pointer = document.createElement('div');
    Object.assign(pointer.style, { position: 'absolute', width: '22px', height: '30px', background: '#000', filter: 'drop-shadow(0 0 1px #fff) drop-shadow(0 0 1px #fff)',
      clipPath: 'polygon(0 0, 0 82%, 24% 62%, 42% 100%, 60% 92%, 43% 56%, 78% 56%)' });
    hand.append(pointer);
    document.body.append(hand);
  })()`);
  await moveTo(page, 0);
}

/** From the lower right corner to the middle. */
async function moveTo(page: Page, share: number): Promise<void> {
  const eased = 1 - (1 - share) ** 2;
  await page.evaluate(`document.getElementById('hand').style.transform = 'translate(' + innerWidth * ${1.02 - 0.5 * eased} + 'px, ' + innerHeight * ${1.02 - 0.5 * eased} + 'px)'`);
}

async function putDown(page: Page): Promise<void> {
  await page.evaluate("document.getElementById('hand').remove()");
}

async function drag(page: Page, type: 'dragenter' | 'drop', files: readonly { name: string; base64: string }[]): Promise<void> {
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    const add = (bytes, name) => dataTransfer.items.add(new File([bytes], name, { type: name.endsWith('.png') ? 'image/png' : 'image/jpeg' }));
    for (const { name, base64 } of ${JSON.stringify(files)}) add(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)), name);
    if (${files.length === 0}) add(new Uint8Array(1), 'any.jpg');
    document.body.dispatchEvent(new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
}
