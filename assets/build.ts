import { relative } from 'node:path';
import { buildPayload } from './build/build-payload';
import { packageRoot } from './build/layout';
import { listFiles } from './build/tree';

/** `npm run build:handler`: builds the payload of the package in this checkout. */
async function main() {
  const built = await buildPayload();
  for (const folder of built.folders) {
    const files = listFiles(folder);
    const megabytes = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    console.log(`${relative(packageRoot, folder)}: ${files.length} files, ${megabytes.toFixed(1)} MB`);
  }
  console.log(`${built.packages.length} packages listed in ${relative(packageRoot, built.sbom)} and ${relative(packageRoot, built.licences)}`);
}

main().catch((error: Error) => {
  console.error(`build:handler: ${error.message}`);
  process.exitCode = 1;
});
