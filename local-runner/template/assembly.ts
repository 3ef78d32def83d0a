import { readFileSync } from 'fs';
import { join, resolve } from 'path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string; readonly Export?: { readonly Name: unknown } }>>;
}

/** One stack of a cloud assembly. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
  /** Folders and files that would be uploaded, by the key that they would have in the assets bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string; readonly directoryName?: string };
  }>>;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, {
    readonly source: { readonly path?: string };
    readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
  }>>;
}

/** Reads all stacks of a cloud assembly, also those of stages. */
export function readAssembly(directory: string): SynthesizedStack[] {
  const artifacts = Object.entries(readJson<Manifest>(directory, 'manifest.json').artifacts ?? {});
  const ofType = (type: string) => artifacts.filter(([, artifact]) => artifact.type === type);

  const assets = new Map<string, string>();
  for (const [, { properties }] of ofType('cdk:asset-manifest')) {
    for (const { source, destinations } of Object.values(readJson<AssetManifest>(directory, properties!.file!).files)) {
      for (const { objectKey } of Object.values(destinations)) {
        // Of apps that do not copy their assets, the path is absolute.
        if (source.path !== undefined) assets.set(objectKey, resolve(directory, source.path));
      }
    }
  }
  const stacks = ofType('aws:cloudformation:stack').map(([id, { properties }]) => ({
    name: properties?.stackName ?? id,
    template: readJson<Template>(directory, properties!.templateFile!),
    assets,
  }));
  const nested = ofType('cdk:cloud-assembly').flatMap(([, { properties }]) => readAssembly(join(directory, properties!.directoryName!)));
  return [...stacks, ...nested];
}

function readJson<T>(directory: string, file: string): T {
  return JSON.parse(readFileSync(join(directory, file), 'utf8')) as T;
}
