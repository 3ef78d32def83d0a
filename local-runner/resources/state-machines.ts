import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { StateMachine, StateMachineProperties } from '../services/step-functions/state-machine';
import { arnOf, named, Place } from '../template/resource-types';

const READ = ['Definition', 'DefinitionS3Location', 'DefinitionString', 'DefinitionSubstitutions'] as const;
const IGNORED = ['EncryptionConfiguration', 'LoggingConfiguration', 'RoleArn', 'StateMachineName', 'StateMachineType', 'Tags', 'TracingConfiguration'];

export const STATE_MACHINES: ResourceModule = {
  types: {
    'AWS::StepFunctions::StateMachine': {
      nameProperty: 'StateMachineName',
      generateName: named(80),
      ref: arn,
      attributes: (name, place) => ({ Arn: arn(name, place), Name: name }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) {
      cloud.addStateMachine(new StateMachine({
        name: resource.name,
        arn: resource.arn,
        at: pathOf(resource),
        properties: propertiesOf<StateMachineProperties>(resource, READ, IGNORED),
        targets: {
          lambda: (nameOrArn) => cloud.function(nameOrArn),
          queue: (url) => queueAt(url, cloud),
          dynamodb: cloud.machine.services.dynamodbClient,
          s3: cloud.machine.services.s3Client,
        },
        waitFactor: cloud.machine.waitFactor,
        onStatusChange: (change) => cloud.bus.send('aws.states', 'Step Functions Execution Status Change', [change.executionArn], change),
      }));
    }
  },
};

function arn(name: string, place: Place): string {
  return arnOf('states', place, `stateMachine:${name}`);
}

function queueAt(url: string, cloud: LocalCloud): (body: string) => void {
  const queue = cloud.queue(arnOf('sqs', cloud.machine, url.split('/').at(-1)!));
  return (body) => queue.send(body);
}
