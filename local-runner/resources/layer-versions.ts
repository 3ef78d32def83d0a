import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { arnOf, named } from '../template/resource-types';
import type { Resource } from '../template/stack';

interface LayerVersionProperties {
  readonly Content: { readonly S3Key?: string };
}

const IGNORED = ['CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LayerName', 'LicenseInfo'];

export const LAYER_VERSIONS: ResourceModule = {
  types: {
    'AWS::Lambda::LayerVersion': {
      nameProperty: 'LayerName',
      generateName: named(140),
      ref: (name, place) => arnOf('lambda', place, `layer:${name}:1`),
      attributes: (name, place) => ({ LayerVersionArn: arnOf('lambda', place, `layer:${name}:1`), Arn: arnOf('lambda', place, `layer:${name}:1`) }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) cloud.layers.set(resource.arn, () => folderOf(resource, cloud));
  },
};

/** Asked for when a function with the layer is invoked: those of CDK's own functions need not run here. */
function folderOf(resource: Resource, { assets }: LocalCloud): string {
  const { Content } = propertiesOf<LayerVersionProperties>(resource, ['Content'], IGNORED);
  const folder = assets.get(Content.S3Key ?? '');
  if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(`${pathOf(resource)} must have its content in a folder that is an asset of the app, received ${JSON.stringify(Content)}`);
  }
  const others = readdirSync(folder).filter((name) => name !== 'nodejs');
  if (others.length > 0) throw new Error(`${pathOf(resource)} must hold modules of Node.js alone, in nodejs/node_modules, received ${JSON.stringify(others)}`);
  return join(folder, 'nodejs', 'node_modules');
}
