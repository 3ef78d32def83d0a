import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { NagSuppressions } from 'cdk-nag';
import { Ec2GalleryStack, Ec2GalleryStackProps } from '../../../examples/ec2-gallery/ec2-gallery-stack';
import { parseSettings } from '../../../examples/ec2-gallery/server/settings';
import { bundleServer } from '../../../examples/ec2-gallery/server-bundle';
import { configOf, createApp, plain, propertiesOf, rightsOf, statementsOf, synthesize, warningsOf } from '../../helpers/cdk';

const WEB = join(__dirname, '..', '..', '..', 'examples', 'web');

function createGallery(props: Ec2GalleryStackProps = {}) {
  const stack = new Ec2GalleryStack(createApp(), 'Ec2Gallery', props);
  const suppress = (path: string, id: string, reason: string, appliesTo?: string[]) =>
    NagSuppressions.addResourceSuppressionsByPath(stack, `/Ec2Gallery/${path}`, [{ id, reason, appliesTo }]);
  suppress('Network/Vpc/Resource', 'AwsSolutions-VPC7', 'flow logs cost more than this network, which has one open port');
  suppress('Network/SecurityGroup/Resource', 'AwsSolutions-EC23', 'a gallery for everybody, unless its owner names its visitors');
  suppress('Host/Instance/Resource', 'AwsSolutions-EC28', 'detailed monitoring is charged; memory and disk are measured by the agent');
  suppress('Host/Instance/Resource', 'AwsSolutions-EC29', 'the instance holds nothing and is replaced with every change');
  suppress('Host/Role/DefaultPolicy/Resource', 'AwsSolutions-IAM5', 'Session Manager and metrics have no resources; metrics are bound to a namespace', ['Resource::*']);
  suppress('Host/Role/DefaultPolicy/Resource', 'AwsSolutions-IAM5', 'how CDK lets cfn-init read its asset',
    ['Action::s3:GetBucket*', 'Action::s3:GetObject*', 'Action::s3:List*', 'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*']);
  return { stack, template: synthesize(stack) };
}

const { stack, template } = createGallery();
const ROLE = 'HostRole';
/** CDK's bucket, whose name is not plain text. */
const ASSETS = 'arn:AWS::Partition:s3:::[object Object]';

interface InitConfig {
  readonly packages?: { readonly yum: Record<string, string[]> };
  readonly users?: Record<string, unknown>;
  readonly sources?: Record<string, string>;
  readonly files?: Record<string, { readonly content: any; readonly mode: string; readonly owner: string }>;
  readonly commands?: Record<string, { readonly command: string[] }>;
  readonly services?: Record<string, Record<string, { readonly enabled: boolean; readonly ensureRunning: boolean }>>;
}

function init(): { readonly configSets: Record<string, string[]> } & Record<string, InitConfig> {
  const [instance] = Object.values(template.findResources('AWS::EC2::Instance'));
  return plain(instance.Metadata['AWS::CloudFormation::Init']) as any;
}

function contentOf(path: string): any {
  return init().configure.files![path].content;
}

