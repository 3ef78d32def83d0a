import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandler, bundleHeicDecoder, bundleImageApi, bundleImageBackfill } from './bundle';
import { FONTS_CONF } from './fonts';
import { defaultCache, installNative } from './install-native';
import { architectures, codeFolders, packageRoot, payloadLayout } from './layout';
import { renderLicences } from './licences';
import { Recipe } from './recipe';
import { renderSbom } from './sbom';
import { ShippedPackage, shippedPackages } from './shipped-packages';
import { swapIntoPlace } from './swap';
import { normaliseTree } from './tree';
import { copyRuntimeFiles } from './trim';
import { verifyPayload } from './verify';

export interface BuildOptions {
  /** Root of the package to write to. */
  readonly into?: string;
  /** Where the results of `npm ci` are kept. */
  readonly cache?: string;
}

export interface BuiltPayload {
  /** As `codeFolders` has them. */
  readonly folders: string[];
  readonly sbom: string;
  readonly licences: string;
  readonly packages: ShippedPackage[];
}

/** Builds the code folders of the functions, the list of their packages and the licences, all or nothing. */
export async function buildPayload({ into = packageRoot, cache = defaultCache }: BuildOptions = {}): Promise<BuiltPayload> {
  const recipe = new Recipe(payloadLayout(packageRoot).handler);
  const handler = await bundleHandler();
  const heicDecoder = await bundleHeicDecoder();
  const imageApi = await bundleImageApi();
  const imageBackfill = await bundleImageBackfill();
  const native = architectures.map((architecture) => ({
    architecture,
    installed: installNative(recipe, architecture, cache),
    packages: recipe.packagesFor(architecture),
  }));
  const packages = shippedPackages([handler, heicDecoder, imageApi, imageBackfill], native);

  const target = payloadLayout(into);
  mkdirSync(target.handler, { recursive: true });
  // On the same disk as the target, so that a rename is enough.
  const staging = mkdtempSync(join(target.handler, '.build-'));
  try {
    const staged = payloadLayout(join(staging, 'new'));
    for (const { architecture, installed, packages: locked } of native) {
      const folder = staged.folder(architecture);
      copyRuntimeFiles(installed, folder, locked);
      writeFileSync(join(folder, 'index.mjs'), handler.code);
      writeFileSync(join(folder, 'heic-decoder.mjs'), heicDecoder.code);
      writeFileSync(join(folder, 'fonts.conf'), FONTS_CONF);
      normaliseTree(folder);
      verifyPayload(folder, architecture, locked);
    }
    for (const [folder, { code }] of [[staged.imageApi, imageApi], [staged.imageBackfill, imageBackfill]] as const) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.mjs'), code);
      normaliseTree(folder);
    }
    writeFileSync(staged.sbom, renderSbom(packages));
    const bundles = [handler, heicDecoder, imageApi, imageBackfill];
    writeFileSync(staged.licences, renderLicences(packages, bundles.map(({ legalComments }) => legalComments)));

    const folders = codeFolders(target);
    swapIntoPlace([
      ...architectures.map((architecture) => ({ from: staged.folder(architecture), to: target.folder(architecture) })),
      { from: staged.imageApi, to: target.imageApi },
      { from: staged.imageBackfill, to: target.imageBackfill },
      { from: staged.sbom, to: target.sbom },
      { from: staged.licences, to: target.licences },
    ], join(staging, 'old'));
    return { folders, sbom: target.sbom, licences: target.licences, packages };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
