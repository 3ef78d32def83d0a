import { arnOf, named, ResourceType } from '../template/resource-types';

/** Resources that have nothing to do on one machine: permissions, encryption, logs, networks, alarms and whom they tell, and what empties buckets. */
const IGNORED = [
  'AWS::ApiGateway::Account',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::CloudFrontOriginAccessIdentity',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkAclEntry',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetNetworkAclAssociation',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::ResourcePolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'Custom::S3AutoDeleteObjects',
  'Custom::VpcRestrictDefaultSG',
] as const;

/** What types call the id of a resource. */
const ID_ATTRIBUTES = ['GroupId', 'Id', 'KeyId', 'LaunchTemplateId', 'SubnetId', 'VpcId'] as const;

/** What is ignored still has a name and an ARN, because other resources refer to it. */
export const IGNORED_TYPES: Readonly<Record<string, ResourceType>> = Object.fromEntries(IGNORED.map((type) => [type, placeholder(type)]));

function placeholder(type: string): ResourceType {
  const [, service = 'custom', kind = ''] = type.toLowerCase().split('::');
  return {
    generateName: named(255),
    ref: (name) => name,
    attributes: (name, place) => ({
      Arn: arnOf(service, place, `${kind}/${name}`),
      ...Object.fromEntries(ID_ATTRIBUTES.map((attribute) => [attribute, name])),
      ...(type === 'AWS::EC2::LaunchTemplate' && { DefaultVersionNumber: '1', LatestVersionNumber: '1' }),
    }),
  };
}
