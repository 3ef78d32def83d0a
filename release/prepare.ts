import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { changesOf } from './changelog';

export interface Release {
  readonly version: string;
  /** Folder with a folder of packages for each language. */
  readonly dist: string;
  readonly changelog: string;
  /** What is in the packages, in CycloneDX form. */
  readonly sbom: string;
}

/** Each language's packages end with one of these. */
const PACKAGES: Readonly<Record<string, string>> = { js: '.tgz', python: '.whl', java: '.jar', dotnet: '.nupkg', go: 'go.mod' };

/** Writes `release/` beside the packages: notes, SBOM, and the checksums that are attested. */
export function prepareRelease({ version, dist, changelog, sbom }: Release): void {
  const notes = changesOf(readFileSync(changelog, 'utf8'), version);
  const files = filesBelow(dist).filter((file) => !file.startsWith(`release${sep}`));
  for (const [language, ending] of Object.entries(PACKAGES)) {
    if (!files.some((file) => file.startsWith(`${language}${sep}`) && file.endsWith(ending))) throw new Error(`${dist} must have the package of ${language}`);
  }
  const versioned = files.find((file) => file.startsWith(`js${sep}`))!;
  if (!versioned.includes(version)) throw new Error(`the package must be of version ${version}, is ${versioned}`);

  const folder = join(dist, 'release');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'NOTES.md'), `${notes}\n`);
  copyFileSync(sbom, join(folder, 'sbom.cdx.json'));
  const sums = files.map((file) => `${createHash('sha256').update(readFileSync(join(dist, file))).digest('hex')}  ${file.split(sep).join('/')}`);
  writeFileSync(join(folder, 'SHA256SUMS'), `${sums.join('\n')}\n`);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} must hold the packages`);
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}
