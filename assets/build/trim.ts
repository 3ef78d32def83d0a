import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { noticeFiles } from './notices';
import { LockedPackage } from './recipe';
import { listFiles } from './tree';

/** What Node and fontconfig load. Typings, C++ sources, source maps and texts have other endings. */
const runtimeFile = /\.(c?js|mjs|json|node|wasm|ttf|so(\.\d+)*)$/;

/** Scripts that nothing imports, libheif in its other forms, and of the font all but its plain and bold sans serif. */
const unused = new RegExp([
  /^(sharp\/install|semver\/bin|libheif-js\/libheif)\//,
  /^libheif-js\/(?:\w[\w-]*\.js$|libheif-wasm\/libheif-bundle\.)/,
  /^dejavu-fonts-ttf\/ttf\/(?!DejaVuSans(?:-Bold)?\.ttf$)/,
].map(({ source }) => source).join('|'));

/** Copies only what runs in Lambda, and the licences. */
export function copyRuntimeFiles(installed: string, target: string, packages: LockedPackage[]) {
  for (const { name, location } of packages) {
    const folder = join(installed, location);
    const notices = noticeFiles(folder);
    for (const file of listFiles(folder, 'node_modules')) {
      const wanted = runtimeFile.test(file.name) && !unused.test(`${name}/${file.name}`);
      if (!wanted && !notices.includes(file.name)) continue;
      const copy = join(target, location, file.name);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(file.path, copy);
    }
  }
}
