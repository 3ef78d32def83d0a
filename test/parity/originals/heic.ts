import { matrixProfile, P3_PRIMARIES } from './icc';
import { Choice, lacksPixels, Space } from './space';
import { ALPHA, auxiliary, clap, coded, CodedName, DEPTH, Heif, heif, HeifItem, HeifReference, imir, irot, nclx, picture, profile, tiles } from '../../helpers/heif';
import { alphaRamp, paint, RawImage } from '../../helpers/images';

const AXES = {
  picture: ['photo', 'quadrants', 'grey', 'ten-bit', 'alpha'],
  colour: ['untold', 'srgb', 'bt709', 'p3', 'icc-p3', 'icc-and-p3'],
  crop: ['none', 'middle'],
  turn: ['none', 'quarter', 'half', 'mirror', 'upside-down', 'quarter-and-mirror'],
  layout: ['single', 'tiles', 'burst'],
  beside: ['nothing', 'depth', 'thumbnail'],
  damage: ['none', 'bytes-behind', 'lost-half'],
} as const;

/** What was encoded, as ImageMagick 6 leaves transparency out, and does not show 10 bits. */
const KNOWN: Readonly<Record<string, RawImage>> = { 'alpha': alphaRamp(64, 64), 'ten-bit': paint(64, 64, (x, y) => [4 * x, 4 * y, 128]) };

export const HEICS: Space<typeof AXES> = {
  axes: AXES,
  exists({ picture: of, colour, crop, turn, layout, beside, damage }) {
    if (KNOWN[of]) return !colour.includes('p3') && damage !== 'lost-half' && [crop, turn, layout, beside].join() === 'none,none,single,nothing';
    // Colours beyond sRGB are clipped by either in its own way.
    return of !== 'quadrants' || !colour.includes('p3');
  },
  make: makeHeic,
  lacks: lacksPixels,
  picture: (choice) => KNOWN[choice.picture],
  // ImageMagick does not look at code points.
  substitute: (choice) => (choice.colour === 'p3' ? { choice: { ...choice, colour: 'icc-p3' } } : undefined),
};

function makeHeic(choice: Choice<typeof AXES>): Buffer {
  const { layout, damage, beside } = choice;
  const [width, height] = sizeOf(choice);
  const properties = propertiesOf(choice, width, height);
  const begun = layout === 'tiles' ? tiles(2, Array<CodedName>(4).fill(choice.picture), width, height, ...properties)
    : choice.picture === 'alpha' ? withAlpha(properties)
      : { items: [picture(coded(choice.picture), ...properties)], references: [] };
  const [items, references]: [HeifItem[], HeifReference[]] = [[...begun.items], [...begun.references]];
  const add = (type: string, item: HeifItem) => references.push({ type, from: items.push(item), to: [1] });
  if (beside === 'depth') add('auxl', picture(coded('grey'), auxiliary(DEPTH)));
  if (beside === 'thumbnail') add('thmb', picture(coded('red')));
  if (layout === 'burst') items.push(picture(coded('green')), picture(coded('blue')));
  const file = heif({ items, references });
  if (damage === 'bytes-behind') return Buffer.concat([file, Buffer.alloc(100, 0x41)]);
  return damage === 'lost-half' ? file.subarray(0, file.length / 2) : file;
}

function withAlpha(properties: readonly Buffer[]): Pick<Required<Heif>, 'items' | 'references'> {
  return {
    items: [picture(coded('alpha'), ...properties), picture(coded('alpha', 1), auxiliary(ALPHA))],
    references: [{ type: 'auxl', from: 2, to: [1] }],
  };
}

/** The tiles at the edge reach beyond the picture. */
function sizeOf({ picture: name, layout }: Choice<typeof AXES>): [number, number] {
  const { width, height } = coded(name);
  return layout === 'tiles' ? [2 * width - 10, 2 * height - 6] : [width, height];
}

function propertiesOf({ colour, crop, turn }: Choice<typeof AXES>, width: number, height: number): Buffer[] {
  const p3 = profile(matrixProfile(P3_PRIMARIES, 2.2));
  const colours = { 'untold': [], 'srgb': [nclx(1, 13)], 'bt709': [nclx(1, 1)], 'p3': [nclx(12, 13)], 'icc-p3': [p3], 'icc-and-p3': [nclx(12, 13), p3] }[colour];
  const turns = {
    'none': [], 'quarter': [irot(1)], 'half': [irot(2)], 'mirror': [imir(1)], 'upside-down': [imir(0)], 'quarter-and-mirror': [irot(3), imir(1)],
  }[turn];
  return [...colours, ...(crop === 'middle' ? [clap(width - 20, height - 12)] : []), ...turns];
}
