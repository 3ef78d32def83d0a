/** Drawn on a card of its own, so that it can be read on light pages and on dark ones. */
export const SIZE = { width: 1200, height: 560 } as const;

const COLOURS = {
  card: '#ffffff',
  border: '#d5d9de',
  ink: '#1b1f24',
  faint: '#566069',
  arrow: '#566069',
  core: '#eef7f6',
  coreBorder: '#0b6e69',
  node: '#ffffff',
  option: '#fbf7ec',
  optionBorder: '#a87b14',
} as const;

const [WIDTH, HEIGHT] = [180, 84];
const FONT = 'Inter, "Nimbus Sans", "Helvetica Neue", Arial, sans-serif';

interface Node {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** What is there only for those who want it. */
  readonly isOption?: boolean;
  readonly isOutside?: boolean;
}

const [TOP, MIDDLE, BOTTOM] = [64, 236, 392];
const [FIRST, SECOND, THIRD, FOURTH, LAST] = [24, 250, 484, 718, 968];

const NODES: Readonly<Record<string, Node>> = {
  app: { x: FIRST, y: MIDDLE, title: 'People and apps', lines: ['cat.jpg'], isOutside: true },
  uploads: { x: SECOND, y: TOP, title: 'ImageUploadApi', lines: ['signed uploads,', 'lists of images'], isOption: true },
  backfill: { x: THIRD, y: TOP, title: 'ImageBackfill', lines: ['images that are', 'there already'], isOption: true },
  monitoring: { x: FOURTH, y: TOP, title: 'ImageMonitoring', lines: ['dashboard, alarms,', 'cost of a day'], isOption: true },
  delivery: { x: LAST, y: TOP, title: 'ImageDistribution', lines: ['CloudFront in front', 'of the renditions'], isOption: true },
  source: { x: SECOND, y: MIDDLE, title: 'Source bucket', lines: ['originals, private'] },
  trigger: { x: THIRD, y: MIDDLE, title: 'Queue', lines: ['or EventBridge, S3,', 'Step Functions'] },
  lambda: { x: FOURTH, y: MIDDLE, title: 'Lambda with sharp', lines: ['every profile,', 'every format'] },
  output: { x: LAST, y: MIDDLE, title: 'Output bucket', lines: ['cat.jpg/large.avif', 'cat.jpg/thumbnail.jpg'] },
  dead: { x: THIRD, y: BOTTOM, title: 'Dead-letter queue', lines: ['after three tries'] },
  table: { x: FOURTH, y: BOTTOM, title: 'Table of records', lines: ['status, sizes, keys,', 'reasons of failures'] },
  events: { x: LAST, y: BOTTOM, title: 'Events', lines: ['completed, failed,', 'deleted'], isOption: true },
};

type Side = 'top' | 'right' | 'bottom' | 'left';

const ARROWS: readonly { readonly from: [string, Side]; readonly to: [string, Side]; readonly isOption?: boolean; readonly shift?: number }[] = [
  { from: ['app', 'right'], to: ['source', 'left'] },
  { from: ['source', 'right'], to: ['trigger', 'left'] },
  { from: ['trigger', 'right'], to: ['lambda', 'left'] },
  { from: ['lambda', 'right'], to: ['output', 'left'] },
  { from: ['lambda', 'bottom'], to: ['table', 'top'] },
  { from: ['trigger', 'bottom'], to: ['dead', 'top'] },
  { from: ['app', 'top'], to: ['uploads', 'left'], isOption: true },
  { from: ['uploads', 'bottom'], to: ['source', 'top'], isOption: true },
  { from: ['backfill', 'bottom'], to: ['lambda', 'top'], isOption: true },
  { from: ['output', 'top'], to: ['delivery', 'bottom'], isOption: true },
  { from: ['lambda', 'right'], to: ['events', 'left'], isOption: true, shift: 26 },
];

