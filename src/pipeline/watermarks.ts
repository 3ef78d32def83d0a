import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { join } from 'path';
import { FileSystem } from 'aws-cdk-lib';
import { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PipelineSource, profilesOf } from './source-list';
import { WATERMARK_LAYER_FOLDER } from '../contract';
import type { WatermarkSource } from '../profiles/watermark-source';
import { atEnd } from '../support/at-end';
import { invalid } from '../support/checks';
import { isSameBucket } from '../support/key-spaces';
import { makeReadable } from '../support/make-readable';
import { requireSameEnvironment } from '../support/same-environment';

function watermarksOf(source: PipelineSource): readonly WatermarkSource[] {
  return profilesOf(source).flatMap(({ _watermarks }) => _watermarks).map(({ _source }) => _source);
}

/** Gives the function the files of all watermarks, also of sources that are yet to come. */
export function addWatermarkLayer(scope: Construct, resizeFunction: LambdaFunction, sources: () => readonly PipelineSource[]): void {
  let isAdded = false;
  atEnd(scope, () => {
    const files = new Map(sources().flatMap(watermarksOf).flatMap((watermark) => ('content' in watermark ? [[watermark.image, watermark.content]] : [])));
    if (isAdded || files.size === 0) return;
    isAdded = true;
    const root = mkdtempSync(join(FileSystem.tmpdir, 'image-resize-watermarks-'));
    const folder = join(root, WATERMARK_LAYER_FOLDER);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    makeReadable(root);
    resizeFunction.addLayers(new LayerVersion(scope, 'Watermarks', {
      description: 'Pictures that are laid over renditions',
      code: Code.fromAsset(root),
      compatibleRuntimes: [resizeFunction.runtime],
    }));
  });
}

/** Lets the function read the watermarks of a source that stand in buckets: these objects, and none beside them. */
export function grantWatermarks(scope: Construct, role: IRole, source: PipelineSource): void {
  for (const watermark of watermarksOf(source)) {
    if (!('bucket' in watermark)) continue;
    const { bucket, image: { key, versionId } } = watermark;
    requireSameEnvironment(scope, 'the pipeline', { 'ImageWatermark.fromBucket: bucket': bucket.env });
    const actions = [versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'];
    Grant.addToPrincipalOrResource({ grantee: role, actions, resourceArns: [bucket.arnForObjects(key)], resource: bucket });
    bucket.encryptionKey?.grantDecrypt(role);
  }
}

/** @throws Error for a watermark that would be taken for an original, and deleted as such */
export function requireKeptWatermarks(sources: readonly PipelineSource[]): void {
  for (const { bucket, prefix } of sources) {
    const lost = sources.flatMap(watermarksOf).find((watermark) => 'bucket' in watermark && isSameBucket(watermark.bucket, bucket) && watermark.image.key.startsWith(prefix));
    if (!lost || typeof lost.image === 'string') continue;
    throw invalid('ImageWatermark.fromBucket: key', `outside of the source ${bucket.node.path}/${prefix}*, whose objects processing.deleteSource deletes`, lost.image.key);
  }
}
