import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './layout';
import { noticeTexts } from './notices';
import { ShippedPackage } from './shipped-packages';

/** Texts that the LGPL wants beside the binary and that the libvips packages do not ship. */
const lgplTexts = ['LGPL-3.0', 'GPL-3.0'];

const introduction = `# Third-party licences

Written by \`npm run build:handler\`; do not edit.

The Lambda code below \`assets/resize-handler/\` and \`assets/image-api/\` holds the packages listed here: bundled into
\`index.mjs\`, or as they were published, without the files that nothing loads, in \`node_modules\`. \`assets/resize-handler/sbom.cdx.json\` lists them for machines.
A package that ships no text stands under the licence that its \`package.json\` names; the text of Apache-2.0 is also in \`LICENSE\`.

## libvips and the LGPL

\`@img/sharp-libvips-linux-arm64\` and \`@img/sharp-libvips-linux-x64\` are unmodified prebuilt binaries of libvips and the libraries
that it links to, under LGPL-3.0-or-later and the other licences named below. Their sources and build scripts are published at
https://github.com/lovell/sharp-libvips, under the tag of the version listed here.

They are separate shared libraries and you may replace them: put your own build in place of the \`@img\` folders in a copy of
\`linux-arm64\` or \`linux-x64\`, and deploy that copy as the code of the function.

\`libheif-js\` is an unmodified build of libheif and libde265 for WebAssembly, both under LGPL-3.0. Their sources are published at
https://github.com/strukturag/libheif and https://github.com/strukturag/libde265, the scripts that build them at
https://github.com/catdad-experiments/libheif-emscripten. It is a folder of its own in \`node_modules\`, and you may replace it in the same way.`;

/** One file with every licence, each text once. */
export function renderLicences(packages: ShippedPackage[], legalComments: string[]): string {
  const texts = new Map<string, string[]>();
  const add = (text: string, title: string) => texts.set(text, [...texts.get(text) ?? [], title]);
  for (const entry of packages) noticeTexts(entry.folder).forEach((text) => add(text, `${entry.name} ${entry.version}`));
  for (const name of lgplTexts) add(readFileSync(join(packageRoot, 'assets', 'licences', `${name}.txt`), 'utf8').trimEnd(), name);
  for (const comments of legalComments.filter(Boolean)) add(comments.trim(), 'Comments in the bundled sources');

  return [
    introduction,
    '## Packages',
    ['| Package | Version | Licence | Text |', '|---|---|---|---|', ...packages.map(row)].join('\n'),
    '## Texts',
    ...[...texts].map(([text, titles]) => `### ${titles.join(', ')}\n\n~~~text\n${text}\n~~~`),
  ].join('\n\n') + '\n';
}

function row({ name, version, licence, folder }: ShippedPackage) {
  return `| ${name} | ${version} | ${licence} | ${noticeTexts(folder).length ? 'below' : 'the package ships none'} |`;
}
