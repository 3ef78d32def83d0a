/** What the runner knows of a type of resource: what `Ref` and `Fn::GetAtt` give, and the property that names it. */
export interface ResourceType {
  readonly nameProperty?: string;
  /** The generated name, within the limits of the service. */
  readonly generateName: (stack: string, logicalId: string) => string;
  readonly ref: (name: string, place: Place) => string;
  readonly attributes: (name: string, place: Place) => Readonly<Record<string, string>>;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

const named = (maxLength: number) => (stack: string, logicalId: string) => `${stack}-${logicalId}`.slice(-maxLength).replace(/^[^A-Za-z0-9]+/, '');
const arn = (service: string, { region, account }: Place, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

const TABLE: ResourceType = {
  nameProperty: 'TableName',
  generateName: named(255),
  ref: (name) => name,
  attributes: (name, place) => ({ Arn: arn('dynamodb', place, `table/${name}`) }),
};

/** Resources that run on this machine. */
const RUN: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    generateName: (stack, logicalId) => named(63)(stack, logicalId).toLowerCase(),
    ref: (name) => name,
    attributes: (name, { region }) => ({
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    }),
  },
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    generateName: named(80),
    ref: queueUrl,
    attributes: (name, place) => ({ Arn: arn('sqs', place, name), QueueName: name, QueueUrl: queueUrl(name, place) }),
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    generateName: named(64),
    ref: (name) => name,
    attributes: (name, place) => ({ Arn: arn('lambda', place, `function:${name}`) }),
  },
  'AWS::Lambda::EventSourceMapping': connection(),
  'AWS::Lambda::EventInvokeConfig': connection(),
  'AWS::Events::Rule': connection(),
  'Custom::S3BucketNotifications': connection(),
};

/** Resources that have nothing to do on one machine: permissions, encryption, logs, networks, and what empties buckets. */
const IGNORED = [
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::EIP',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'Custom::S3AutoDeleteObjects',
] as const;

const IGNORED_TYPES: ReadonlySet<string> = new Set(IGNORED);

/** @returns undefined for a type that the runner neither runs nor ignores knowingly */
export function resourceType(type: string): ResourceType | undefined {
  return RUN[type] ?? (IGNORED_TYPES.has(type) ? placeholder(type) : undefined);
}

/** What is ignored still has a name and an ARN, because other resources refer to it. */
function placeholder(type: string): ResourceType {
  const [, service = 'custom', kind = ''] = type.toLowerCase().split('::');
  return {
    generateName: named(255),
    ref: (name) => name,
    attributes: (name, place) => ({ Arn: arn(service, place, `${kind}/${name}`) }),
  };
}

/** Resources that only connect others. */
function connection(): ResourceType {
  return { generateName: named(255), ref: (name) => name, attributes: () => ({}) };
}

function queueUrl(name: string, { region, account }: Place): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
