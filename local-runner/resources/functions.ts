import { existsSync, mkdtempSync, writeFileSync } from 'fs';
import { join } from 'path';
import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { LocalFunction } from '../services/lambda/local-function';
import { runnableFolder } from '../services/lambda/runnable-folder';
import { arnOf, named } from '../template/resource-types';
import type { Resource } from '../template/stack';

interface FunctionProperties {
  readonly Architectures?: readonly string[];
  readonly Code: { readonly S3Key?: string; readonly ZipFile?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Handler: string;
  readonly Layers?: readonly string[];
  readonly MemorySize?: number;
  readonly ReservedConcurrentExecutions?: number;
  readonly Runtime: string;
  readonly Timeout?: number;
}

const READ = ['Architectures', 'Code', 'Environment', 'Handler', 'Layers', 'MemorySize', 'ReservedConcurrentExecutions', 'Runtime', 'Timeout'] as const;
const IGNORED = [
  'Description', 'EphemeralStorage', 'FunctionName', 'KmsKeyArn', 'LoggingConfig', 'RecursiveLoop', 'Role', 'RuntimeManagementConfig', 'SnapStart', 'Tags', 'TracingConfig', 'VpcConfig',
];

export const FUNCTIONS: ResourceModule = {
  types: {
    'AWS::Lambda::Function': {
      nameProperty: 'FunctionName',
      generateName: named(64),
      ref: (name) => name,
      attributes: (name, place) => ({ Arn: arnOf('lambda', place, `function:${name}`) }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) cloud.addFunction(functionOf(resource, cloud));
  },
};

function functionOf(resource: Resource, cloud: LocalCloud): LocalFunction {
  const { machine } = cloud;
  const properties = resource.properties as unknown as FunctionProperties;
  const variables = Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]);
  return new LocalFunction({
    name: resource.name,
    arn: resource.arn,
    region: machine.region,
    folder: once(() => codeOf(resource, cloud)),
    moduleFolders: once(() => (properties.Layers ?? []).map((arn) => layerOf(resource, arn, cloud))),
    handler: properties.Handler,
    runtime: properties.Runtime,
    memorySize: properties.MemorySize ?? 128,
    timeoutSeconds: properties.Timeout ?? 3,
    environment: { ...Object.fromEntries(variables), ...machine.services.environment },
    concurrency: Math.min(machine.concurrency, properties.ReservedConcurrentExecutions ?? Infinity),
    onLog: machine.onLog,
  });
}

/** The folder that a function's code runs in. Asked for when something invokes it: CDK's own functions need not run here. */
function codeOf(resource: Resource, { machine, assets }: LocalCloud): string {
  const { Architectures, Code } = propertiesOf<FunctionProperties>(resource, READ, IGNORED);
  const { temporary } = machine.services;
  if (Code.ZipFile !== undefined) {
    const folder = mkdtempSync(join(temporary, 'inline-'));
    writeFileSync(join(folder, 'index.js'), Code.ZipFile);
    return folder;
  }
  const asset = assets.get(Code.S3Key ?? '');
  if (asset === undefined || !existsSync(asset)) throw new Error(`${pathOf(resource)} must have its code in an asset of the app, received ${JSON.stringify(Code)}`);
  return runnableFolder(asset, Architectures?.[0] ?? 'x86_64', temporary);
}

function layerOf(resource: Resource, arn: string, { layers }: LocalCloud): string {
  const folder = layers.get(arn);
  if (!folder) throw new Error(`${pathOf(resource)} must have layers of the app, received ${JSON.stringify(arn)}`);
  return folder();
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