function environment(): Record<string, string> {
  const lines = (contentOf('/etc/gallery/environment') as string).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('the pipeline', () => {
  test('makes three sizes in the formats that the page offers to browsers, and deletes them with their original', () => {
    const config = configOf(template);

    expect(config.profileSets.flat().map(({ name, formats }) => [name, ...formats.map(({ format }) => format)])).toEqual([
      ['thumbnail', 'avif', 'webp', 'jpeg'], ['medium', 'avif', 'webp', 'jpeg'], ['large', 'avif', 'webp', 'jpeg'],
    ]);
    expect(config.processing.deleteRenditions).toBe(true);
    expect(config.sources).toMatchObject([{ prefix: 'uploads/' }]);
  });

  test('and the server agree', () => {
    const config = configOf(template);
    const settings = parseSettings(environment());

    expect(settings).toMatchObject({
      port: 8080,
      webFolder: '/opt/gallery/web',
      tableName: config.catalog.table,
      listingShards: config.catalog.shards,
      sourceBucket: config.sources[0].bucket,
      sourcePrefix: config.sources[0].prefix,
      outputBucket: config.outputBucket,
      maxUploadBytes: config.processing.maxInputBytes,
    });
  });

  test('gives no warnings', () => {
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('the network', () => {
  test('is public subnets without a NAT gateway, and ways to S3 and DynamoDB within AWS', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  });

  test('lets web traffic in and HTTPS out, and nothing else: no SSH', () => {
    const { SecurityGroupIngress, SecurityGroupEgress } = propertiesOf(template, 'AWS::EC2::SecurityGroup');

    expect(SecurityGroupIngress).toEqual([{ CidrIp: '0.0.0.0/0', Description: 'web traffic', FromPort: 80, ToPort: 80, IpProtocol: 'tcp' }]);
    expect(SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' })]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(propertiesOf(template, 'AWS::EC2::Instance').KeyName).toBeUndefined();
  });

  test('lets in only the visitors that its owner names', () => {
    const { SecurityGroupIngress } = propertiesOf(createGallery({ visitors: Peer.ipv4('203.0.113.0/24') }).template, 'AWS::EC2::SecurityGroup');

    expect(SecurityGroupIngress).toEqual([expect.objectContaining({ CidrIp: '203.0.113.0/24', FromPort: 80, ToPort: 80 })]);
  });
});

describe('the instance', () => {
  test('is arm64 with IMDSv2 and an encrypted gp3 volume', () => {
    const properties = propertiesOf(template, 'AWS::EC2::Instance');

    expect(properties).toMatchObject({
      InstanceType: 't4g.small',
      CreditSpecification: { CPUCredits: 'standard' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
    });
    const [image] = Object.values(template.toJSON().Parameters).filter(({ Type }: any) => Type.includes('AWS::EC2::Image::Id')) as any[];
    expect(image.Default).toMatch(/al2023-ami-kernel-.*-arm64$/);
  });

  test('counts as created when it says so', () => {
    const [instance] = Object.values(template.findResources('AWS::EC2::Instance'));

    expect(instance.CreationPolicy).toEqual({ ResourceSignal: { Count: 1, Timeout: 'PT10M' } });
    expect(JSON.stringify(instance.Properties.UserData)).toMatch(/cfn-init .*cfn-signal -e \$\?/);
    // What it installs comes from the internet.
    expect(plain(instance.DependsOn)).toEqual(expect.arrayContaining([expect.stringMatching(/PublicSubnet1DefaultRoute/), expect.stringMatching(/^NetworkVpcS3/)]));
  });

  test('is replaced when what is on it changes, and hands its address on', () => {
    const instanceOf = (gallery: Template) => Object.keys(gallery.findResources('AWS::EC2::Instance'))[0];
    const addressOf = (gallery: Template) => Object.keys(gallery.findResources('AWS::EC2::EIP'))[0];
    const same = createGallery().template;
    const changed = createGallery({ title: 'Holidays' }).template;

    expect(instanceOf(same)).toBe(instanceOf(template));
    expect(instanceOf(changed)).not.toBe(instanceOf(template));
    expect(addressOf(changed)).toBe(addressOf(template));
    expect(propertiesOf(template, 'AWS::EC2::EIPAssociation')).toMatchObject({ AllocationId: 'HostAddress.AllocationId', InstanceId: expect.stringContaining('HostInstance') });
    expect(plain(template.findOutputs('GalleryUrl').GalleryUrl.Value)).toBe('http://HostAddress.PublicIp');
  });
});

describe('the role', () => {
  test('may do exactly what the server, the agent and Session Manager need', () => {
    const rights = rightsOf(template, ROLE).filter((right) => !right.includes(ASSETS));

    expect(rights).toEqual([
      'cloudformation:DescribeStackResource AWS::StackId',
      'cloudformation:SignalResource AWS::StackId',
      'cloudwatch:PutMetricData *',
      'dynamodb:BatchGetItem ImagesTable.Arn',
      'dynamodb:DeleteItem ImagesTable.Arn',
      'dynamodb:GetItem ImagesTable.Arn',
      'dynamodb:PutItem ImagesTable.Arn',
      'dynamodb:Query ImagesTable.Arn',
      'dynamodb:Query ImagesTable.Arn/index/by-status',
      'logs:CreateLogStream HostServerLogs.Arn',
      'logs:CreateLogStream HostWebLogs.Arn',
      'logs:DescribeLogStreams HostServerLogs.Arn',
      'logs:DescribeLogStreams HostWebLogs.Arn',
      'logs:PutLogEvents HostServerLogs.Arn',
      'logs:PutLogEvents HostWebLogs.Arn',
      's3:AbortMultipartUpload ImagesSourceBucket.Arn/uploads/*',
      's3:DeleteObject ImagesSourceBucket.Arn/uploads/*',
      's3:GetObject ImagesOutputBucket.Arn/*',
      's3:GetObject ImagesSourceBucket.Arn/uploads/*',
      's3:PutObject ImagesSourceBucket.Arn/uploads/*',
      'ssm:UpdateInstanceInformation *',
      'ssmmessages:CreateControlChannel *',
      'ssmmessages:CreateDataChannel *',
      'ssmmessages:OpenControlChannel *',
      'ssmmessages:OpenDataChannel *',
    ]);
    expect(propertiesOf(template, 'AWS::IAM::Role', ROLE).ManagedPolicyArns).toBeUndefined();
  });

  test('measures in its own namespace only, and reads of CDK what is put on it', () => {
    const statements = statementsOf(template, ROLE);

    expect(statements.filter(({ Action }) => Action.includes('cloudwatch:PutMetricData'))).toMatchObject([{ Condition: { StringEquals: { 'cloudwatch:namespace': 'ImageGallery' } } }]);
    expect(rightsOf(template, ROLE).filter((right) => right.includes(ASSETS)).map((right) => right.replace(/[0-9a-f]{64}/, '<hash>'))).toEqual(
      ['s3:GetBucket*', 's3:GetObject*', 's3:List*'].flatMap((action) => [`${action} ${ASSETS}`, `${action} ${ASSETS}/<hash>.zip`]),
    );
  });
});

describe('what is put on the instance', () => {
  test('in order: packages, files, services, and last the check through nginx', () => {
    const { configSets, install, configure, start, watch } = init();

    expect(configSets).toEqual({ default: ['install', 'configure', 'start', 'watch'] });
    expect(Object.keys(install.packages!.yum)).toEqual(['nodejs24', 'nginx', 'amazon-cloudwatch-agent', 'logrotate']);
    expect(Object.keys(install.users!)).toEqual(['gallery']);
    expect(configure.sources).toEqual({ '/opt/gallery': expect.stringMatching(/\/[0-9a-f]{64}\.zip$/) });
    expect(start.services).toEqual({ systemd: { gallery: { enabled: true, ensureRunning: true }, nginx: { enabled: true, ensureRunning: true } } });
    expect(Object.values(watch.commands!).at(-1)!.command).toEqual(expect.arrayContaining(['curl', '--fail', 'http://127.0.0.1/health']));
  });

  test('the environment holds no keys and is for root alone', () => {
    const names = Object.keys(environment());

    expect(init().configure.files!['/etc/gallery/environment']).toMatchObject({ mode: '000600', owner: 'root' });
    expect(names).toEqual([
      'PORT', 'WEB_FOLDER', 'TITLE', 'HOST_NAMES', 'TABLE_NAME', 'LISTING_SHARDS', 'SOURCE_BUCKET', 'SOURCE_PREFIX', 'OUTPUT_BUCKET',
      'MAX_UPLOAD_BYTES', 'MAX_UPLOADS', 'LINK_SECONDS', 'SHUTDOWN_SECONDS', 'AWS_REGION',
    ]);
  });

  test('the service runs as a user of its own, restarts, and has time to stop', () => {
    const unit = contentOf('/etc/systemd/system/gallery.service') as string;
    const seconds = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(unit)![1]);

    for (const line of [
      'User=gallery', 'ExecStart=/usr/bin/node-24 /opt/gallery/server.mjs', 'EnvironmentFile=/etc/gallery/environment', 'Restart=always', 'NoNewPrivileges=yes',
      'ProtectSystem=strict', 'CapabilityBoundingSet=',
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(seconds('TimeoutStopSec')).toBeGreaterThan(Number(environment().SHUTDOWN_SECONDS));
  });

  test('nginx passes uploads on as they arrive, names the client, and refuses larger files than the server', () => {
    const nginx = contentOf('/etc/nginx/nginx.conf') as string;
    const [, kibibytes] = /client_max_body_size (\d+)k;/.exec(nginx)!;

    expect(nginx).toContain('proxy_request_buffering off;');
    expect(nginx).toContain(`server 127.0.0.1:${environment().PORT};`);
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(nginx).toContain('escape=json');
    expect(Number(kibibytes) * 1024).toBeGreaterThan(Number(environment().MAX_UPLOAD_BYTES));
    expect(nginx.match(/\{/g)!.length).toBe(nginx.match(/\}/g)!.length);
  });

  test('the agent sends logs to log groups of the stack that do not grow for ever', () => {
    const { logs, metrics } = contentOf('/etc/gallery/cloudwatch-agent.json');
    const groups = logs.logs_collected.files.collect_list.map(({ file_path: path, log_group_name: group }: any) => [path, group]);

    expect(groups).toEqual([
      ['/var/log/gallery/server.log', 'HostServerLogs'], ['/var/log/nginx/access.log', 'HostWebLogs'], ['/var/log/nginx/error.log', 'HostWebLogs'],
    ]);
    expect(Object.keys(metrics.metrics_collected)).toEqual(['mem', 'disk']);
    for (const id of ['HostServerLogs', 'HostWebLogs']) expect(propertiesOf(template, 'AWS::Logs::LogGroup', id).RetentionInDays).toBe(30);
  });
});

describe('the bundle', () => {
  const folders: string[] = [];
  const bundled = () => {
    const folder = mkdtempSync(join(tmpdir(), 'ec2-gallery-bundle-'));
    folders.push(folder);
    bundleServer(WEB, folder);
    return folder;
  };
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  test('is the server and the front end, the same every time and without paths of this machine', () => {
    const [once, twice] = [bundled(), bundled()].map((folder) => readFileSync(join(folder, 'server.mjs'), 'utf8'));

    expect(once).toBe(twice);
    expect(once).not.toContain(join(__dirname, '..', '..', '..'));
    expect(readdirSync(folders[0]).sort()).toEqual(['server.mjs', 'web']);
    expect(readdirSync(join(folders[0], 'web'))).toEqual(readdirSync(WEB).filter((name) => name !== 'jsconfig.json'));
  });

  test('fails without a front end', () => {
    expect(() => bundleServer(__dirname, folders[0])).toThrow(`the front end must have a page index.html, received ${JSON.stringify(__dirname)}`);
  });
});
