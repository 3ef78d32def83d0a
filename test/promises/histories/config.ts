import { History } from './history';
import { CONFIG_VERSION, HandlerConfig, PROCESSING_DEFAULTS, PROFILE_DEFAULTS, renditionName } from '../../../src/contract';

export const MAX_TRIES = 3;
const PROFILES = ['small', 'large'];
/** Names of the renditions that every image has. */
export const RENDITIONS = PROFILES.map((profile) => renditionName(profile, 'original'));

export function configOf({ deleteRenditions, outputKey }: History): HandlerConfig {
  return {
    version: CONFIG_VERSION,
    outputBucket: 'output',
    outputKey,
    formerOutputs: [],
    profileSets: [PROFILES.map((name) => ({ ...PROFILE_DEFAULTS, name, width: 1, formats: [{ format: 'original', options: {} }] }))],
    sources: [{ bucket: 'source', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 }],
    processing: { ...PROCESSING_DEFAULTS, deleteRenditions },
    catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 },
    maxTries: MAX_TRIES,
    pipelineName: 'Images',
  };
}