/** What the constructs create, and what goes where, as SVG. */
export function architecture(): string {
  const { width, height } = SIZE;
  const core = { x: SECOND - 20, y: MIDDLE - 28, right: width - 24, bottom: BOTTOM + HEIGHT + 20 };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}'>
<defs>${(['arrow', 'optionBorder'] as const).map((name) => `<marker id="${name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 1 9 5 0 9z" fill="${COLOURS[name]}"/></marker>`).join('')}</defs>
<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="16" fill="${COLOURS.card}" stroke="${COLOURS.border}" stroke-width="2"/>
<rect x="${core.x}" y="${core.y}" width="${core.right - core.x}" height="${core.bottom - core.y}" rx="14" fill="${COLOURS.core}" stroke="${COLOURS.coreBorder}" stroke-width="2"/>
${label(core.x + 20, core.bottom - 22, 'ImageResizePipeline', { size: 20, weight: 700, fill: COLOURS.coreBorder })}
${label(FIRST, 42, 'If you want:', { size: 16, weight: 600, fill: COLOURS.optionBorder })}
${ARROWS.map(arrow).join('\n')}
${Object.values(NODES).map(box).join('\n')}
${label(core.x + 18, core.bottom + 38, 'Solid lines: what one line of code creates. Dashed lines: constructs and options beside it. Nothing is public unless you say so.', { size: 15, weight: 400, fill: COLOURS.faint })}
</svg>`;
}

function box({ x, y, title, lines, isOption, isOutside }: Node): string {
  const [fill, stroke] = isOption ? [COLOURS.option, COLOURS.optionBorder] : [COLOURS.node, isOutside ? COLOURS.faint : COLOURS.coreBorder];
  const first = y + HEIGHT / 2 - lines.length * 9.5 + 6;
  const middle = x + WIDTH / 2;
  return `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="10" fill="${fill}" stroke="${stroke}" stroke-width="1.75"${isOption ? ' stroke-dasharray="6 4"' : ''}/>
<g text-anchor="middle">${label(middle, first, title, { size: 17, weight: 700, fill: COLOURS.ink })}${lines.map((line, at) => label(middle, first + 21 + 19 * at, line, { size: 15, weight: 400, fill: COLOURS.faint })).join('')}</g>`;
}

function arrow({ from: [from, out], to: [to, into], isOption, shift = 0 }: (typeof ARROWS)[number]): string {
  const [corner, end] = [pointOf(NODES[from], out), pointOf(NODES[to], into)];
  const start = { x: corner.x, y: corner.y + shift };
  const colour = isOption ? 'optionBorder' : 'arrow';
  const isUpright = out === 'top' || out === 'bottom';
  const isIntoUpright = into === 'top' || into === 'bottom';
  const [halfX, halfY] = [(start.x + end.x) / 2, (start.y + end.y) / 2];
  const way = start.x === end.x || start.y === end.y ? `L${end.x} ${end.y}`
    : isUpright && isIntoUpright ? `V${halfY} H${end.x} V${end.y}`
      : isUpright ? `V${end.y} H${end.x}` : `H${halfX} V${end.y} H${end.x}`;
  return `<path d="M${start.x} ${start.y} ${way}" fill="none" stroke="${COLOURS[colour]}" stroke-width="2" stroke-linejoin="round"${isOption ? ' stroke-dasharray="6 4"' : ''} marker-end="url(#${colour})"/>`;
}

function pointOf({ x, y }: Node, side: Side): { readonly x: number; readonly y: number } {
  const gap = 3;
  switch (side) {
    case 'top': return { x: x + WIDTH / 2, y: y - gap };
    case 'bottom': return { x: x + WIDTH / 2, y: y + HEIGHT + gap };
    case 'left': return { x: x - gap, y: y + HEIGHT / 2 };
    case 'right': return { x: x + WIDTH + gap, y: y + HEIGHT / 2 };
  }
}

interface TextStyle {
  readonly size: number;
  readonly weight: number;
  readonly fill: string;
}

function label(x: number, y: number, text: string, { size, weight, fill }: TextStyle): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${text}</text>`;
}
