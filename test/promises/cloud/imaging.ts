import { renditionName } from '../../../src/contract';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import type { PlannedRendition, Probe } from '../../../src/lambda/resize/image';
import type { Imaging } from '../../../src/lambda/resize/services/services';

/** Content of a source object. */
export interface Content {
  /** Tells every upload apart, except one of the same bytes. */
  readonly version: number;
  /** `a` and `b` have different renditions under a template with the format; a `broken` one has none. */
  readonly kind: 'a' | 'b' | 'broken';
}

export const write = ({ version, kind }: Content): string => `${version} ${kind}`;
export const versionOf = (body: string): number => Number(body.split(' ')[0]);
/** The bytes of a rendition. */
export const made = (source: string, profile: string, width: number): string => `${source} ${profile} ${width}`;

const MARK = ' #';
/** The bytes of a rendition without what tells writers apart, which nobody sees. */
export const shown = (body: string): string => body.split(MARK)[0];

/** Stands in for the image path: a rendition is its source's content with the profile's name and width. */
export const imaging: Imaging = {
  async probe(data) {
    const format = String(data).split(' ')[1];
    if (format === 'broken') throw new PermanentError('CORRUPT_IMAGE', 'broken');
    return { format, width: 10, height: 10, frames: 1 } as unknown as Probe;
  },
  plan(probed, profiles) {
    return profiles.map((profile) => ({
      name: renditionName(profile.name, 'original'),
      profile,
      configuredFormat: 'original',
      format: probed.format,
      extension: probed.format,
      contentType: 'image/test',
      width: profile.width,
      height: 1,
      frames: 1,
    } as unknown as PlannedRendition));
  },
  async render(data, _probe, renditions, { onRendition }) {
    for (const rendition of renditions) {
      await onRendition(rendition, Buffer.from(made(String(data), rendition.profile.name, rendition.width)), rendition.frames);
    }
  },
  distinguish(encoded, _format, mark) {
    return Buffer.concat([encoded, Buffer.from(`${MARK}${mark.toString('hex')}`)]);
  },
};
