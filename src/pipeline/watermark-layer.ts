import { copyFileSync, mkdirSync, mkdtempSync } from 'fs';
import { join } from 'path';
import { FileSystem } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PipelineSource } from './source-list';
import { WATERMARK_LAYER_FOLDER } from '../contract';
import { atEnd } from '../support/at-end';
import { makeReadable } from '../support/make-readable';

/** Gives the function the watermarks of all profiles, also of sources that are yet to come. */
export function addWatermarks(scope: Construct, resizeFunction: LambdaFunction, sources: () => readonly PipelineSource[]): void {
  let isAdded = false;
  atEnd(scope, () => {
    const profiles = sources().flatMap((source) => [...source.profiles, ...source.requestedSize ? [source.requestedSize] : []]);
    const files = new Map(profiles.flatMap(({ _watermarks }) => _watermarks).map(({ _name, _path }) => [_name, _path]));
    if (isAdded || files.size === 0) return;
    isAdded = true;
    const root = mkdtempSync(join(FileSystem.tmpdir, 'image-resize-watermarks-'));
    const folder = join(root, WATERMARK_LAYER_FOLDER);
    mkdirSync(folder, { recursive: true });
    for (const [name, path] of files) copyFileSync(path, join(folder, name));
    makeReadable(root);
    resizeFunction.addLayers(new LayerVersion(scope, 'Watermarks', {
      description: 'Pictures that are laid over renditions',
      code: Code.fromAsset(root),
      compatibleRuntimes: [resizeFunction.runtime],
    }));
  });
}
