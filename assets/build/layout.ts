import { join, resolve } from 'node:path';

/** The checkout that the payload is built from. */
export const packageRoot = resolve(__dirname, '..', '..');

export const architectures = ['arm64', 'x64'] as const;
export type Architecture = typeof architectures[number];

/** Where the functions begin, relative to the checkout. */
export const entryPoints = {
  handler: 'src/lambda/resize/index.ts',
  heicDecoder: 'src/lambda/resize/image/heic/decoder.ts',
  imageApi: 'src/lambda/upload-api/index.ts',
  imageBackfill: 'src/lambda/backfill/index.ts',
} as const;

/** What the payload is made of, relative to the checkout. */
export const payloadSources = ['src/contract', 'src/lambda', 'assets/build', 'assets/build.ts', 'assets/resize-handler/package-lock.json'] as const;

export type PayloadLayout = ReturnType<typeof payloadLayout>;

/** The folders that functions are made of: of the handler for each architecture, of the upload API, and of backfills. */
export function codeFolders({ folder, imageApi, imageBackfill }: PayloadLayout): string[] {
  return [...architectures.map(folder), imageApi, imageBackfill];
}

/** What the build writes, relative to the root of a package. */
export function payloadLayout(root: string) {
  const handler = join(root, 'assets', 'resize-handler');
  return {
    handler,
    folder: (architecture: Architecture) => join(handler, `linux-${architecture}`),
    imageApi: join(root, 'assets', 'image-api'),
    imageBackfill: join(root, 'assets', 'image-backfill'),
    sbom: join(handler, 'sbom.cdx.json'),
    licences: join(root, 'THIRD-PARTY-LICENSES.md'),
  };
}
