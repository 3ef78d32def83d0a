import { pathOf, propertiesOf, ResourceModule } from './module';
import type { RuleProperties } from '../services/event-bridge/event-bridge';
import { arnOf, named } from '../template/resource-types';

const READ = ['EventBusName', 'EventPattern', 'State', 'Targets'] as const;
/** A schedule is refused, as a rule without a pattern. */
const IGNORED = ['Description', 'Name', 'ScheduleExpression'];

export const RULES: ResourceModule = {
  types: {
    'AWS::Events::Rule': {
      nameProperty: 'Name',
      generateName: named(64),
      ref: (name) => name,
      attributes: (name, place) => ({ Arn: arnOf('events', place, `rule/${name}`) }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) {
      const properties = propertiesOf<RuleProperties>(resource, READ, IGNORED);
      cloud.bus.addRule(pathOf(resource), properties, (arn) => cloud.receiver(arn));
      for (const { DeadLetterConfig } of properties.Targets ?? []) {
        if (DeadLetterConfig?.Arn !== undefined) cloud.deadLetterQueues.add(cloud.queue(DeadLetterConfig.Arn));
      }
    }
  },
};
