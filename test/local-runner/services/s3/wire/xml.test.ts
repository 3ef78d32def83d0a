import { childText, parseXml, renderXml } from '../../../../../local-runner/services/s3/wire/xml';

describe('parseXml', () => {
  test('reads elements, attributes aside, and decodes references', () => {
    const root = parseXml('<?xml version="1.0"?>\n<A xmlns="x">\n <B> &lt;&#65;&#x1F389;&amp;\r\n</B><C/><B2 a=\'1\'></B2>\n</A>', 'A');

    expect(childText(root, 'B')).toBe(' <A\u{1f389}&\n');
    expect(childText(root, 'C')).toBe('');
    expect(childText(root, 'D')).toBeUndefined();
  });

  test.each([
    '', 'text', '<B/>', '<A>', '<A></B>', '<A/><A/>', '<A/>text', 'text<A/>', '<A>&nbsp;</A>', '<A>&</A>', '<A>&#x110000;</A>', '<A', '<A b=c/>', '<A><!-- c --></A>',
    '<A><![CDATA[c]]></A>', '<!DOCTYPE A [<!ENTITY e "e">]><A>&e;</A>', '<A><?p?></A>',
  ])('fails for %s', (document) => {
    expect(() => parseXml(document, 'A')).toThrow('The XML you provided was not well-formed');
  });

  test('fails for a repeated or structured element where one text is expected', () => {
    expect(() => childText(parseXml('<A><B>1</B><B>2</B></A>', 'A'), 'B')).toThrow('not well-formed');
    expect(() => childText(parseXml('<A><B><C/></B></A>', 'A'), 'B')).toThrow('not well-formed');
  });
});

test('renderXml escapes text, repeats lists and leaves out what is undefined', () => {
  expect(renderXml('A', { B: ['<', '\r'], C: undefined, D: { E: 1, F: false }, G: new Date(0) }, false))
    .toBe('<?xml version="1.0" encoding="UTF-8"?>\n<A><B>&#x3c;</B><B>&#xd;</B><D><E>1</E><F>false</F></D><G>1970-01-01T00:00:00.000Z</G></A>');
});
