import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { open, solid } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';

const svg = (body: string, size = 'width="40" height="20"') => Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`);
const accepted = { acceptSvg: true };
const png = async (image: Buffer, spec: ProfileSpec = {}) => renditionOf(image, { width: 40, ...spec, formats: ['png'] }, accepted);

test('is refused by default', async () => {
  await expect(renditionOf(svg('<rect width="40" height="20"/>'))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
});

test('becomes PNG in its original format', async () => {
  const made = await renditionOf(svg('<rect width="40" height="20" fill="#102030"/>'), { width: 40, formats: ['original'] }, accepted);
  expect(await sharp(made).metadata()).toMatchObject({ format: 'png', width: 40, height: 20 });
  expect(await pixelAt(made, 5, 5)).toEqual([0x10, 0x20, 0x30, 255]);
});

test('is drawn at the size it is needed in, when it may be enlarged', async () => {
  const edge = svg('<rect width="20" height="20" fill="#000"/><rect x="20" width="20" height="20" fill="#fff"/>');
  const made = await renditionsOf(edge, [{ name: 'a', width: 800, enlarge: true, formats: ['png'] }, { name: 'b', width: 600, enlarge: true, formats: ['png'] }], accepted);
  for (const [name, width] of [['a.png', 800], ['b.png', 600]] as const) {
    expect(await sharp(made[name]).metadata()).toMatchObject({ width, height: width / 2 });
    // Enlarged pixels would blur over the edge.
    expect((await pixelAt(made[name], width / 2 - 3, 100))[0]).toBeLessThan(5);
    expect((await pixelAt(made[name], width / 2 + 3, 100))[0]).toBeGreaterThan(250);
  }
});

test('keeps its size when it may not be enlarged', async () => {
  expect(await sharp(await png(svg('<rect width="40" height="20"/>'), { width: 800 })).metadata()).toMatchObject({ width: 40, height: 20 });
});

test('fails as TOO_LARGE when it would be drawn larger than an image may be', async () => {
  await expect(png(svg('<rect width="1" height="1"/>'), { width: 16_000, enlarge: true })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('fails as CORRUPT_IMAGE when it is no document', async () => {
  await expect(png(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect></svg>'))).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
});

describe('loads nothing from outside', () => {
  const green = [0, 255, 0, 255];
  let directory: string;
  let red: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'svg-'));
    red = join(directory, 'red.png');
    writeFileSync(red, await open(solid(40, 20, [255, 0, 0])).png().toBuffer());
    writeFileSync(join(directory, 'red.css'), 'rect { fill: red !important }');
    writeFileSync(join(directory, 'secret.txt'), 'secret');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const background = '<rect width="40" height="20" fill="#00ff00"/>';

  test.each([
    ['an image by path', () => `${background}<image href="${red}" width="40" height="20"/>`],
    ['an image by file URL', () => `${background}<image xlink:href="${pathToFileURL(red)}" width="40" height="20"/>`],
    ['a style sheet', () => `<style>@import url("${pathToFileURL(join(directory, 'red.css'))}");</style>${background}`],
    ['a filter image', () => `<filter id="f"><feImage href="${pathToFileURL(red)}"/></filter>${background}<rect width="40" height="20" filter="url(#f)" fill="none"/>`],
    ['an element of another file', () => `${background}<use href="${pathToFileURL(red)}#a"/>`],
    ['an inclusion', () => `${background}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${pathToFileURL(join(directory, 'secret.txt'))}" parse="text"/>`],
    ['a script', () => `${background}<script>document.querySelector('rect').setAttribute('fill', 'red')</script>`],
  ])('such as %s', async (_, body) => {
    expect(await pixelAt(await png(svg(body())), 20, 10)).toEqual(green);
  });

  test('such as an entity', async () => {
    const entity = `<!DOCTYPE svg [<!ENTITY secret SYSTEM "${pathToFileURL(join(directory, 'secret.txt'))}">]>`;
    const image = (text: string) => Buffer.from(`${entity}<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15">${text}</text></svg>`);
    const nothing = await png(image(''));
    const drawn = await png(image('&secret;')).catch((error) => error.code);
    expect(drawn === 'CORRUPT_IMAGE' || nothing.equals(drawn)).toBe(true);
  });

  test('over the network', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => { server.once('listening', resolve); });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/red.png`;
    expect(await pixelAt(await png(svg(`${background}<image href="${url}" width="40" height="20"/>`)), 20, 10)).toEqual(green);
    server.close();
    expect(requests).toBe(0);
  });
});

test('an expansion of entities does not run away', async () => {
  const entities = Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`).join('');
  const bomb = Buffer.from(`<!DOCTYPE svg [<!ENTITY e0 "ha">${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text>&e10;</text></svg>`);
  const before = process.memoryUsage().rss;
  await png(bomb).catch((error) => expect(error.code).toBe('CORRUPT_IMAGE'));
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});
