import { History } from './history';
import { DeployedConfig, HOOKS } from './hook';
import { AdjustmentConfig, CONFIG_VERSION, PROCESSING_DEFAULTS, PROFILE_DEFAULTS, ProfileConfig } from '../../../src/contract';
import { OUTPUTS, SOURCE } from '../cloud/cloud';

export const MAX_TRIES = 3;
export const PIPELINE = 'Images';

/**
 * What a deployment changes. `source` takes the second one out, `sourcePrefix` makes one of them. `trim` and `watermark` change one
 * profile, `hook` nothing that a record knows of.
 */
export type Change = 'outputPrefix' | 'outputBucket' | 'profiles' | 'oneProfile' | 'source' | 'sourcePrefix' | 'trim' | 'watermark' | 'hook';

export function configOf({ profiles = 2, deletes, outputKey, imageId, expireAfter, trigger, tells, hook = 'none' }: History): DeployedConfig {
  return {
    version: CONFIG_VERSION,
    outputBucket: OUTPUTS[0],
    outputKey,
    formerOutputs: [],
    profileSets: [[profile('small', 1), profile('large', 2)].slice(0, profiles)],
    sources: ['a/', 'b/'].map((prefix) => ({
      bucket: SOURCE, prefix, include: [], exclude: [], outputPrefix: 'out/', profileSet: 0, requested: profile('requested', 9),
    })),
    processing: { ...PROCESSING_DEFAULTS, deleteRenditions: deletes === 'renditions', deleteSource: deletes === 'sources' },
    catalog: { table: 'images', partitionKey: 'imageId', imageId, shards: 1, expireAfter },
    maxTries: trigger === 'queue' || trigger === 'eventBridge' ? MAX_TRIES : 0,
    pipelineName: PIPELINE,
    hookName: hook,
    ...tells && { events: { bus: 'default' } },
  };
}

/** The configuration after a deployment. */
export function changed(config: DeployedConfig, change: Change, namesFormer: boolean): DeployedConfig {
  const former = { bucket: config.outputBucket, prefix: config.sources[0].outputPrefix };
  const added = namesFormer && config.processing.deleteRenditions ? [former] : [];
  const moved = { ...config, formerOutputs: [...config.formerOutputs, ...added] };
  const [profiles] = config.profileSets;
  switch (change) {
    case 'outputPrefix': {
      const outputPrefix = former.prefix === 'out/' ? 'new/' : 'out/';
      return { ...moved, sources: config.sources.map((source) => ({ ...source, outputPrefix })) };
    }
    case 'outputBucket': return { ...moved, outputBucket: OUTPUTS.find((name) => name !== config.outputBucket)! };
    case 'profiles': return { ...config, profileSets: [profiles.length > 1 ? [profile('small', 3)] : [profile('small', 3), profile('large', 4)]] };
    case 'oneProfile': return { ...config, profileSets: [[profiles[0], profile('large', profiles.length > 1 ? profiles[1].width! + 1 : profiles[0].width!)]] };
    // What had no source for a while was passed over.
    case 'sourcePrefix': return config.sources.length < 2 ? config : { ...config, sources: [{ ...config.sources[0], prefix: '' }] };
    case 'source': return { ...config, sources: config.sources.slice(0, 1) };
    case 'trim': {
      const [first, second = profile('large', first.width!)] = profiles;
      return { ...config, profileSets: [[first, toggled(second, TRIM)]] };
    }
    case 'watermark': return { ...config, profileSets: [[toggled(profiles[0], WATERMARK), ...profiles.slice(1)]] };
    case 'hook': return { ...config, hookName: HOOKS[(HOOKS.indexOf(config.hookName) + 1) % HOOKS.length] };
  }
}

const TRIM: AdjustmentConfig = { name: 'trim', threshold: 10 };
const WATERMARK: AdjustmentConfig = { name: 'watermark', image: 'logo', scale: 0.2, margin: 0, opacity: 1, position: 'centre', tile: false };

/** With the adjustment, or without it where there is one already. */
function toggled({ adjustments, ...rest }: ProfileConfig, adjustment: AdjustmentConfig): ProfileConfig {
  const left = (adjustments ?? []).filter(({ name }) => name !== adjustment.name);
  const all = left.length < (adjustments?.length ?? 0) ? left : [...left, adjustment];
  return all.length > 0 ? { ...rest, adjustments: all } : rest;
}

/** Of the larger one, the image says around which point it is cropped. */
function profile(name: string, width: number): ProfileConfig {
  const position = name === 'large' ? 'focal-point' : PROFILE_DEFAULTS.position;
  return { ...PROFILE_DEFAULTS, name, width, position, height: 9, formats: [{ format: 'original', options: {} }] };
}
