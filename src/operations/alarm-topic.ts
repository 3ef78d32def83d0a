import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { warnUnlessAdded } from '../support/resource-policies';
import { allowUse } from '../support/service-key';
import { WARNINGS } from '../support/warnings';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/** Tells a topic when alarms go off and when they are over. */
export function notifyTopic(scope: Construct, alarms: readonly Alarm[], topic: ITopic): void {
  const action = new SnsAction(topic);
  for (const alarm of alarms) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  allowAlarms(scope, topic);
  if (topic.masterKey) allowUse(scope, topic.masterKey, CLOUDWATCH, 'the key of alarmTopic,');
}

/**
 * A policy replaces the one that a topic is born with, by which the alarms of its account may publish. So all of them still may,
 * also those of others: with these alone, the others would fall silent.
 */
function allowAlarms(scope: Construct, topic: ITopic): void {
  const stack = Stack.of(scope);
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(CLOUDWATCH)],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }) },
      StringEquals: { 'aws:SourceAccount': stack.account },
    },
  });
  warnUnlessAdded(topic.addToResourcePolicy(statement), { scope, id: WARNINGS.IMPORTED_TOPIC, what: `alarmTopic ${topic.node.path}`, statement });
}
