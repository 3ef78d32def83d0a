import { AdjustmentConfig, adjustmentOf, EXTENSIONS, FocalPoint, ProfileConfig, renditionName } from '../../../src/contract';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import type { PlannedRendition, Probe } from '../../../src/lambda/resize/image';
import { alike } from '../../../src/lambda/resize/image/alike';
import type { Imaging } from '../../../src/lambda/resize/services/services';

/** Content of a source object. */
export interface Content {
  /** Tells every upload apart, except one of the same bytes. */
  readonly version: number;
  /**
   * `a` and `b` have different renditions under a template with the format; a `broken` one has none. Of a `flat` one, those that
   * are wider than `FLAT_WIDTH` cannot be planned; in the midst of such a one, making those of a `fragile` one fails. What `trim`
   * would leave of a `tangled` one cannot be found.
   */
  readonly kind: keyof typeof FORMATS | 'broken';
}

export const write = ({ version, kind }: Content): string => `${version} ${kind}`;
export const versionOf = (body: string): number => Number(body.split(' ')[0]);
/** What decides the pixels of a rendition beside its source and width. */
export interface Looks {
  readonly adjustments?: readonly AdjustmentConfig[];
  /** Of the image, where the profile crops around it. */
  readonly focalPoint?: FocalPoint;
}
/** The bytes of a rendition: those of the same width and looks are the same. */
export const made = (source: string, _profile: string, width: number, { adjustments, focalPoint }: Looks = {}): string => [
  source, madeBy(source, width, adjustments), ...(focalPoint ? [`@${focalPoint.x},${focalPoint.y}`] : []),
].join(' ');
/** Of a `plain` image, nothing can be trimmed. */
const madeBy = (source: string, width: number, adjustments: readonly AdjustmentConfig[] = []): string => [
  width,
  ...adjustments.filter(({ name }) => name !== 'trim' || source.split(' ')[1] !== 'plain').map((each) => (each.name === 'watermark' ? each.image : each.name)),
].join('+');
/** Whether a rendition was made by a profile, of whatever image. */
export const isBy = (body: string, { width, adjustments }: ProfileConfig): boolean => shown(body).split(' ')[2] === madeBy(body, width!, adjustments);
export const focalPointFor = ({ position }: ProfileConfig, focalPoint?: FocalPoint): FocalPoint | undefined => (position === 'focal-point' ? focalPoint : undefined);
export const isTrimmed = ({ adjustments }: ProfileConfig): boolean => adjustmentOf(adjustments, 'trim') !== undefined;

const FORMATS = { a: 'jpeg', b: 'png', flat: 'jpeg', fragile: 'jpeg', tangled: 'jpeg', plain: 'jpeg' } as const;
export const FLAT_WIDTH = 2;

export const isContent = (kind: string): kind is Content['kind'] => kind in FORMATS || kind === 'broken';
/** The extension of the renditions of either kind. */
export const extensionOf = (kind: keyof typeof FORMATS): string => EXTENSIONS[FORMATS[kind]][0];

const MARK = ' #';
/** The bytes of a rendition without what tells writers apart, which nobody sees. */
export const shown = (body: string): string => body.split(MARK)[0];

/** Stands in for the image path: a rendition is its source's content with the profile's width. */
export const imaging: Imaging = {
  async probe(data) {
    const kind = String(data).split(' ')[1] as Content['kind'];
    if (kind === 'broken') throw new PermanentError('CORRUPT_IMAGE', 'broken');
    if (!(kind in FORMATS)) throw new PermanentError('UNSUPPORTED_FORMAT', 'no image');
    return { format: FORMATS[kind], width: 10, height: kind === 'flat' ? 1 : 10, frames: 1, alpha: false } as unknown as Probe;
  },
  async measure(data, probed, profiles) {
    if (profiles.some(isTrimmed) && String(data).endsWith('tangled')) throw new PermanentError('TIMEOUT', 'tangled');
    return { ...probed, isPlain: String(data).endsWith('plain') } as Probe;
  },
  plan(probed, profiles, _processing, { onSkipped, focalPoint } = {}) {
    const isPossible = ({ width }: ProfileConfig) => probed.height > 1 || width! <= FLAT_WIDTH;
    for (const profile of profiles) if (!isPossible(profile)) onSkipped?.(renditionName(profile.name, 'original'), new PermanentError('TOO_LARGE', 'flat'));
    if (profiles.length > 0 && !profiles.some(isPossible)) throw new PermanentError('TOO_LARGE', 'flat');
    return profiles.filter(isPossible).map((profile) => ({
      name: renditionName(profile.name, 'original'),
      profile,
      configuredFormat: 'original',
      format: probed.format,
      extension: EXTENSIONS[probed.format as 'jpeg'][0],
      contentType: 'image/test',
      width: profile.width,
      height: 1,
      frames: 1,
      adjustments: profile.adjustments?.filter(({ name }) => name !== 'trim' || !(probed as { isPlain?: boolean }).isPlain),
      focalPoint: focalPointFor(profile, focalPoint),
    } as unknown as PlannedRendition));
  },
  alike,
  async render(data, _probe, renditions, { onRendition }) {
    for (const group of alike(renditions)) {
      const [{ profile: { name, adjustments }, width, frames }] = group;
      const { focalPoint } = group[0] as Looks;
      if (width > FLAT_WIDTH && String(data).endsWith('fragile')) throw new PermanentError('CORRUPT_IMAGE', 'fragile');
      for (const rendition of group) await onRendition(rendition, Buffer.from(made(String(data), name, width, { adjustments, focalPoint })), frames);
    }
  },
  distinguish(encoded, _format, mark) {
    return Buffer.concat([encoded, Buffer.from(`${MARK}${mark.toString('hex')}`)]);
  },
};
