import { CfnParameter, Duration, Fn, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ResizeFunctionOptions } from '../../src';
import { createApp, createStack, propertiesOf, rightsOf, statementsOf, synthesize, warningsOf } from '../helpers/cdk';

const lambda = (service = 'lambda.amazonaws.com') => new ServicePrincipal(service);

function functionWith(resizeFunction: ResizeFunctionOptions, stack = createStack()) {
  new ImageResizePipeline(stack, 'Pipeline', { resizeFunction });
  const template = synthesize(stack);
  return { stack, template, properties: propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction') };
}

test('every simple option takes effect', () => {
  const { template, properties } = functionWith({
    architecture: Architecture.X86_64, memorySize: 3008, timeout: Duration.minutes(5), logRetention: RetentionDays.ONE_WEEK, reservedConcurrency: 20,
  });
  expect(properties).toMatchObject({ Architectures: ['x86_64'], MemorySize: 3008, Timeout: 300, ReservedConcurrentExecutions: 20 });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

test('fails with an architecture that has no packaged code', () => {
  expect(() => functionWith({ architecture: Architecture.custom('riscv64') }))
    .toThrow('resizeFunction.architecture must be arm64 or x86_64 unless code is given, received "riscv64"');
});

test('each architecture gets a payload of its own', () => {
  const stacks = [Architecture.ARM_64, Architecture.X86_64].map((architecture) => functionWith({ architecture }));
  const [arm, x86] = stacks.map(({ properties }) => properties.Code.S3Key);
  expect(arm).not.toBe(x86);
});

test('code of one\'s own takes the place of the payload', () => {
  const { properties } = functionWith({ code: Code.fromInline('exports.handler = async () => {};') });
  expect(properties.Code).toEqual({ ZipFile: 'exports.handler = async () => {};' });
  expect(properties.Handler).toBe('index.handler');
  expect(properties.Environment.Variables).toHaveProperty('IMAGE_RESIZE_CONFIG');
});

test.each<ResizeFunctionOptions>([
  { memorySize: 512 }, { memorySize: 10240 }, { timeout: Duration.seconds(10) }, { timeout: Duration.minutes(15) }, { reservedConcurrency: 2 },
])('takes %j', (options) => {
  expect(() => functionWith(options)).not.toThrow();
});

const timeout = Duration.seconds(Token.asNumber({ Ref: 'Timeout' }));

test.each<[ResizeFunctionOptions, string]>([
  [{ memorySize: 511 }, 'memorySize must be a whole number from 512 to 10240 MiB, received 511'],
  [{ memorySize: 10241 }, 'memorySize must be a whole number from 512 to 10240 MiB, received 10241'],
  [{ memorySize: 600.5 }, 'memorySize must be a whole number from 512 to 10240 MiB, received 600.5'],
  [{ timeout: Duration.seconds(9) }, 'timeout must be a whole number from 10 to 900 seconds, received 9'],
  [{ timeout: Duration.seconds(901) }, 'timeout must be a whole number from 10 to 900 seconds, received 901'],
  [{ timeout }, `timeout must be known at synth, received ${JSON.stringify(timeout.toString())}: the visibility timeout of the queue follows from it`],
  [{ reservedConcurrency: 0 }, 'reservedConcurrency must be a whole number from 1 to 1000000, received 0'],
])('fails with %j', (options, message) => {
  expect(() => functionWith(options)).toThrow(new Error(`[Stack/Pipeline] resizeFunction.${message}`));
});

describe('in a VPC', () => {
  const stack = createStack();
  const vpc = new Vpc(stack, 'Network', { flowLogs: { all: {} } });
  const pipeline = new ImageResizePipeline(stack, 'VpcPipeline', { resizeFunction: { vpc } });
  const template = synthesize(stack);

  test('runs in the private subnets with a security group of its own', () => {
    const { VpcConfig } = propertiesOf(template, 'AWS::Lambda::Function', 'VpcPipelineFunction');
    expect(VpcConfig.SubnetIds).toEqual(['NetworkPrivateSubnet1Subnet', 'NetworkPrivateSubnet2Subnet']);
    expect(VpcConfig.SecurityGroupIds).toEqual(['VpcPipelineFunctionSecurityGroup.GroupId']);
    expect(pipeline.resizeFunction.connections.securityGroups).toHaveLength(1);
  });

  test('may manage network interfaces, and has no more rights on logs for it', () => {
    expect(statementsOf(template, 'VpcPipelineRole')).toContainEqual({
      Effect: 'Allow',
      Action: [
        'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
        'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: ['*'],
    });
    expect(rightsOf(template, 'VpcPipelineRole').filter((right) => right.startsWith('logs:')))
      .toEqual(['logs:CreateLogStream VpcPipelineLogGroup.Arn', 'logs:PutLogEvents VpcPipelineLogGroup.Arn']);
    expect(propertiesOf(template, 'AWS::IAM::Role', 'VpcPipelineRole')).not.toHaveProperty('ManagedPolicyArns');
  });

  test('takes subnets and security groups of one\'s own', () => {
    const other = createStack();
    const network = new Vpc(other, 'Network', { flowLogs: { all: {} } });
    const group = new SecurityGroup(other, 'Group', { vpc: network });
    const vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: [network.availabilityZones[0]] };
    new ImageResizePipeline(other, 'VpcPipeline', { resizeFunction: { vpc: network, vpcSubnets, securityGroups: [group] } });
    expect(propertiesOf(synthesize(other), 'AWS::Lambda::Function', 'VpcPipelineFunction').VpcConfig)
      .toMatchObject({ SubnetIds: ['NetworkPrivateSubnet1Subnet'], SecurityGroupIds: ['Group.GroupId'] });
  });
});

test('without a VPC it has no rights on networks', () => {
  expect(rightsOf(functionWith({}).template, 'PipelineRole').filter((right) => right.startsWith('ec2:'))).toEqual([]);
});

test('is traced where that is asked for', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Traced', { resizeFunction: { tracing: Tracing.ACTIVE } });
  const template = synthesize(stack);
  expect(propertiesOf(template, 'AWS::Lambda::Function', 'TracedFunction').TracingConfig).toEqual({ Mode: 'Active' });
  expect(rightsOf(template, 'TracedRole')).toEqual(expect.arrayContaining(['xray:PutTraceSegments *', 'xray:PutTelemetryRecords *']));
});

describe('a role of one\'s own', () => {
  test('gets the permissions that the created one would have', () => {
    const stack = createStack();
    const role = new Role(stack, 'OwnRole', { assumedBy: lambda() });
    const { template } = functionWith({ role }, stack);
    template.resourceCountIs('AWS::IAM::Role', 2);
    expect(rightsOf(template, 'OwnRole')).toEqual(rightsOf(functionWith({}).template, 'PipelineRole'));
    expect(warningsOf(stack)).toEqual([]);
  });

  test('that is in another stack gets a policy from here, named for the pipeline', () => {
    const app = createApp();
    const role = new Role(createStack('Roles', app), 'OwnRole', { assumedBy: lambda() });
    const stacks = ['One', 'Two'].map((id) => createStack(id, app));
    for (const stack of stacks) new ImageResizePipeline(stack, 'Pipeline', { resizeFunction: { role } });
    const [one, two] = stacks.map(synthesize);
    const policiesOf = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties.PolicyName);

    expect(policiesOf(one)).toContainEqual(expect.stringContaining('OnePipeline'));
    expect(policiesOf(two)).toContainEqual(expect.stringContaining('TwoPipeline'));
  });

  test('that is imported gets a policy', () => {
    const stack = createStack();
    const role = Role.fromRoleArn(stack, 'ImportedRole', 'arn:aws:iam::111111111111:role/resizer');
    const { template } = functionWith({ role }, stack);
    expect(rightsOf(template, 'resizer')).toEqual(rightsOf(functionWith({}).template, 'PipelineRole'));
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, (stack: ReturnType<typeof createStack>) => ResizeFunctionOptions['role']]>([
    ['is imported as it is', (stack) => Role.fromRoleArn(stack, 'OwnRole', 'arn:aws:iam::111111111111:role/resizer', { mutable: false })],
    ['takes no policies', (stack) => new Role(stack, 'OwnRole', { assumedBy: lambda() }).withoutPolicyUpdates()],
  ])('that %s is a warning', (_, roleIn) => {
    const stack = createStack();
    const role = roleIn(stack)!;
    const { template } = functionWith({ role }, stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Pipeline',
      id: 'cdk-image-resize-pipeline:importedRole',
      message: `resizeFunction.role cannot be changed from here: give it the permissions listed in docs/permissions.md of the package (${role.node.path})`,
    }]);
    expect(rightsOf(template, 'resizer')).toEqual([]);
  });
});

