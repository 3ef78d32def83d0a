import { Choice, Space } from './space';

const AXES = {
  units: ['px', 'mm', 'cm', 'in', 'pt', 'pc', 'em', 'none'],
  // What the shapes within are measured in.
  within: ['px', 'mm', 'em'],
  size: ['stated', 'view-box', 'both'],
  encoding: ['utf-8', 'utf-8-with-mark', 'utf-16', 'utf-16-big', 'latin-1'],
  type: ['unstated', 'in-root', 'in-style'],
  paint: ['plain', 'gradient', 'see-through', 'clipped'],
  // What the root asks of whoever draws.
  root: ['nothing', 'background', 'background-colour', 'features'],
  writing: ['none', 'plain', 'bold', 'of-a-named-family', 'referred-to', 'no-glyphs', 'in-another-language', 'html'],
} as const;

type SvgChoice = Choice<typeof AXES>;

const [WIDTH, HEIGHT] = [192, 96];
/** Pixels, by CSS. */
const UNITS = { px: 1, mm: 96 / 25.4, cm: 96 / 2.54, in: 96, pt: 96 / 72, pc: 16, em: 16, none: 1 } as const;
/** A size of type other than the usual. */
const TYPE = 20;

export const SVGS: Space<typeof AXES> = {
  axes: AXES,
  exists: ({ within, size, units }) => (size === 'stated' || within === 'px') && (size !== 'view-box' || units === 'px'),
  make: makeSvg,
  // Chromium takes every drawing for UTF-8 or UTF-16, whatever it says.
  substitute: (choice) => (choice.encoding === 'latin-1' ? { choice: { ...choice, encoding: 'utf-8' } } : undefined),
};

function makeSvg({ units, within, size, encoding, type, paint, writing, root: asked }: SvgChoice): Buffer {
  const em = type === 'unstated' ? UNITS.em : TYPE;
  const length = (pixels: number, unit: keyof typeof UNITS) => (
    `${Number((pixels / (unit === 'em' ? em : UNITS[unit])).toFixed(5))}${unit === 'none' ? '' : unit}`
  );
  const at = (x: number, y: number, width: number, height: number, rest: string) => {
    const [left, top, across, down] = [x, y, width, height].map((pixels) => length(pixels, within));
    return `<rect x="${left}" y="${top}" width="${across}" height="${down}" ${rest}/>`;
  };
  const stated = size === 'view-box' ? '' : `width="${length(WIDTH, units)}" height="${length(HEIGHT, units)}"`;
  const box = size === 'stated' ? '' : `viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const background = { 'nothing': '', 'features': '', 'background': 'background: #c8e0ff;', 'background-colour': 'margin: 0; background-color: rgb(200, 224, 255)' }[asked];
  const style = [type === 'in-style' ? `font-size: ${TYPE}px;` : '', background].join(' ').trim();
  const root = `${type === 'in-root' ? `font-size="${TYPE}"` : ''} ${style && `style="${style}"`}`;
  const condition = 'requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"';
  const least = asked === 'features'
    ? `<switch>${at(120, 12, 48, 24, `fill="#ffc814" ${condition}`)}${at(96, 0, 96, 96, 'fill="#000"')}</switch>`
    : at(120, 12, 48, 24, 'fill="#ffc814"');
  const look = { 'plain': 'fill="#dc1e1e"', 'gradient': 'fill="url(#g)"', 'see-through': 'fill="#dc1e1e" opacity="0.5"', 'clipped': 'fill="#dc1e1e" clip-path="url(#c)"' }[paint];
  const text = [
    encoding.startsWith('utf-16') ? '<?xml version="1.0" encoding="UTF-16"?>' : encoding === 'latin-1' ? '<?xml version="1.0" encoding="ISO-8859-1"?>' : '',
    `<svg xmlns="http://www.w3.org/2000/svg" ${stated} ${box} ${root}><title>\u00e9</title>`,
    `<defs><linearGradient id="g"><stop stop-color="#dc1e1e"/><stop offset="1" stop-color="#2828c8"/></linearGradient><clipPath id="c">${at(0, 0, 60, 96, '')}</clipPath></defs>`,
    at(0, 0, 96, 48, look), at(96, 48, 96, 48, 'fill="#1eaa32"'), least, writingOf(writing), '</svg>',
  ].join('');
  switch (encoding) {
    case 'utf-8': return Buffer.from(text);
    case 'utf-8-with-mark': return Buffer.from(`\ufeff${text}`);
    case 'utf-16': return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16-big': return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'latin-1': return Buffer.from(text, 'latin1');
  }
}

/** In pixels, whatever the units of the shapes are: on what is in pixels alone, it says enough. */
function writingOf(writing: SvgChoice['writing']): string {
  const text = (content: string, attributes = '') => `<text x="4" y="84" font-size="40px" font-family="sans-serif" fill="#2828c8" ${attributes}>${content}</text>`;
  const html = '<foreignObject x="0" y="48" width="96" height="48"><div xmlns="http://www.w3.org/1999/xhtml" style="font-size: 40px">HTML</div></foreignObject>';
  switch (writing) {
    case 'none': return '';
    case 'plain': return text('Ha\u00e9');
    case 'bold': return text('Ha\u00e9', 'font-weight="bold"');
    case 'of-a-named-family': return text('Ha<tspan font-family="Helvetica, Arial">\u00e9</tspan>');
    case 'referred-to': return text('&#x416;&#1091;&lt;');
    case 'no-glyphs': return text('&#x6f22;&#x5b57;');
    case 'html': return html;
    case 'in-another-language': return `<switch><g systemLanguage="xx">${text('&#x6f22;')}</g>${text('Ha')}</switch>`;
  }
}
