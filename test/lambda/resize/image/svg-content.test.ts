import sharp from 'sharp';
import { readSvg } from '../../../../src/lambda/resize/image/svg-content';
import { pixelAt, renditionOf } from '../../../helpers/renditions';

const svg = (body: string, before = '') => Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">${body}</svg>`);
const text = (content: string, attributes = '') => `<text x="4" y="30" font-size="30" ${attributes}>${content}</text>`;
const drawn = async (image: Buffer) => renditionOf(image, { width: 80, formats: ['png'] }, { acceptSvg: true });
/** How much of a drawing is not transparent, from 0 to 255. */
const ink = async (image: Buffer) => (await sharp(await drawn(image)).stats()).channels[3].mean;
const charactersOf = (image: Buffer) => [...readSvg(image).characters].join('');

test('texts are drawn', async () => {
  expect(await ink(svg(text('Ha')))).toBeGreaterThan(10);
  expect(await ink(svg(text('Ha', 'font-weight="bold"')))).toBeGreaterThan(1.2 * await ink(svg(text('Ha'))));
});

test('texts are drawn with the same font whatever family they name, and whatever fonts the machine has', async () => {
  const plain = await drawn(svg(text('Ha')));
  for (const family of ['serif', 'monospace', 'Helvetica, Arial, sans-serif', 'Comic Sans MS']) {
    expect((await drawn(svg(text('Ha', `font-family="${family}"`)))).equals(plain)).toBe(true);
  }
});

test.each([
  ['Latin, Greek and Cyrillic', 'Ĝé Ωψ Жё'], ['Arabic and Hebrew', 'ع ש'], ['symbols', '→ ✓ ©'], ['what has no shape', 'a\u00a0b\u200d\ufe0f\u2028'],
])('the font has %s', async (_, content) => {
  await expect(drawn(svg(text(content)))).resolves.toBeDefined();
});

test.each([
  ['as they are', text('漢字')],
  ['by number', text('a&#28450;b')],
  ['by hexadecimal number', text('&#x6f22;')],
  ['in a part of a text', text('a<tspan>漢</tspan>')],
  ['behind a part of a text', text('<tspan>a</tspan>漢')],
  ['in a section of characters', text('<![CDATA[<漢>]]>')],
  ['behind an attribute with a bracket', text('漢', 'data-a="a > b"')],
  ['in a group', `<g><g/>${text('漢')}</g>`],
])('fails when the font lacks characters, %s', async (_, body) => {
  await expect(drawn(svg(body))).rejects.toMatchObject({
    code: 'UNSUPPORTED_FORMAT',
    message: expect.stringContaining('characters for which there is no font here, such as 漢. Convert its texts to paths'),
    detail: 'the svg image has a text with U+6F22, for which there is no font',
  });
});

