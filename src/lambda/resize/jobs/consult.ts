import { Examined, IsChosen } from './examine';
import { Identity } from './identity';
import { VersionJob } from './job';
import { OriginalFacts } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';
import { askHook } from '../hook/ask-hook';
import { Original } from '../objects/originals';
import { profilesFor } from '../sources/requested-size';

/** What the hook says of an image that has been read and not been planned yet. */
export interface Consulted {
  readonly facts: OriginalFacts;
  readonly isChosen?: IsChosen;
  /** That the image is refused, and why. */
  readonly refusal?: PermanentError;
}

/** @throws Error when the hook fails, which is passing */
export async function consult(
  { services: { hook }, source, event, version, budget }: VersionJob, { id: imageId }: Identity, original: Original,
  { probed, facts }: Pick<Examined, 'probed' | 'facts'>,
): Promise<Consulted> {
  if (!hook) return { facts };
  const { format, width, height, frames, alpha, exif } = probed;
  const { attributes, profiles, refuse } = await askHook(hook, {
    imageId,
    bucket: event.bucket,
    key: event.key,
    versionId: version.versionId,
    metadata: original.metadata,
    data: original.body!,
    format,
    width,
    height,
    frames,
    hasAlpha: alpha,
    focalPoint: facts.focalPoint,
    exif,
    profiles: profilesFor(source, original.metadata).map(({ name }) => name),
  }, budget.deadline);
  return {
    facts: attributes && Object.keys(attributes).length > 0 ? { ...facts, attributes } : facts,
    isChosen: profiles && ((name) => profiles.includes(name)),
    refusal: refuse && new PermanentError(refuse.code, refuse.message, { detail: 'refused by the hook of the function' }),
  };
}
