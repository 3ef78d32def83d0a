import type { Problem, Verdict } from './judge';

/** A kind of original that does not come out as another program shows it, and is documented. */
export interface Exception {
  /** Words of `docs/limits.md` that say so. */
  readonly line: string;
  readonly problem: Problem;
  readonly format: string;
  /** Whether none of the originals that are always compared needs it. */
  readonly isRare?: boolean;
  applies(choice: Verdict['original']['choice'], verdict: Verdict): boolean;
}

const damaged = (format: string): Exception => ({
  line: 'Pixels that are missing, or do not unpack, are `CORRUPT_IMAGE`',
  problem: 'refused',
  format,
  applies: (_, { original, outcome }) => original.lacks === 'pixels' && outcome === 'CORRUPT_IMAGE',
});

const CMYK = 'with one it becomes the colours of print';
const RGB_PROFILE = /^(?:icc-)?(?:p3|linear|odd-intent)$/;
/** What libvips cannot read, or reads as another picture. */
const UNREAD_SAMPLES = ['12', '32', 'signed-8', 'signed-16', 'float-32', 'float-64'];

export const EXCEPTIONS: readonly Exception[] = [
  ...['jpeg', 'png', 'webp', 'avif', 'gif'].map(damaged),
  { ...damaged('tiff'), isRare: true },
  { line: CMYK, problem: 'differs', format: 'jpeg', applies: ({ space, profile }) => (space === 'cmyk' || space === 'ycck') && profile === 'cmyk' },
  {
    line: 'takes the default picture of an animated PNG, also where its animation does not show it',
    problem: 'differs',
    format: 'png',
    applies: ({ layout }) => layout === 'animated-hidden-default',
  },
  {
    line: 'Chromium leaves the profile of an animated WebP out',
    problem: 'differs',
    format: 'webp',
    applies: ({ frames, profile }) => frames === '3' && RGB_PROFILE.test(profile),
  },
  {
    line: '**PQ and HLG** are `UNSUPPORTED_FORMAT`',
    problem: 'refused',
    format: 'png',
    applies: ({ colour }, { outcome }) => ['cicp-pq', 'cicp-hlg'].includes(colour) && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: '**PQ and HLG** are `UNSUPPORTED_FORMAT`',
    problem: 'refused',
    format: 'avif',
    applies: ({ colour, coded }, { outcome }) => (['pq', 'hlg'].includes(colour) || (colour === 'untold' && coded === 'pq')) && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'grey of limited range with a profile',
    problem: 'refused',
    format: 'avif',
    applies: ({ channels, colour, coded }, { outcome }) => (
      channels.startsWith('grey') && (colour === 'icc-and-limited' || (colour === 'icc-p3' && coded.endsWith('limited'))) && outcome === 'UNSUPPORTED_FORMAT'
    ),
  },
  {
    line: 'premultiplied transparency',
    problem: 'refused',
    format: 'avif',
    applies: ({ channels }, { outcome }) => channels === 'premultiplied' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'Chromium shows what is around the crop as well',
    problem: 'differs',
    format: 'avif',
    applies: ({ turn }) => turn === 'crop',
  },
  {
    line: 'a channel of unspecified meaning',
    problem: 'refused',
    format: 'tiff',
    applies: ({ extra }, { outcome }) => extra === 'unspecified' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'separate planes of less than 8 bits',
    problem: 'refused',
    format: 'tiff',
    applies: ({ samples, layout }, { outcome }) => ['1', '2', '4'].includes(samples) && layout === 'planar' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'separate planes of grey and alpha',
    problem: 'refused',
    format: 'tiff',
    applies: ({ colour, extra, layout }, { outcome }) => colour.startsWith('grey') && extra !== 'none' && layout === 'planar' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'premultiplied alpha beside grey where 0 is white',
    problem: 'refused',
    format: 'tiff',
    applies: ({ colour, extra }, { outcome }) => colour === 'grey-inverted' && extra === 'premultiplied' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'alpha beside CMYK of 16 bits',
    problem: 'refused',
    format: 'tiff',
    applies: ({ colour, extra, samples }, { outcome }) => colour === 'cmyk' && extra !== 'none' && samples === '16' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'signed and floating-point samples, other depths than 1, 2, 4, 8 and 16 bits',
    problem: 'refused',
    format: 'tiff',
    applies: ({ samples }, { outcome }) => UNREAD_SAMPLES.includes(samples) && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: '8-bit Lab, YCbCr without JPEG',
    problem: 'refused',
    format: 'tiff',
    applies: ({ colour }, { outcome }) => ['lab', 'ycc'].includes(colour) && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'tiles of separate planes',
    problem: 'refused',
    format: 'tiff',
    applies: ({ layout }, { outcome }) => layout === 'planar-tiles' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'more channels than colour and alpha',
    problem: 'refused',
    format: 'tiff',
    applies: ({ extra }, { outcome }) => extra === 'two-unspecified' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'A text with characters that the font lacks is `UNSUPPORTED_FORMAT`',
    problem: 'refused',
    format: 'svg',
    applies: ({ writing }, { outcome }) => writing === 'no-glyphs' && outcome === 'UNSUPPORTED_FORMAT',
  },
  {
    line: 'HTML inside (`foreignObject`)',
    problem: 'refused',
    format: 'svg',
    // Chromium lets no page see what it drew of it.
    isRare: true,
    applies: ({ writing }, { outcome }) => writing === 'html' && outcome === 'UNSUPPORTED_FORMAT',
  },
];

export function exceptionFor(verdict: Verdict): Exception | undefined {
  const { original: { format, choice }, problem } = verdict;
  if (Object.keys(choice).length === 0) return undefined;
  return EXCEPTIONS.find((exception) => exception.format === format && exception.problem === problem && exception.applies(choice, verdict));
}