test('fails when the font lacks characters of a declared entity', async () => {
  const declared = '<!DOCTYPE svg [<!ENTITY han "&#x6f22;">]>';
  await expect(drawn(svg(text('&han;'), declared))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
});

test('fails when the font lacks characters in UTF-16, or in an encoding of Japan', async () => {
  const wide = Buffer.from(`\ufeff${svg(text('漢'))}`, 'utf16le');
  expect(charactersOf(wide)).toBe('漢');
  const [before, behind] = ['<?xml version="1.0" encoding="Shift_JIS"?>', text('?')];
  const [start, end] = svg(behind, before).toString().split('?</text>');
  expect(charactersOf(Buffer.concat([Buffer.from(start), Buffer.from([0x8a, 0xbf]), Buffer.from(`</text>${end}`)]))).toBe('漢');
  await expect(drawn(wide)).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
});

test.each([
  ['titles and descriptions', '<title>漢</title><desc>漢</desc>'],
  ['titles of texts', text('<title>漢</title>a')],
  ['comments', text('a<!-- 漢 --><?x 漢?>')],
  ['attributes', text('a', 'id="漢"')],
  ['styles', '<style><![CDATA[ <text>漢 ]]></style>'],
  ['alternatives in languages', `<switch><g systemLanguage="ja">${text('漢')}</g><text systemLanguage="zh">漢</text>${text('a')}</switch>`],
])('characters in %s need no font', async (_, body) => {
  await expect(drawn(svg(body))).resolves.toBeDefined();
});

const RECT = 'width="80" height="40"';

test.each([
  ['HTML', '<foreignObject width="80" height="40"><p xmlns="http://www.w3.org/1999/xhtml">label</p></foreignObject>', 'HTML inside'],
  ['HTML with an alternative', '<switch><foreignObject width="80" height="40"/><rect/></switch>', 'HTML inside'],
  ['text on a path', '<path id="p" d="M0 0h80"/><text><textPath href="#p">a</textPath></text>', 'text on a path'],
  ['a GIF', '<image href="data:image/gif;base64,R0lGODlhAQABAAAAACw="/>', 'embedded picture'],
  ['variables', `<style>:root { --c: red }</style><rect ${RECT} style="fill: var(--c)"/>`, 'CSS variables'],
  ['variables in an attribute', `<rect ${RECT} fill="var(--c)"/>`, 'CSS variables'],
  ['computed lengths', '<style><![CDATA[rect { width: calc(10px * 2) }]]></style>', 'computed lengths'],
  ['colours beyond sRGB', `<rect ${RECT} fill="color(display-p3 1 0 0)"/>`, 'colours beyond sRGB'],
  ['a turn about a point', `<rect ${RECT} transform="rotate(9)" transform-origin="40 20"/>`, 'transformations about a point'],
  ['a shape that clips', `<rect ${RECT} style="clip-path: circle(9px)"/>`, 'shapes of CSS'],
  ['a path in CSS', '<path style="d: path(\'M0 0h9v9z\')"/>', 'paths in CSS'],
  ['conditions', '<style>@media (min-width: 9px) { rect { fill: red } }</style>', 'conditions in its styles'],
  ['newer selectors', '<style>:is(rect, circle) { fill: red }</style>', 'newer selectors'],
])('fails when a drawing has %s, which librsvg draws otherwise than browsers do', async (_, body, name) => {
  await expect(drawn(svg(body))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT', message: expect.stringMatching(`^This SVG drawing has (?:an )?${name}`) });
});

test.each([
  ['the HTML of Illustrator, which nobody draws', '<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/"/><rect/></switch>'],
  ['an origin without a transformation', `<rect ${RECT} style="transform-origin: center"/>`],
  ['a path that clips', '<clipPath id="c"><circle r="9"/></clipPath><rect clip-path="url(#c)"/>'],
  ['a profile of colours', `<rect ${RECT} fill="#cd853f icc-color(acmecmyk, 0.11, 0.48, 0.83, 0)"/>`],
  ['styles for print or in the dark', '<style>@media print { rect { fill: red } } @media (prefers-color-scheme: dark) { rect { fill: #fff } }</style>'],
  ['such words in a comment or a title', '<!-- var(a) --><title>calc(1)</title><desc>:is(</desc>'],
])('%s is no matter', async (_, body) => {
  await expect(drawn(svg(body))).resolves.toBeDefined();
});

test('what is there on condition of features is drawn, as in browsers', async () => {
  const [r, g, b] = await pixelAt(await drawn(svg(`<switch><rect requiredFeatures="x#Extensibility" ${RECT} fill="#102030"/><rect ${RECT}/></switch>`)), 5, 5);
  expect([r, g, b]).toEqual([0x10, 0x20, 0x30]);
});

test('the background that the root states is painted, however the drawing is fitted into its frame', async () => {
  const rooted = (attributes: string) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" ${attributes}><rect width="1" height="1"/></svg>`);
  for (const attributes of ['style="background: #102030"', 'style="margin: 0; background-color:#102030;" viewBox="-5 -5 10 10"', 'viewBox="0 0 8 1" style="background:rgb(16, 32, 48)"']) {
    const made = await drawn(rooted(attributes));
    for (const [x, y] of [[79, 39], [79, 1], [40, 39]]) expect(await pixelAt(made, x, y)).toEqual([16, 32, 48, 255]);
  }
  for (const attributes of ['style="background: none"', 'style="background: transparent"', 'style="background: url(#a)"', '']) {
    expect((await pixelAt(await drawn(rooted(attributes)), 79, 39))[3]).toBe(0);
  }
});

test('italics are slanted', async () => {
  expect((await drawn(svg(text('HH', 'font-style="italic"')))).equals(await drawn(svg(text('HH'))))).toBe(false);
});

test.each([
  ['a tag that does not end', '<text x="1'], ['a comment that does not end', '<!-- a'], ['characters that do not end', '<text><![CDATA[a'], ['an end without a beginning', '</a></text>a'],
])('%s is no matter of the writing', (_, body) => {
  expect(readSvg(Buffer.from(`<svg>${body}`))).toEqual({ characters: new Set() });
});

test('many references to a long entity take no more memory than the entity', () => {
  const bomb = svg(text('&e;'.repeat(20_000)), `<!DOCTYPE svg [<!ENTITY e "${'aé'.repeat(10_000)}">]>`);
  const before = process.memoryUsage().rss;
  expect(charactersOf(bomb)).toBe('é');
  // Written out, they are 400 million characters.
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});

test('hostile drawings are followed in a time that grows with their size alone', () => {
  for (const part of ['<a>', '<text>', '<a b="', "<a b='>", '<![CDATA[', '&#x6f22;', '<!ENTITY a "', '</a>', '<a transform=', 'transform= ', '<style>@media ', '<foreignObject ', '\u6f22', '&a;']) {
    const started = process.cpuUsage();
    readSvg(Buffer.from(`<svg><text>${part.repeat(200_000)}`));
    const { user } = process.cpuUsage(started);
    // Seconds of processor time; what grows with the square takes minutes.
    expect(user / 1e6).toBeLessThan(5);
  }
});