describe('environment variables', () => {
  test('of too many names that only the deployment knows fail with a way out', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'first/' });
    for (let at = 0; at < 60; at++) pipeline.addSource(Bucket.fromBucketName(stack, `Bucket${at}`, Fn.importValue(`Bucket${at}`)), { outputPrefix: `${at}/` });
    expect(() => synthesize(stack)).toThrow(
      /\[Stack\/Pipeline\] environment variables of the function must fit into Lambda's 4096 bytes, received \d{4} bytes: take out some of your own, name fewer buckets/);
  });

  test('of the user count as well', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline');
    pipeline.resizeFunction.addEnvironment('NOTE', 'x'.repeat(4096));
    expect(() => synthesize(stack)).toThrow("must fit into Lambda's 4096 bytes");
  });

  test('hold sources by the dozen, as long as they share their profiles', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'album-00/' });
    for (let at = 10; at < 30; at++) pipeline.addSource(pipeline.sourceBucket, { prefix: `album-${at}/` });
    expect(() => synthesize(stack)).not.toThrow();
  });

  test('are counted in bytes, with names for what is not known yet', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: new CfnParameter(stack, 'Prefix').valueAsString });
    pipeline.resizeFunction.addEnvironment('NOTE', 'ü'.repeat(1900));
    expect(() => synthesize(stack)).toThrow(/received 4[1-9]\d\d bytes/);
  });

  test('are encrypted with the customer key only where there is one', () => {
    functionWith({}).template.hasResourceProperties('AWS::Lambda::Function', { KmsKeyArn: Match.absent() });
  });
});
