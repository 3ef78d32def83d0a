import { join, resolve } from 'node:path';

/** The checkout that the payload is built from. */
export const packageRoot = resolve(__dirname, '..', '..');

export const architectures = ['arm64', 'x64'] as const;
export type Architecture = typeof architectures[number];

/** What the build writes, relative to the root of a package. */
export function payloadLayout(root: string) {
  const handler = join(root, 'assets', 'resize-handler');
  return {
    handler,
    folder: (architecture: Architecture) => join(handler, `linux-${architecture}`),
    imageApi: join(root, 'assets', 'image-api'),
    sbom: join(handler, 'sbom.cdx.json'),
    licences: join(root, 'THIRD-PARTY-LICENSES.md'),
  };
}
