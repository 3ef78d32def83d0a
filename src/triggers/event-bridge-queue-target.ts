import { IRule, IRuleTarget, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';

/**
 * Has EventBridge send to a queue, and what it could not deliver to the dead-letter queue. CDK's own target leaves the
 * rule out of the queue's policy where the queue has a customer key.
 */
export class QueueTarget implements IRuleTarget {
  public constructor(private readonly queue: IQueue, private readonly deadLetterQueue: IQueue) {}

  public bind(rule: IRule): RuleTargetConfig {
    for (const queue of [this.queue, this.deadLetterQueue]) {
      queue.addToResourcePolicy(new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        // The ARN of a rule holds its account, so that no other account's rule can send.
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }));
    }
    return { arn: this.queue.queueArn, deadLetterConfig: { arn: this.deadLetterQueue.queueArn }, targetResource: this.queue };
  }
}
