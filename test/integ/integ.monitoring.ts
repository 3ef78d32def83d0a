import { RemovalPolicy } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ImageTest } from './image-test';
import { ImageMonitoring, ImageResizePipeline } from '../../src';

/** What failed is told to others, is counted, and has an alarm; the dashboard is there. */
const test = new ImageTest('ImagesWatched');
const pipeline = new ImageResizePipeline(test.stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY });
const { dashboard, alarms } = new ImageMonitoring(test.stack, 'Monitoring', { pipeline });
const told = new Queue(test.stack, 'Told', { removalPolicy: RemovalPolicy.DESTROY });
pipeline.onFailed('Failed', { target: new SqsQueue(told) });

test
  .upload(pipeline, { key: 'half.png', imageId: 'half', damaged: true })
  .record(pipeline, 'half', { status: { S: 'FAILED' } })
  .eventually('SQS', 'getQueueAttributes', { QueueUrl: told.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }, { Attributes: { ApproximateNumberOfMessages: '1' } })
  .call('CloudWatch', 'getDashboard', { DashboardName: dashboard.dashboardName }, { DashboardName: dashboard.dashboardName })
  .call('CloudWatch', 'describeAlarms', { AlarmNames: [alarms[0].alarmName] }, { MetricAlarms: [{ AlarmName: alarms[0].alarmName }] });
