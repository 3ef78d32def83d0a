import { PlannedRendition } from './plan';

/** Renditions of one image in groups that come out the same: they differ in names and headers alone. */
export function alike(renditions: readonly PlannedRendition[]): PlannedRendition[][] {
  const groups = new Map<string, PlannedRendition[]>();
  for (const rendition of renditions) {
    const { name, profile, configuredFormat, extension, ...encoded } = rendition;
    const key = JSON.stringify(Object.entries(encoded).filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)));
    groups.set(key, [...groups.get(key) ?? [], rendition]);
  }
  return [...groups.values()];
}
