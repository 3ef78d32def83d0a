/** SVG that asks for more than a picture. */
export interface HostileSvg {
  readonly name: string;
  readonly data: Buffer;
  /** Whether it is slow by design: librsvg gives up only after seconds, which nothing can cut short, for every rendition anew. */
  readonly isSlow: boolean;
}

const SIZE = 'width="60" height="40"';
const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

function svg(name: string, body: string, { size = SIZE, prolog = '', isSlow = false } = {}): HostileSvg {
  return { name, isSlow, data: Buffer.from(`${prolog}<svg ${NAMESPACES} ${size}>${body}</svg>`) };
}

const RECTANGLE = '<rect width="60" height="40" fill="#1e9632"/>';

export const SVGS: readonly HostileSvg[] = [
  svg('a picture', RECTANGLE),
  svg('a script', `${RECTANGLE}<script>while (true) alert(1)</script>`),
  svg('an event handler', '<rect width="60" height="40" fill="#1e9632" onload="alert(1)"/>'),
  svg('a reference to a file', `${RECTANGLE}<image href="file:///etc/passwd" width="60" height="40"/>`),
  svg('a reference to a device', `${RECTANGLE}<image xlink:href="/dev/zero" width="60" height="40"/>`),
  svg('a reference to the metadata of a machine', `${RECTANGLE}<image href="http://169.254.169.254/latest/meta-data/" width="60" height="40"/>`),
  svg('foreign HTML', `${RECTANGLE}<foreignObject width="60" height="40"><iframe xmlns="http://www.w3.org/1999/xhtml" src="file:///etc/passwd"/></foreignObject>`),
  svg('an external entity', '<text y="20">&secret;</text>', { prolog: '<!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/passwd">]>' }),
  svg('an external parameter entity', RECTANGLE, { prolog: '<!DOCTYPE svg [<!ENTITY % outside SYSTEM "file:///etc/passwd"> %outside;]>' }),
  svg('an entity that is itself', '<text y="20">&a;</text>', { prolog: '<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' }),
  svg('an entity of entities', '<text y="20">&e9;</text>', { prolog: `<!DOCTYPE svg [<!ENTITY e0 "ha">${entities(9, 10)}]>` }),
  svg('a large entity many times', `<text y="20">${'&e;'.repeat(10_000)}</text>`, { prolog: `<!DOCTYPE svg [<!ENTITY e "${'a'.repeat(10_000)}">]>` }),
  svg('an element that uses itself', '<g id="a"><use href="#a"/></g>'),
  svg('elements that use each other tenfold', `<rect id="u0" width="1" height="1"/>${uses(9, 10)}<use href="#u9"/>`, { isSlow: true }),
  svg('a hundred thousand elements', '<rect width="1" height="1"/>'.repeat(100_000)),
  svg('elements a hundred thousand deep', `${'<g>'.repeat(100_000)}${'</g>'.repeat(100_000)}`),
  svg('a path of a megabyte', `<path d="M0 0${'l1 1'.repeat(250_000)}"/>`),
  svg('an image in a link', `${RECTANGLE}<image href="data:image/svg+xml;base64,${Buffer.from(`<svg ${NAMESPACES}><script/></svg>`).toString('base64')}"/>`),
  svg('no size', RECTANGLE, { size: '' }),
  svg('a size of nothing', RECTANGLE, { size: 'width="0" height="0"' }),
  svg('a negative size', RECTANGLE, { size: 'width="-10" height="-10"' }),
  svg('a size that is no number', RECTANGLE, { size: 'width="NaN" height="1e999"' }),
  svg('a size beyond every limit', RECTANGLE, { size: 'width="1000000" height="1000000"' }),
  svg('a strange view box', RECTANGLE, { size: 'viewBox="0 0 1e-30 1e30"' }),
];

function entities(levels: number, times: number): string {
  return Array.from({ length: levels }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(times)}">`).join('');
}

function uses(levels: number, times: number): string {
  return Array.from({ length: levels }, (_, level) => `<g id="u${level + 1}">${`<use href="#u${level}"/>`.repeat(times)}</g>`).join('');
}
