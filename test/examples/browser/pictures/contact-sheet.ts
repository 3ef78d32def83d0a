import { execFileSync } from 'child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { keepPage, Shot } from './album';
import { TestBrowser } from '../browser';

const REPOSITORY = join(__dirname, '..', '..', '..', '..');

/** What `npm run demo -- --once` leaves of the sample photographs and a damaged one. */
export async function drawContactSheet(browser: TestBrowser, shot: Shot): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'contact-sheet-'));
  try {
    const samples = join(REPOSITORY, 'examples', 'web', 'samples');
    const { photographs } = JSON.parse(readFileSync(join(samples, 'samples.json'), 'utf8')) as { photographs: { file: string }[] };
    const originals = join(folder, 'originals');
    mkdirSync(originals);
    for (const { file } of photographs) copyFileSync(join(samples, file), join(originals, file));
    writeFileSync(join(originals, 'damaged.jpg'), readFileSync(join(samples, photographs[0].file)).subarray(0, 4000));
    const files = readdirSync(originals).map((file) => join(originals, file));
    const out = join(folder, 'out');
    execFileSync(process.execPath, ['--import', 'tsx', join(REPOSITORY, 'local-runner', 'demo', 'cli.ts'), '--once', '--out', out, ...files], { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'pipe'] });
    const { page } = await browser.open(shot);
    await page.goto(pathToFileURL(join(out, 'index.html')).href, { waitUntil: 'networkidle' });
    await keepPage('contact-sheet', page, shot);
    await page.context().close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
