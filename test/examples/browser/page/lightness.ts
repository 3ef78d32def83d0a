import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { PageContext } from './page-context';

const WEB = join(__dirname, '..', '..', '..', '..', 'examples', 'web');

export function testLightness(context: PageContext): void {
  test('before pictures are shown, the page asks for eight things at most, and with its viewer it has less than 60 kB', async () => {
    context.stub.fill(1);
    const { gallery } = await context.open();
    await gallery.waitForState('picture 1.jpg', 'ready');
    const requests = context.stub.requests.filter((request) => !request.includes('/pictures/'));
    expect([requests, requests.length <= 8]).toEqual([requests, true]);

    await gallery.open('picture 1.jpg');
    const paths = new Set(context.stub.requests.map((request) => request.replace(/^GET \//, '') || 'index.html'));
    const files = [...paths].filter((path) => existsSync(join(WEB, path)));
    expect(files.sort()).toEqual(expect.arrayContaining(['index.html', 'page.js', 'style.css', 'vendor/photoswipe.js']));
    expect(files.reduce((sum, path) => sum + gzipSync(readFileSync(join(WEB, path))).length, 0)).toBeLessThan(60_000);
  });
}
