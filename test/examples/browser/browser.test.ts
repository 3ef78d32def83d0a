import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { findChromium, TestBrowser } from './browser';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'browser-test-')); });
afterAll(() => rmSync(folder, { recursive: true }));

test('CHROMIUM_PATH comes first', () => {
  const path = join(folder, 'chromium');
  writeFileSync(path, '', { mode: 0o755 });

  expect(findChromium({ CHROMIUM_PATH: path })).toBe(path);
});

test('fails when CHROMIUM_PATH names nothing that can be run', () => {
  const path = join(folder, 'missing');

  expect(() => findChromium({ CHROMIUM_PATH: path })).toThrow(`expected CHROMIUM_PATH to be the path of a Chromium or Chrome, received ${JSON.stringify(path)}`);
});

test('fails with what to do when there is no browser', () => {
  const place = join(folder, 'nowhere');

  expect(() => findChromium({}, [place])).toThrow(`install one, or set CHROMIUM_PATH to its path, received none of ${place}`);
});

describe('a page', () => {
  let browser: TestBrowser;
  beforeAll(async () => { browser = await TestBrowser.launch(); });
  afterAll(async () => browser.close());

  test('fails with the errors that its test does not expect', async () => {
    const session = await browser.open();
    session.expectErrors(/the expected one/);
    await session.page.evaluate("console.error('the expected one'); console.error('another one')");

    await expect(session.close()).rejects.toThrow(/received:\nanother one/);
  });

  test('tells the barriers that axe finds, and what does not fit into the window', async () => {
    const session = await browser.open({ width: 360 });
    await session.page.setContent('<html lang="en"><title>t</title><main><h1>t</h1><p style="width: 400px; margin: 0"><input></main>');

    expect(await session.barriers()).toEqual([expect.stringMatching(/^critical label: <input>/)]);
    expect(await session.excessWidth()).toBeGreaterThan(0);
    await session.close();
  });
});
