import { propertiesOf, ResourceModule } from './module';
import { Queue } from '../services/sqs/queue';
import { arnOf, named, Place } from '../template/resource-types';

interface QueueProperties {
  readonly VisibilityTimeout?: number;
  readonly DelaySeconds?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

const READ = ['VisibilityTimeout', 'DelaySeconds', 'RedrivePolicy'] as const;
const IGNORED = [
  'KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'MaximumMessageSize', 'MessageRetentionPeriod', 'QueueName', 'ReceiveMessageWaitTimeSeconds', 'RedriveAllowPolicy',
  'SqsManagedSseEnabled', 'Tags',
];

export const QUEUES: ResourceModule = {
  types: {
    'AWS::SQS::Queue': {
      nameProperty: 'QueueName',
      generateName: named(80),
      ref: urlOf,
      attributes: (name, place) => ({ Arn: arnOf('sqs', place, name), QueueName: name, QueueUrl: urlOf(name, place) }),
    },
  },
  create(resources, cloud) {
    for (const resource of resources) {
      const { VisibilityTimeout = 30, DelaySeconds = 0 } = propertiesOf<QueueProperties>(resource, READ, IGNORED);
      cloud.addQueue(new Queue({
        name: resource.name,
        arn: resource.arn,
        visibilityTimeoutMs: VisibilityTimeout * 1000,
        delayMs: DelaySeconds * 1000,
        waitFactor: cloud.machine.waitFactor,
      }));
    }
    for (const { arn, properties } of resources) {
      const { RedrivePolicy } = properties as QueueProperties;
      if (!RedrivePolicy) continue;
      const deadLetterQueue = cloud.queue(RedrivePolicy.deadLetterTargetArn);
      cloud.queue(arn).redriveTo({ deadLetterQueue, maxReceiveCount: RedrivePolicy.maxReceiveCount });
      cloud.deadLetterQueues.add(deadLetterQueue);
    }
  },
};

function urlOf(name: string, { region, account }: Place): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
