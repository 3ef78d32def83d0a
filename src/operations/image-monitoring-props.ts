import { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ImageBackfill } from './backfill/image-backfill';
import { ImageAlarm } from './image-alarm';
import { ImageAlarmThresholds } from './image-alarm-thresholds';
import { ImageMonitoringPrices } from './image-monitoring-prices';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';
import type { ImageUploadApi } from '../uploads/image-upload-api';

/** Properties of `ImageMonitoring`. */
export interface ImageMonitoringProps {
  /** Pipeline that is watched. */
  readonly pipeline: ImageResizePipeline;
  /**
   * API that is watched as well.
   *
   * @default - none
   */
  readonly api?: ImageUploadApi;
  /**
   * Backfill of the pipeline that is watched as well.
   *
   * @default - none
   */
  readonly backfill?: ImageBackfill;
  /**
   * Topic that is told when an alarm goes off, and when it is over. CloudWatch may publish to it: its policy gets a statement for
   * the alarms of the account, and its customer key one for CloudWatch. Of a topic or key that is imported a warning says which.
   * It is in the region of the pipeline.
   *
   * @default - the alarms tell nobody: they are seen on the dashboard
   */
  readonly alarmTopic?: ITopic;
  /**
   * When the alarms go off.
   *
   * @default - as `ImageAlarmThresholds` says
   */
  readonly thresholds?: ImageAlarmThresholds;
  /**
   * Alarms that are left out.
   *
   * @default - none
   */
  readonly withoutAlarms?: ImageAlarm[];
  /**
   * Name of the dashboard, of letters, digits, `-` and `_`.
   *
   * @default - CloudFormation gives one
   */
  readonly dashboardName?: string;
  /**
   * Prices from which the cost of a day is computed.
   *
   * @default - list prices of us-east-1, November 2025
   */
  readonly prices?: ImageMonitoringPrices;
}
