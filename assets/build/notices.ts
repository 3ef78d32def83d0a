import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const noticeName = /^(licen[cs]e|copying|notice)/i;
const licensingSection = /^## Licen[cs]ing$\n([\s\S]*?)(?=^## |$(?![\s\S]))/m;

/** The files in which a package states its licence: its own files, or else a README with a licensing section. */
export function noticeFiles(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && noticeName.test(entry.name));
  if (files.length) return files.map((entry) => entry.name).sort();
  return readmeSection(folder) ? ['README.md'] : [];
}

/** The licence texts that a package ships, trimmed so that equal texts compare as equal. */
export function noticeTexts(folder: string): string[] {
  const texts = noticeFiles(folder).map((file) => file === 'README.md' ? readmeSection(folder)! : readFileSync(join(folder, file), 'utf8'));
  return texts.map((text) => text.replace(/\r\n/g, '\n').replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, ''));
}

function readmeSection(folder: string): string | undefined {
  const readme = join(folder, 'README.md');
  return existsSync(readme) ? licensingSection.exec(readFileSync(readme, 'utf8'))?.[1] : undefined;
}
