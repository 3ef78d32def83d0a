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

describe('lengths are those of CSS, as in browsers', () => {
  const red = [255, 0, 0, 255];
  /** Size, and how far the half of it reaches that is red. */
  const drawn = async (image: Buffer, spec: ProfileSpec = { scale: 1 }) => {
    const made = await renditionOf(image, { ...spec, formats: ['png'] }, accepted);
    const { width, height } = await sharp(made).metadata();
    const alphas = await Promise.all([0.46, 0.54].map(async (part) => pixelAt(made, Math.round(part * width!), 3)));
    return { width, height, isRed: alphas.map((pixel) => pixel[3] > 128 && pixel[0] === 255) };
  };
  const half = (unit: string, width: number, height: number) => svg(`<rect width="${width / 2}${unit}" height="${height}${unit}" fill="red"/>`, `width="${width}${unit}" height="${height}${unit}"`);

  test.each([
    ['px', 200, 100, 200, 100],
    ['mm', 52.9166, 26.4583, 200, 100],
    ['cm', 5.29166, 2.64583, 200, 100],
    ['in', 2, 1, 192, 96],
    ['pt', 150, 75, 200, 100],
    ['pc', 12, 6, 192, 96],
    ['em', 10, 5, 160, 80],
  ])('%s', async (unit, across, down, width, height) => {
    expect(await drawn(half(unit, across, down))).toEqual({ width, height, isRed: [true, false] });
    const scaled = { width: 61, height: Math.round((61 * height) / width) };
    expect(await drawn(half(unit, across, down), { width: 61 })).toEqual({ ...scaled, isRed: [true, false] });
  });

  test('also within a drawing in pixels', async () => {
    const image = svg('<rect width="26.4583mm" height="100" fill="red"/>', 'width="200" height="100"');
    expect(await drawn(image)).toEqual({ width: 200, height: 100, isRed: [true, false] });
  });

  test('relative ones follow from the size of type that the drawing states', async () => {
    const sized = (attribute: string) => svg('<rect width="5em" height="5em" fill="red"/>', `${attribute} width="10em" height="5em"`);
    for (const attribute of ['style="font-size:20px"', 'font-size="20"', "font-size = '20px'"]) {
      expect(await drawn(sized(attribute))).toEqual({ width: 200, height: 100, isRed: [true, false] });
    }
  });

  test('alone and beside another rendition', async () => {
    const specs = [{ name: 'a', width: 100, formats: ['png'] }, { name: 'b', width: 50, height: 50, fit: 'contain', formats: ['png'] }] as const;
    const made = await renditionsOf(half('mm', 52.9166, 26.4583), specs, accepted);
    expect(await sharp(made['a.png']).metadata()).toMatchObject({ width: 100, height: 50 });
    expect(await pixelAt(made['b.png'], 10, 25)).toEqual(red);
  });

  test.each([['rem', 'rem'], ['nothing', '']])('fails as UNSUPPORTED_FORMAT in %s, which tells no size', async (_, unit) => {
    const size = unit ? `width="4${unit}" height="2${unit}"` : '';
    await expect(renditionOf(svg('', size), {}, accepted)).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT', reason: { message: expect.stringMatching(/^This SVG image has no size in a unit that is known/) },
    });
  });
});

describe('a document in UTF-16', () => {
  const text = '<?xml version="1.0" encoding="UTF-16"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><title>\u00e9\u4e2d</title><rect width="40" height="20" fill="#102030"/></svg>';
  const little = (marked: string) => Buffer.from(marked, 'utf16le');

  test.each([
    ['with its mark', little(`\ufeff${text}`)],
    ['without it', little(text)],
    ['big-endian', little(`\ufeff${text}`).swap16()],
    ['big-endian without a mark', little(text).swap16()],
    ['without a declaration', little(text.slice(text.indexOf('<svg')))],
  ])('%s is drawn', async (_, data) => {
    expect(await pixelAt(await png(data), 5, 5)).toEqual([0x10, 0x20, 0x30, 255]);
  });

  test('that ends within a character fails as CORRUPT_IMAGE', async () => {
    await expect(png(little(text).subarray(0, 151))).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
  });
});

test('other encodings, which the document names, stay as they are', async () => {
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><style>.\u00e9 { fill: #102030 }</style><rect class="\u00e9" width="40" height="20"/></svg>', 'latin1');
  expect(await pixelAt(await png(latin), 5, 5)).toEqual([0x10, 0x20, 0x30, 255]);
});
