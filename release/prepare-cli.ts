import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareRelease } from './prepare';
import { packageRoot, payloadLayout } from '../assets/build/layout';

/** `npm run release:prepare`: notes, SBOM and checksums of what is in `dist`. */
try {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  prepareRelease({ version, dist: join(packageRoot, 'dist'), changelog: join(packageRoot, 'CHANGELOG.md'), sbom: payloadLayout(packageRoot).sbom });
} catch (error) {
  console.error(`release:prepare: ${(error as Error).message}`);
  process.exitCode = 1;
}
