import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnFunction, Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { copiedLayers } from './copied-layers';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';

export interface LaneFunction {
  readonly laneFunction: IFunction;
  /** Of which metrics are counted. */
  readonly functionName: string;
}

/**
 * The pipeline's function once more: the same code, configuration, role and log, with a concurrency of its own. So a backfill and
 * fresh uploads have no limit in common but the account's.
 */
export function createLaneFunction(scope: Construct, pipeline: ImageResizePipeline, reservedConcurrency?: number): LaneFunction {
  const { resizeFunction, role } = pipeline;
  const original = resizeFunction.node.defaultChild as CfnFunction;
  // What is added to the original later, such as variables and layers, belongs to the twin as well.
  const same = (property: keyof CfnFunction) => Lazy.uncachedAny({ produce: () => original[property] }) as any;
  const twin = new CfnFunction(scope, 'Function', {
    description: 'Makes the renditions of images that were there before',
    code: same('code'),
    handler: original.handler,
    runtime: original.runtime,
    role: original.role,
    memorySize: original.memorySize,
    timeout: original.timeout,
    architectures: original.architectures,
    environment: same('environment'),
    layers: Stack.of(scope) === Stack.of(resizeFunction)
      ? Lazy.uncachedList({ produce: () => original.layers }, { omitEmpty: true })
      : copiedLayers(scope, pipeline, original),
    kmsKeyArn: original.kmsKeyArn,
    loggingConfig: same('loggingConfig'),
    tracingConfig: same('tracingConfig'),
    vpcConfig: same('vpcConfig'),
    ephemeralStorage: same('ephemeralStorage'),
    reservedConcurrentExecutions: reservedConcurrency,
  });
  // Rights first: the function may be invoked as soon as it is there.
  twin.node.addDependency(role);
  const laneFunction = LambdaFunction.fromFunctionAttributes(scope, 'Twin', { functionArn: twin.attrArn, sameEnvironment: true });
  return { laneFunction, functionName: twin.ref };
}
