import { cpSync, existsSync, mkdirSync, mkdtempSync, statSync } from 'fs';
import { dirname, join } from 'path';
import { FileSystem } from 'aws-cdk-lib';
import { Code, ILayerVersion, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HOOK_LAYER_FILE } from '../contract';
import { invalid, requireKnown } from '../support/checks';
import { makeReadable } from '../support/make-readable';

/** File that a folder must have. */
const ENTRY = 'index.mjs';

/**
 * Code of yours that looks at every original before its renditions are planned. It can refuse the image, add attributes to its
 * record, and choose among its profiles. It runs in the function, as an ES module; docs/hooks.md of the package has its interface.
 */
export class ResizeHook {
  /**
   * A hook that is part of your app.
   *
   * @param path a file that ends with `.mjs`, or a folder that has `index.mjs` and what that imports
   */
  public static fromAsset(path: string): ResizeHook {
    requireKnown('ResizeHook.fromAsset', path);
    if (!existsSync(path)) throw invalid('ResizeHook.fromAsset', 'a file or folder that is there', path);
    const isFolder = statSync(path).isDirectory();
    if (isFolder && !existsSync(join(path, ENTRY))) throw invalid('ResizeHook.fromAsset', `a folder that has ${ENTRY}`, path);
    if (!isFolder && !path.endsWith('.mjs')) throw invalid('ResizeHook.fromAsset', 'a folder, or a file that ends with .mjs', path, 'a hook is an ES module');
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

function layerFolder(path: string, isFolder: boolean): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'image-resize-hook-'));
  const file = join(folder, HOOK_LAYER_FILE);
  mkdirSync(dirname(file), { recursive: true });
  // Links would lead out of the layer.
  cpSync(path, isFolder ? dirname(file) : file, { recursive: true, dereference: true });
  makeReadable(folder);
  return folder;
}
