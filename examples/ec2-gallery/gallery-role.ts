import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from './gallery-files';

export interface GalleryRoleProps {
  readonly pipeline: ImageResizePipeline;
  readonly sourcePrefix: string;
  readonly logGroups: readonly ILogGroup[];
}

/** What the instance may do. There are no keys on it. */
export class GalleryRole extends Role {
  constructor(scope: Construct, id: string, { pipeline, sourcePrefix, logGroups }: GalleryRoleProps) {
    super(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), description: 'The gallery server' });
    const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
      this.addToPrincipalPolicy(new PolicyStatement({ actions, resources, conditions }));

    pipeline.grants.upload(this);
    pipeline.grants.readRenditions(this);
    pipeline.grants.readCatalog(this);
    // Visitors may compare versions with the original, and delete it.
    allow(['s3:GetObject', 's3:DeleteObject'], [pipeline.sourceBucket.arnForObjects(`${sourcePrefix}*`)]);
    // Records of images whose upload has not arrived: written before it, removed when it fails.
    allow(['dynamodb:PutItem', 'dynamodb:DeleteItem'], [pipeline.table.tableArn]);

    // The CloudWatch agent.
    for (const { logGroupArn } of logGroups) allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [logGroupArn]);
    allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } });
    // Session Manager, in place of SSH.
    allow([
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
    ], ['*']);
  }
}
