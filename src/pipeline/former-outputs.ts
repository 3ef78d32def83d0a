import { IBucket } from 'aws-cdk-lib/aws-s3';
import type { FormerOutput } from './former-output';
import { CheckError } from '../support/checks';
import { describe, KeySpace, overlap, requirePrefix } from '../support/key-spaces';

/** The places of former renditions, with the pipeline's output bucket where none is named. */
export function formerKeySpaces(former: readonly FormerOutput[], outputBucket: IBucket): KeySpace[] {
  return former.map(({ bucket = outputBucket, prefix = '' }, at) => {
    requirePrefix(`formerOutputs[${at}].prefix`, prefix);
    return { bucket, prefix };
  });
}

/** The function may delete in these places: originals must not be there. */
export function requireNoOriginals(former: readonly KeySpace[], source: KeySpace): void {
  former.forEach((space, at) => {
    if (!overlap(space, source)) return;
    throw new CheckError(
      `formerOutputs[${at}] ${describe(space)} must not overlap source ${describe(source)}, whose originals could then be deleted like renditions: `
      + 'name the longest prefix that all former renditions have, or leave it out and remove them yourself');
  });
}
