import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { FileSystem, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnFunction, Code, Function as LambdaFunction, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CONFIG_LAYER_FILE, renderLayerValues, SplitConfig, splitConfig } from '../contract';
import { atEnd } from '../support/at-end';

/** Lambda's limit for names and values of all environment variables. */
const MAX_ENVIRONMENT_BYTES = 4096;
/** Length of what is known only at deployment, such as a bucket's name; S3 allows 63 characters. */
const TOKEN_BYTES = 63;

/**
 * The configuration where the function finds it: in its environment, or, where that is too small, in a layer of its own. The
 * function needs no right to read either, and no call.
 */
export class FunctionConfig {
  /** Value of the environment variable. */
  public readonly variable: string;
  private layered?: SplitConfig;

  /** @param rendered makes the configuration, which may grow until synthesis */
  public constructor(private readonly scope: Construct, private readonly rendered: () => Record<string, unknown>) {
    const parts = () => (this.layered ? renderLayerValues(this.layered.values) : rendered());
    // Not cached: it is asked for before and after the move.
    this.variable = Lazy.uncachedString({ produce: () => Stack.of(scope).toJsonString(parts()) });
  }

  /** @param resizeFunction whose environment has the variable */
  public attachTo(resizeFunction: LambdaFunction): void {
    atEnd(this.scope, () => { if (environmentBytes(resizeFunction) > MAX_ENVIRONMENT_BYTES) this.moveToLayer(resizeFunction); });
    this.scope.node.addValidation({ validate: () => environmentProblems(resizeFunction) });
  }

  private moveToLayer(resizeFunction: LambdaFunction): void {
    if (this.layered) return;
    this.layered = splitConfig(this.rendered(), (part) => Token.isUnresolved(part));
    const folder = mkdtempSync(join(FileSystem.tmpdir, 'image-resize-config-'));
    const file = join(folder, CONFIG_LAYER_FILE);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(this.layered.fixed));
    resizeFunction.addLayers(new LayerVersion(this.scope, 'Configuration', {
      description: 'Configuration of the function, as far as it is known at synthesis',
      code: Code.fromAsset(folder),
      compatibleRuntimes: [resizeFunction.runtime],
    }));
  }
}

function environmentProblems(resizeFunction: LambdaFunction): string[] {
  const bytes = environmentBytes(resizeFunction);
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  return [
    `environment variables of the function must fit into Lambda's ${MAX_ENVIRONMENT_BYTES} bytes, received ${bytes} bytes: `
    + 'take out some of your own, name fewer buckets in one pipeline, or use names that are known at synthesis',
  ];
}

function environmentBytes(resizeFunction: LambdaFunction): number {
  const { environment } = resizeFunction.node.defaultChild as CfnFunction;
  const { variables } = Stack.of(resizeFunction).resolve(environment) as { variables: Record<string, unknown> };
  return Object.entries(variables).reduce((sum, [name, value]) => sum + name.length + resolvedLength(value), 0);
}

function resolvedLength(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'object' && value !== null && 'Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.reduce<number>((sum, part) => sum + resolvedLength(part), separator.length * (parts.length - 1));
  }
  return TOKEN_BYTES;
}
