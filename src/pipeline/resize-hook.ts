import { cpSync, mkdirSync, mkdtempSync } from 'fs';
import { dirname, join } from 'path';
import { FileSystem } from 'aws-cdk-lib';
import { Code, ILayerVersion, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HOOK_LAYER_FILE } from '../contract';
import { invalid } from '../support/checks';
import { bytesOfFolder, lookAt, readGiven } from '../support/given-files';
import { makeReadable } from '../support/make-readable';

/** File that a folder must have. */
const ENTRY = 'index.mjs';
/** What Lambda takes of a function and all of its layers, unpacked. */
const MAX_BYTES = 250 * 1024 * 1024;
const FACTORY = 'ResizeHook.fromAsset';

/**
 * Code of yours that looks at every original before its renditions are planned. It can refuse the image, add attributes to its
 * record, and choose among its profiles. It runs in the function, as an ES module; docs/hooks.md of the package has its interface.
 */
export class ResizeHook {
  /**
   * A hook that is part of your app.
   *
   * @param path a file that ends with `.mjs`, or a folder that has `index.mjs` and what that imports; of at most 250 MiB. A
   * relative path begins in the working directory of `cdk synth`
   * @throws Error when it cannot be read as a whole, is larger, or has no default export
   */
  public static fromAsset(path: string): ResizeHook {
    const isFolder = requireHook(path);
    return new ResizeHook((scope, runtime) => new LayerVersion(scope, 'Hook', {
      description: 'Looks at images before they are resized',
      code: Code.fromAsset(layerFolder(path, isFolder)),
      compatibleRuntimes: [runtime],
    }));
  }

  /**
   * A hook in a layer that is there, as `nodejs/node_modules/image-resize-hook/index.mjs`.
   *
   * @param layer for the architecture of the function, if it has native code
   */
  public static fromLayer(layer: ILayerVersion): ResizeHook {
    return new ResizeHook(() => layer);
  }

  private constructor(private readonly layerIn: (scope: Construct, runtime: Runtime) => ILayerVersion) {}

  /** @internal */
  public _bind(scope: Construct, runtime: Runtime): ILayerVersion {
    return this.layerIn(scope, runtime);
  }
}

/** @returns whether it is a folder */
function requireHook(path: string): boolean {
  const isFolder = lookAt(FACTORY, 'a file or folder that is there', path).isDirectory();
  if (!isFolder && !path.endsWith('.mjs')) throw invalid(FACTORY, 'a folder, or a file that ends with .mjs', path, 'a hook is an ES module');
  const entry = isFolder ? join(path, ENTRY) : path;
  const code = readGiven(FACTORY, isFolder ? `a folder that has the file ${ENTRY}` : 'a file that can be read', entry);
  // Whichever way a module exports it, it has the word.
  if (!code.includes('default')) throw invalid(FACTORY, 'a module with a default export', entry, 'export the function as default');
  const bytes = isFolder ? bytesOfFolder(FACTORY, path) : code.length;
  if (bytes > MAX_BYTES) throw invalid(FACTORY, `at most ${MAX_BYTES} bytes, what Lambda takes of a function with its layers`, bytes, `make ${path} smaller`);
  return isFolder;
}

function layerFolder(path: string, isFolder: boolean): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'image-resize-hook-'));
  const file = join(folder, HOOK_LAYER_FILE);
  mkdirSync(dirname(file), { recursive: true });
  // Links would lead out of the layer.
  cpSync(path, isFolder ? dirname(file) : file, { recursive: true, dereference: true });
  makeReadable(folder);
  return folder;
}
