import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHONE, withExif } from '../helpers/exif';
import { open, photo } from '../helpers/images';
import { RunningApp } from '../helpers/running-app';

jest.setTimeout(90_000);

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'hook-test-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const jpeg = () => open(photo(120, 90)).jpeg().toBuffer();

/** The example of docs/hooks.md. */
function documentedHook(): string {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'hooks.md'), 'utf8');
  const [, code] = /<!-- example: hook -->\n```js\n(.*?)```/s.exec(page)!;
  const file = join(folder, 'photos.mjs');
  writeFileSync(file, code);
  return file;
}

/** A hook in a folder, that imports a package and a file beside it, which can be loaded at the second try only. */
function hookOfManyFiles(): string {
  const hook = join(folder, 'many');
  mkdirSync(join(hook, 'node_modules', 'labels'), { recursive: true });
  writeFileSync(join(hook, 'node_modules', 'labels', 'package.json'), '{"type":"module","exports":"./index.js"}');
  writeFileSync(join(hook, 'node_modules', 'labels', 'index.js'), 'export const labels = ["cat"];');
  writeFileSync(join(hook, 'count.mjs'), `
    import { existsSync, writeFileSync } from 'node:fs';
    let calls = 0;
    export const count = () => { calls += 1; return calls; };
    const tried = ${JSON.stringify(join(folder, 'tried'))};
    if (!existsSync(tried)) {
      writeFileSync(tried, '');
      throw new Error('the service is down while this is loaded');
    }
  `);
  writeFileSync(join(hook, 'index.mjs'), `
    import { labels } from 'labels';
    import { count } from './count.mjs';
    export default ({ key }) => {
      if (key.startsWith('down')) throw new Error('the service is down');
      return { attributes: { labels, isFirst: count() === 1 } };
    };
  `);
  return hook;
}

test.each(['queue', 'stepFunctions'] as const)('the example of the documentation runs in the packaged handler, with trigger %s', async (trigger) => {
  const app = await RunningApp.pipeline({ trigger, hook: documentedHook() });
  try {
    await app.process('acme/a.jpg', withExif(await jpeg(), PHONE));
    await app.process('acme/b.jpg', await jpeg());
    expect(await app.record('acme/a.jpg')).toMatchObject({
      status: 'COMPLETED', original: { attributes: { tenant: 'acme', camera: 'Phone 3', takenAt: '2026-05-01T14:03:22+02:00' } }, renditions: { 'small.jpeg': { width: 32 } },
    });
    expect(await app.record('acme/b.jpg')).toMatchObject({
      status: 'FAILED', original: { attributes: { tenant: 'acme' } }, failure: { code: 'NO_PHOTO', retryable: false },
    });
    expect(app.deadLetters).toEqual([]);
  } finally {
    await app.stop();
  }
});

test('a hook of several files is loaded once per process, in another one if that fails, and its failure goes the way of every passing one', async () => {
  const app = await RunningApp.pipeline({ trigger: 'queue', maxTries: 2, hook: hookOfManyFiles() });
  try {
    await app.process('a.jpg', await jpeg());
    await app.process('b.jpg', await jpeg());
    const attributes = await Promise.all(['a.jpg', 'b.jpg'].map(async (key) => (await app.record(key))!.original!.attributes));
    expect(attributes).toEqual([{ labels: ['cat'], isFirst: true }, { labels: ['cat'], isFirst: false }]);

    await app.process('down.jpg', await jpeg());
    expect(await app.record('down.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
    expect(app.deadLetters).toHaveLength(1);
  } finally {
    await app.stop();
  }
});
