import { expandOutputKey, EXTENSIONS, OutputFormatName, OutputKeyPart, OutputKeyToken, parseOutputKey } from '../contract';
import type { ImageProfile } from '../profiles/image-profile';
import { CheckError, invalid, requireKnown } from '../support/checks';

/** @throws Error when the template is no template */
export function requireOutputKey(template: string): void {
  requireKnown('outputKey', template, 'use outputPrefix for what is known only at deployment');
  let parts: OutputKeyPart[];
  try {
    parts = parseOutputKey(template);
  } catch (cause) {
    throw new CheckError(`outputKey: ${(cause as Error).message}`, { cause });
  }
  if (!parts.some((part) => 'token' in part)) throw invalid('outputKey', 'a template with tokens such as {key} and {profile}', template);
  if (template.startsWith('/')) throw invalid('outputKey', 'without a slash at the beginning', template, 'keys of S3 begin with their first segment');
}

/** @throws Error when two renditions of one image would have the same key */
export function requireDistinctRenditions(template: string, profiles: readonly ImageProfile[]): void {
  const owners = new Map<string, { profile: string; format: string }>();
  for (const profile of profiles) {
    for (const { format } of profile._render().formats) {
      for (const key of possibleKeys(template, profile.name, format)) {
        const other = owners.get(key);
        if (other && !(other.profile === profile.name && other.format === format)) {
          const both = `${other.profile} as ${other.format} and ${profile.name} as ${format}`;
          throw invalid('outputKey', `different for every rendition of an image, but ${both} can both become ${JSON.stringify(key)}`,
            template, `add ${other.profile === profile.name ? '{format}' : '{profile}'}`);
        }
        owners.set(key, { profile: profile.name, format });
      }
    }
  }
}

/** A rendition that the images of two sources with one template both have, with the tokens that depend on the image. */
export function commonRendition(template: string, profiles: readonly ImageProfile[], others: readonly ImageProfile[]): string | undefined {
  const keysOf = (all: readonly ImageProfile[]) => all.flatMap(
    (profile) => profile._render().formats.flatMap(({ format }) => possibleKeys(template, profile.name, format)));
  const keys = new Set(keysOf(profiles));
  return keysOf(others).find((key) => keys.has(key));
}

/** Whether a template has the image id, so that only renditions of one image can have one key. */
export function identifiesImage(template: string): boolean {
  return parseOutputKey(template).some((part) => 'token' in part && part.token === 'imageId');
}

/** What the key of every rendition of a source begins with. */
export function headOf(template: string, { prefix, outputPrefix }: { readonly prefix: string; readonly outputPrefix: string }): string {
  const [first, second] = parseOutputKey(template);
  const literal = 'token' in first ? '' : first.text;
  const token = 'token' in first ? first.token : second && 'token' in second && second.token;
  if (token === 'key') return outputPrefix + literal + prefix;
  // Of a prefix that ends within a segment, a key's directory has what is before.
  if (token === 'dir') return outputPrefix + literal + prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return outputPrefix + literal;
}

/** Why two inputs could overwrite each other's renditions; undefined when they cannot. */
export function inputCollision(template: string, profiles: readonly ImageProfile[]): string | undefined {
  const parts = parseOutputKey(template);
  const has = (token: OutputKeyToken) => parts.some((part) => 'token' in part && part.token === token);

  if (!has('key') && !has('imageId')) {
    if (!has('dir')) return 'keys that differ only in their directory';
    if (!has('name')) return 'keys of one directory';
    if (!has('sourceExt')) return 'keys that differ only in their extension';
    if (runTogether(template, 'name', 'sourceExt', /[./]/) || runTogether(template, 'sourceExt', 'name', /[./]/)) {
      return 'keys that differ only in where their extension begins';
    }
    if (runTogether(template, 'name', 'dir', /\//) || runTogether(template, 'sourceExt', 'dir', /\//)) {
      return 'keys that differ only in where their directory ends';
    }
  }
  return ambiguousProfiles(template, profiles);
}

/** Whether nothing between two tokens shows where the one ends and the other begins. */
function runTogether(template: string, first: OutputKeyToken, second: OutputKeyToken, boundary: RegExp): boolean {
  const between = new RegExp(`\\{${first}\\}(.*)\\{${second}\\}`).exec(template)?.[1];
  return between !== undefined && !boundary.test(between);
}

/** With `{key}-{profile}`, key `a-b` with profile `c` and key `a` with profile `b-c` are the same output. */
function ambiguousProfiles(template: string, profiles: readonly ImageProfile[]): string | undefined {
  const ofKey = '\\{(?:key|dir|name|sourceExt|imageId)\\}';
  const before = new RegExp(`${ofKey}([^{}]*)\\{profile\\}`).exec(template)?.[1];
  const after = new RegExp(`\\{profile\\}([^{}]*)${ofKey}`).exec(template)?.[1];

  for (const { name: longer } of profiles) {
    for (const { name: shorter } of profiles) {
      const blursBefore = before !== undefined && longer.endsWith(before + shorter);
      const blursAfter = after !== undefined && longer.startsWith(shorter + after);
      if (longer !== shorter && (blursBefore || blursAfter)) {
        return `keys that end or begin like a part of the profile names ${JSON.stringify(longer)} and ${JSON.stringify(shorter)}`;
      }
    }
  }
  return undefined;
}

function possibleKeys(template: string, profile: string, format: OutputFormatName): string[] {
  const extensions = format === 'original' ? Object.values(EXTENSIONS).map(([written]) => written) : [EXTENSIONS[format][0]];
  return extensions.map((ext) => expandOutputKey(template, {
    key: '{key}', dir: '{dir}', name: '{name}', sourceExt: '{sourceExt}', imageId: '{imageId}', width: '{width}', height: '{height}', profile, format, ext,
  }));
}
