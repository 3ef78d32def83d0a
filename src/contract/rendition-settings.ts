/** By which settings renditions are made: told from the configuration alone, so that a record can be compared with it. */

import { createHash } from 'node:crypto';
import { FormatConfig, HandlerConfig, OutputFormatName, ProfileConfig, SourceConfig } from './config';
import { renditionName } from './record';

/** Raised when the handler makes other pixels or bytes of the same settings, and images shall be made again for it. */
export const IMAGE_PATH_VERSION = 1;

export interface RenditionSettings {
  /** Digest of everything that decides pixels, bytes and headers of the rendition. */
  readonly settings: string;
  /** Digest of that, and of what decides whether the rendition can be made of an image. */
  readonly limits: string;
  /** The configured one. */
  readonly format: OutputFormatName;
  /** Whether only images have it whose uploader asked for it. */
  readonly isRequested: boolean;
}

type SettingsConfig = Pick<HandlerConfig, 'profileSets' | 'processing' | 'pipelineName'>;

/**
 * The settings of a source's renditions by their names, in the order of the configuration. Where a rendition is stored is
 * not among them. That of the size an uploader may ask for has the largest one: which one was asked for is the image's.
 */
export function renditionSettings(config: SettingsConfig, { profileSet, requested }: Pick<SourceConfig, 'profileSet' | 'requested'>): Map<string, RenditionSettings> {
  const profiles = [...config.profileSets[profileSet].map((profile) => [profile, false] as const), ...requested ? [[requested, true] as const] : []];
  return new Map(profiles.flatMap(([profile, isRequested]) => profile.formats.map(
    (format) => [renditionName(profile.name, format.format), { ...digests(config, profile, format), format: format.format, isRequested }] as const,
  )));
}

function digests({ processing, pipelineName }: SettingsConfig, { formats, ...profile }: ProfileConfig, format: FormatConfig): Pick<RenditionSettings, 'settings' | 'limits'> {
  const { metadata, animation, copyUserMetadata, maxInputPixels } = processing;
  const settings = { version: IMAGE_PATH_VERSION, pipelineName, profile, format, metadata, animation, copyUserMetadata };
  return { settings: digestOf(settings, 12), limits: digestOf({ ...settings, maxInputPixels }, 12) };
}

/** A hexadecimal digest in which the order of properties does not count. */
export function digestOf(value: unknown, digits: number): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, digits);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
