import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** Keeps an AWS service from being used by another account to send to the queue (the confused deputy). */
export function denyOtherAccounts(queue: Queue, service: string): void {
  queue.addToResourcePolicy(new PolicyStatement({
    sid: 'DenyOtherAccounts',
    effect: Effect.DENY,
    principals: [new ServicePrincipal(service)],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { StringNotEquals: { 'aws:SourceAccount': Stack.of(queue).account } },
  }));
}
