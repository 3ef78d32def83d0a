import { FormatConfig, PROFILE_DEFAULTS, ProfileConfig } from '../../../src/contract';

/** Longest sides of the renditions. */
export const PROFILE_SETS = { 1: [1600], 3: [1600, 800, 150], 6: [1600, 1200, 800, 400, 200, 150] } as const;

/** Beyond the sides of the web photo: all of them are as large as that. */
export const EQUAL_SIZES = [1600, 1700, 1800, 1900, 2000, 2100];

export function profilesOf(sizes: readonly number[], format: FormatConfig['format']): ProfileConfig[] {
  return sizes.map((size) => ({ ...PROFILE_DEFAULTS, name: `p${size}`, width: size, height: size, formats: [{ format, options: {} }] }));
}
