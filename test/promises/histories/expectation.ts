/** What a key should have come to, under one configuration: under which id, by which profiles, or why not. */

import { answerOf, DeployedConfig, Hook } from './hook';
import { Rested } from './run';
import { FocalPoint, FOCAL_POINT_METADATA, IMAGE_ID_PATTERN, ImageRecord, ProfileConfig, renditionName, SourceConfig } from '../../../src/contract';
import { derivedId } from '../../../src/lambda/shared/derived-id';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { StoredObject } from '../cloud/bucket';
import { extensionOf, FLAT_WIDTH, focalPointFor, isTrimmed, made } from '../cloud/imaging';

export type Record = Partial<ImageRecord>;

/** What a key should have come to, under one configuration. */
export interface Expectation {
  readonly key: string;
  readonly object: StoredObject;
  readonly config: DeployedConfig;
  /** What was asked: as records do not know of it, what an earlier one said may stand. */
  readonly hook: Hook;
  readonly source: SourceConfig;
}

/** Whether the id that follows from a key is another object's. */
export function ownersOf(rested: Rested, key: string): boolean {
  const { catalog: { imageId } } = rested.configs.at(-1)!;
  return rested.configs.some((config) => {
    const source = prepareSources(config).find(({ prefix }) => key.startsWith(prefix));
    const owner = source && record(rested, derivedId(imageId, source, key))?.sourceKey;
    return owner !== undefined && owner !== key;
  });
}

/** Where the record of a key has to be. */
export function identityOf(rested: Rested, { key, object, config, source }: Expectation): { id: string; derived: string; taken: boolean } {
  const { imageId } = config.catalog;
  const [prepared] = prepareSources({ ...config, sources: [source] });
  const named = imageId === 'metadata' ? object.metadata['image-id'] : undefined;
  const hashed = derivedId('metadata', prepared, key);
  const current = derivedId(imageId, prepared, key);
  // What is recorded keeps its id.
  const isOf = (each: string) => record(rested, each)?.sourceKey === key;
  const former = imageId === 'key' && !record(rested, current) ? ['a/x', 'b/x', 'x', hashed].find(isOf) : undefined;
  const derived = former ?? current;
  const id = named !== undefined && IMAGE_ID_PATTERN.test(named) ? named : derived;
  const owner = record(rested, id)?.sourceKey;
  const taken = owner !== undefined && owner !== key;
  return taken ? { id: hashed, derived, taken } : { id, derived, taken };
}

export function failureOf(rested: Rested, expectation: Expectation, taken: boolean, found: Record): string | undefined {
  const { object, config } = expectation;
  const { 'image-id': named, 'requested-width': requested } = object.metadata;
  if (config.catalog.imageId === 'metadata' && named !== undefined && !IMAGE_ID_PATTERN.test(named)) return 'INVALID_IMAGE_ID';
  if (taken) return 'IMAGE_ID_TAKEN';
  const { kind } = rested.uploads.get(object)!;
  if (kind === 'broken') return 'CORRUPT_IMAGE';
  if (requested !== undefined && !/^\d$/.test(requested)) return 'INVALID_REQUESTED_SIZE';
  const refused = isRefused(rested, expectation);
  if (refused) return refused;
  if (found.failure?.code === 'TIMEOUT' && mayBeSlow(rested, expectation)) return 'TIMEOUT';
  // What was made of it by other settings stays.
  return kind === 'fragile' && chosenOf(rested, expectation).some(isWide) && found.status !== 'COMPLETED' ? 'CORRUPT_IMAGE' : undefined;
}

/** Why nothing at all can be made, without trying it. */
export function isRefused(rested: Rested, expectation: Expectation): string | undefined {
  const { kind } = rested.uploads.get(expectation.object)!;
  const { refuse } = answerOf(expectation.hook, kind, { profiles: [] });
  if (refuse) return refuse.code;
  const chosen = chosenOf(rested, expectation);
  if (kind === 'tangled' && chosen.every(isTrimmed)) return 'TIMEOUT';
  return kind === 'flat' && chosen.every(isWide) ? 'TOO_LARGE' : undefined;
}

/** Whether it may take too long to find what is left of all that is to be made. */
export function mayBeSlow(rested: Rested, expectation: Expectation): boolean {
  return (rested.history.slow ?? false) && chosenOf(rested, expectation).every(isTrimmed);
}

const isWide = ({ width }: ProfileConfig): boolean => width! > FLAT_WIDTH;

/** By which renditions of an object are to be made. */
export function profilesOf({ object, config, source }: Expectation): readonly ProfileConfig[] {
  const requested = object.metadata['requested-width'];
  const profiles = config.profileSets[source.profileSet];
  return requested === undefined ? profiles : [...profiles, { ...source.requested!, width: Number(requested) }];
}

/** By which of them the hook has them made. */
export function chosenOf(rested: Rested, expectation: Expectation): readonly ProfileConfig[] {
  const profiles = profilesOf(expectation);
  const { kind } = rested.uploads.get(expectation.object)!;
  const { profiles: chosen } = answerOf(expectation.hook, kind, { profiles: profiles.map(({ name }) => name) });
  return chosen ? profiles.filter(({ name }) => chosen.includes(name)) : profiles;
}

/** The bytes of every rendition by bucket and key, but for those that cannot be made, of which the record says so. */
export function renditionsOf(
  rested: Rested, expectation: Expectation, imageId: string, { skipped = {}, renditions = {} }: Record,
): Map<string, string> {
  const { key, object, config, source } = expectation;
  const { kind } = rested.uploads.get(object)!;
  const ext = extensionOf(kind as 'a');
  const isSkipped = (profile: ProfileConfig) => {
    if (rested.history.slow && isTrimmed(profile)) return renditionName(profile.name, 'original') in skipped;
    // Also those that were to be made with one that cannot be.
    if (kind === 'fragile') return renditionName(profile.name, 'original') in skipped;
    return kind === 'flat' ? isWide(profile) : kind === 'tangled' && isTrimmed(profile);
  };
  const namesBy = (hook: Hook) => chosenOf(rested, { ...expectation, hook }).map(({ name }) => name);
  const chosen = namesBy(expectation.hook);
  // What a hook leaves out stays where another one had it made, as long as it is by the present settings.
  const others = [...new Set(rested.configs.map(({ hookName }) => hookName))].flatMap(namesBy);
  const stays = (name: string) => others.includes(name) && renditionName(name, 'original') in renditions;
  const wanted = profilesOf(expectation).filter(({ name }) => chosen.includes(name) || stays(name));
  return new Map(wanted.filter((profile) => !isSkipped(profile)).map((profile) => {
    const values: { [token: string]: string } = { key, imageId, profile: profile.name, ext };
    const output = source.outputPrefix + config.outputKey.replace(/\{(\w+)\}/g, (_, token: string) => values[token]);
    const looks = { adjustments: profile.adjustments, focalPoint: focalPointFor(profile, focalPointOf(object)) };
    return [`${config.outputBucket}/${output}`, made(object.body, profile.name, profile.width!, looks)];
  }));
}

/** What the uploader said, where it can be one. */
export function focalPointOf({ metadata }: StoredObject): FocalPoint | undefined {
  const [x, y] = (metadata[FOCAL_POINT_METADATA] ?? '').split(',').map(Number);
  return y === undefined ? undefined : { x, y };
}

export function record({ cloud }: Rested, id: string): Record | undefined {
  return cloud.items.get(id);
}
