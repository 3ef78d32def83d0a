import { renditionName } from '../../../src/contract';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import type { PlannedRendition, Probe } from '../../../src/lambda/resize/image';
import type { Imaging } from '../../../src/lambda/resize/services/services';

/** Content of a source object: a version that tells every upload apart, and what kind of image it is. */
export interface Content {
  readonly version: number;
  /** `a` and `b` have different renditions under a template with the format; a `broken` one has none. */
  readonly kind: 'a' | 'b' | 'broken';
}

export const write = ({ version, kind }: Content): string => `${version} ${kind}`;
export const versionOf = (body: string): number => Number(body.split(' ')[0]);

/** Stands in for the image path: a rendition is its source's content with the rendition's name. */
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
      width: 1,
      height: 1,
      frames: 1,
    } as unknown as PlannedRendition));
  },
  async render(data, _probe, renditions, { onRendition }) {
    for (const rendition of renditions) await onRendition(rendition, Buffer.from(`${data} ${rendition.name}`), rendition.frames);
  },
  distinguish(encoded, _format, mark) {
    return Buffer.concat([encoded, Buffer.from(` ${mark.toString('hex')}`)]);
  },
};
