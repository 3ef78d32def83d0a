import { Stack } from 'aws-cdk-lib';
import { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { notifyTopic } from './alarm-topic';
import { requireMonitoringProps } from './check-props';
import { createAlarms } from './create-alarms';
import { createDashboard } from './create-dashboard';
import { ImageMonitoringProps } from './image-monitoring-props';
import { checked } from '../support/checks';
import { requireSameEnvironment } from '../support/same-environment';

/**
 * Watches a pipeline: a dashboard, and alarms for what a person has to do something about.
 *
 * The dashboard shows images and renditions, the time from upload to completed, the backlog, bytes, formats, the codes of failures, the
 * function, the API and the backfill where they are given, and what the day costs, as far as it can be counted: without storage, transfer and CloudWatch.
 * What each alarm means and what to do is in its description.
 *
 * Created: a dashboard, and alarms of `ImageAlarm` as far as the pipeline's trigger has a use for them. Sources that are
 * added to the pipeline later are watched as well.
 */
export class ImageMonitoring extends Construct {
  /** The dashboard. More widgets can be added to it. */
  public readonly dashboard: Dashboard;
  /** The alarms, for actions of your own. The id of each begins with that of its kind. */
  public readonly alarms: Alarm[];

  /**
   * @throws Error when a threshold or price is out of its range, or when the pipeline, the API, the backfill or the topic is known to be in another region
   */
  constructor(scope: Construct, id: string, props: ImageMonitoringProps) {
    super(scope, id);
    const { pipeline, api, backfill, alarmTopic } = props;
    checked(this, () => requireMonitoringProps(props));
    const { account } = Stack.of(this);
    requireSameEnvironment(this, 'the monitoring', {
      pipeline: Stack.of(pipeline),
      api: api && Stack.of(api),
      backfill: backfill && Stack.of(backfill),
      // A topic may be that of another account, whose owner lets the alarms in.
      alarmTopic: alarmTopic && { region: alarmTopic.env.region, account },
    });
    this.alarms = createAlarms(this, props);
    this.dashboard = createDashboard(this, props, this.alarms);
    if (alarmTopic && this.alarms.length > 0) notifyTopic(this, this.alarms, alarmTopic);
  }
}
