import { propertiesOf, ResourceModule } from './module';
import { arnOf, named } from '../template/resource-types';

const IGNORED = ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Name', 'Tags'];

export const EVENT_BUSES: ResourceModule = {
  types: {
    'AWS::Events::EventBus': {
      nameProperty: 'Name',
      generateName: named(256),
      ref: (name) => name,
      attributes: (name, place) => ({ Arn: arnOf('events', place, `event-bus/${name}`), Name: name }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) {
      propertiesOf(resource, [], IGNORED);
      cloud.bus.addBus(resource.name);
    }
  },
};
