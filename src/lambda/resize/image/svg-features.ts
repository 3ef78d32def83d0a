/** What browsers draw and librsvg leaves out, or draws otherwise, in words for people: nothing less than another picture. */
interface Feature {
  readonly name: string;
  /** Whether an opening tag has it. */
  readonly inTag?: RegExp;
  /** Whether a style sheet, or what a tag has of styles, has it: all of these. */
  readonly inStyle?: readonly RegExp[];
}

const SHAPES = 'circle|ellipse|inset|polygon|path|rect|xywh';

const FEATURES: readonly Feature[] = [
  {
    name: 'HTML inside (foreignObject)',
    // What Illustrator keeps for itself (requiredExtensions), browsers do not draw either.
    inTag: /^<(?:[\w.-]{1,64}:)?foreignObject(?=[\s/>])(?![^]*\srequiredExtensions\s*=\s*["'](?!http:\/\/www\.w3\.org\/1999\/xhtml))/,
  },
  { name: 'text on a path (textPath)', inTag: /^<(?:[\w.-]{1,64}:)?textPath[\s/>]/ },
  { name: 'an embedded picture that is neither PNG nor JPEG', inTag: /href\s{0,9}=\s{0,9}["']\s{0,9}data:image\/(?!png|jpe?g|svg\+xml)/i },
  { name: 'CSS variables (var)', inStyle: [/(?<![-\w])var\(/] },
  { name: 'computed lengths (calc)', inStyle: [/(?<![-\w])(?:calc|min|max|clamp)\(/] },
  { name: 'colours beyond sRGB or mixed ones', inStyle: [/(?<![-\w])(?:color|color-mix|oklch|oklab|lch|lab)\(/] },
  { name: 'transformations about a point (transform-origin)', inStyle: [/transform-(?:origin|box)/, /(?<![-\w])transform\s{0,9}[:=]/] },
  { name: 'shapes of CSS that clip (clip-path)', inStyle: [new RegExp(`clip-path\\s{0,9}[:=]\\s{0,9}["']?\\s{0,9}(?:${SHAPES})\\(`)] },
  { name: 'paths in CSS (d)', inStyle: [/(?<![-\w])d\s{0,9}:\s{0,9}path\(/] },
  {
    name: 'conditions in its styles (@media, @supports, @layer)',
    inStyle: [/@(?:supports|layer|container|scope)\b|@media\b(?!\s{0,9}(?:print|\([^)]{0,40}prefers-color-scheme\s{0,9}:\s{0,9}dark))/],
  },
  { name: 'newer selectors in its styles (:is, :where, :has)', inStyle: [/:(?:is|where|has)\(/] },
];

/** @param tag from its `<` to its `>` */
export function featureOfTag(tag: string): string | undefined {
  const hasAttributes = tag.includes('=');
  return FEATURES.find(({ inTag, inStyle }) => inTag?.test(tag) || (hasAttributes && inStyle?.every((pattern) => pattern.test(tag))))?.name;
}

export function featureOfStyle(sheet: string): string | undefined {
  return FEATURES.find(({ inStyle }) => inStyle?.every((pattern) => pattern.test(sheet)))?.name;
}
