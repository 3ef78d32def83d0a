import { Choice, Space } from './space';

const AXES = {
  units: ['px', 'mm', 'cm', 'in', 'pt', 'pc', 'em', 'none'],
  // What the shapes within are measured in.
  within: ['px', 'mm', 'em'],
  size: ['stated', 'view-box', 'both'],
  encoding: ['utf-8', 'utf-8-with-mark', 'utf-16', 'utf-16-big', 'latin-1'],
  type: ['unstated', 'in-root', 'in-style'],
  paint: ['plain', 'gradient', 'see-through', 'clipped'],
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

function makeSvg({ units, within, size, encoding, type, paint }: SvgChoice): Buffer {
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
  const root = { 'unstated': '', 'in-root': `font-size="${TYPE}"`, 'in-style': `style="font-size: ${TYPE}px"` }[type];
  const look = { 'plain': 'fill="#dc1e1e"', 'gradient': 'fill="url(#g)"', 'see-through': 'fill="#dc1e1e" opacity="0.5"', 'clipped': 'fill="#dc1e1e" clip-path="url(#c)"' }[paint];
  const text = [
    encoding.startsWith('utf-16') ? '<?xml version="1.0" encoding="UTF-16"?>' : encoding === 'latin-1' ? '<?xml version="1.0" encoding="ISO-8859-1"?>' : '',
    `<svg xmlns="http://www.w3.org/2000/svg" ${stated} ${box} ${root}><title>\u00e9</title>`,
    `<defs><linearGradient id="g"><stop stop-color="#dc1e1e"/><stop offset="1" stop-color="#2828c8"/></linearGradient><clipPath id="c">${at(0, 0, 60, 96, '')}</clipPath></defs>`,
    at(0, 0, 96, 48, look), at(96, 48, 96, 48, 'fill="#1eaa32"'), at(120, 12, 48, 24, 'fill="#ffc814"'), '</svg>',
  ].join('');
  switch (encoding) {
    case 'utf-8': return Buffer.from(text);
    case 'utf-8-with-mark': return Buffer.from(`\ufeff${text}`);
    case 'utf-16': return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16-big': return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'latin-1': return Buffer.from(text, 'latin1');
  }
}
