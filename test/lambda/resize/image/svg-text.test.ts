import sharp from 'sharp';
import { readWriting } from '../../../../src/lambda/resize/image/svg-text';
import { renditionOf } from '../../../helpers/renditions';

const svg = (body: string, before = '') => Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">${body}</svg>`);
const text = (content: string, attributes = '') => `<text x="4" y="30" font-size="30" ${attributes}>${content}</text>`;
const drawn = async (image: Buffer) => renditionOf(image, { width: 80, formats: ['png'] }, { acceptSvg: true });
/** How much of a drawing is not transparent, from 0 to 255. */
const ink = async (image: Buffer) => (await sharp(await drawn(image)).stats()).channels[3].mean;
const charactersOf = (image: Buffer) => readWriting(image).characters;

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

test('fails when there is HTML inside, which browsers show and librsvg does not', async () => {
  const html = '<foreignObject width="80" height="40"><p xmlns="http://www.w3.org/1999/xhtml">label</p></foreignObject>';
  await expect(drawn(svg(html))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining('has HTML inside') });
  await expect(drawn(svg(`<switch>${html}${text('Ha')}</switch>`))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
});

test.each([
  ['a tag that does not end', '<text x="1'], ['a comment that does not end', '<!-- a'], ['characters that do not end', '<text><![CDATA[a'], ['an end without a beginning', '</a></text>a'],
])('%s is no matter of the writing', (_, body) => {
  expect(readWriting(Buffer.from(`<svg>${body}`))).toEqual({ characters: '', hasHtml: false });
});

test('hostile drawings are followed in a time that grows with their size alone', () => {
  for (const part of ['<a>', '<text>', '<a b="', "<a b='>", '<![CDATA[', '&#x6f22;', '<!ENTITY a "', '</a>']) {
    const started = process.cpuUsage();
    readWriting(Buffer.from(`<svg><text>${part.repeat(200_000)}`));
    const { user } = process.cpuUsage(started);
    // Seconds of processor time; what grows with the square takes minutes.
    expect(user / 1e6).toBeLessThan(5);
  }
});
