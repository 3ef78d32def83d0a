/** The image path of the handler: header, plan, one decoding, every rendition. */
import type { Work } from './job';
import { measure } from './measure';
import { PROCESSING_DEFAULTS } from '../../../../src/contract';
import { plan, probe, render } from '../../../../src/lambda/resize/image';
import { profilesOf } from '../profiles';

void measure(async ({ sizes, format, placeholder }): Promise<Work> => async (image) => {
  const processing = PROCESSING_DEFAULTS;
  const probed = await probe(image, processing);
  let bytes = 0;
  await render(image, probed, plan(probed, profilesOf(sizes, format), processing), {
    processing,
    timeoutSeconds: 60,
    onRendition: async (_, data) => { bytes += data.length; },
    ...placeholder && { onPlaceholder: () => undefined },
  });
  return bytes;
});
