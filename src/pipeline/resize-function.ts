import { join } from 'path';
import { Annotations, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, Dependable } from 'constructs';
import { CONFIG_VARIABLE } from '../contract';
import { FunctionConfig } from './function-config';
import type { ResizeFunctionOptions } from './resize-function-options';
import { invalid, requireInteger } from '../support/checks';
import { WARNINGS } from '../support/warnings';

/** Folders of the packaged code, by Lambda's name of the architecture. */
const PLATFORMS: Readonly<Record<string, string>> = { arm64: 'linux-arm64', x86_64: 'linux-x64' };
export interface CreateFunctionProps {
  readonly options: ResizeFunctionOptions;
  /** Makes the configuration, which may grow until synthesis. */
  readonly renderedConfig: () => Record<string, unknown>;
  readonly encryptionKey?: IKey;
  readonly formerEncryptionKeys: readonly IKey[];
  readonly removalPolicy: RemovalPolicy;
}

export interface CreatedFunction {
  readonly resizeFunction: LambdaFunction;
  readonly role: IRole;
  readonly logGroup: LogGroup;
}

export function createFunction(scope: Construct, props: CreateFunctionProps): CreatedFunction {
  const { options, renderedConfig, encryptionKey, formerEncryptionKeys, removalPolicy } = props;
  const timeout = options.timeout ?? Duration.minutes(1);
  requireInteger('resizeFunction.memorySize', options.memorySize, 512, 10240, ' MiB');
  requireInteger('resizeFunction.reservedConcurrency', options.reservedConcurrency, 1, 1_000_000);
  if (timeout.isUnresolved()) throw invalid('resizeFunction.timeout', 'known at synth', timeout.toString(), 'the visibility timeout of the queue follows from it');
  requireInteger('resizeFunction.timeout', timeout.toSeconds(), 10, 900, ' seconds');

  const logGroup = new LogGroup(scope, 'LogGroup', { retention: options.logRetention ?? RetentionDays.ONE_MONTH, removalPolicy });
  const role = options.role ? roleIn(scope, options.role) : new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Resizes images: reads originals, writes renditions and their records',
  });
  // Not by the log group: for a role of what may be another account it would add a resource policy, of which there are ten in a region.
  const logs = Grant.addToPrincipal({ grantee: role, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resourceArns: [logGroup.logGroupArn] });
  if (options.vpc) grantNetworkInterfaces(role);
  for (const key of [encryptionKey, ...formerEncryptionKeys]) key?.grantDecrypt(role);
  if (!isEffective(logs, role)) {
    Annotations.of(scope).addWarningV2(WARNINGS.IMPORTED_ROLE,
      `resizeFunction.role cannot be changed from here: give it the permissions listed in docs/permissions.md of the package (${role.node.path})`);
  }

  const config = new FunctionConfig(scope, renderedConfig);
  const architecture = options.architecture ?? Architecture.ARM_64;
  const resizeFunction = new LambdaFunction(scope, 'Function', {
    description: 'Makes the renditions of images that arrive in S3',
    // Pinned: the payload is tested with it, and a newer runtime must not come with an update of CDK.
    runtime: Runtime.NODEJS_24_X,
    architecture,
    code: options.code ?? packagedHandler(architecture),
    handler: 'index.handler',
    memorySize: options.memorySize ?? 1769,
    timeout,
    role,
    logGroup,
    tracing: options.tracing,
    vpc: options.vpc,
    vpcSubnets: options.vpcSubnets,
    securityGroups: options.securityGroups,
    reservedConcurrentExecutions: options.reservedConcurrency,
    environmentEncryption: encryptionKey,
    environment: {
      [CONFIG_VARIABLE]: config.variable,
      // glibc keeps an arena per thread: without the limit libvips' threads fragment the memory.
      MALLOC_ARENA_MAX: '2',
    },
  });
  if (options.hook) resizeFunction.addLayers(options.hook._bind(scope, resizeFunction.runtime));
  config.attachTo(resizeFunction);
  return { resizeFunction, role, logGroup };
}

/** The policies of a role are in its stack, which would need what is in this one, and this one the role. */
function roleIn(scope: Construct, role: IRole): IRole {
  if (!Role.isRole(role) || Stack.of(role) === Stack.of(scope)) return role;
  // Two stacks must not give the role policies of one name.
  return Role.fromRoleArn(scope, 'SuppliedRole', role.roleArn, { defaultPolicyName: Names.uniqueResourceName(scope, { maxLength: 100 }) });
}

/** For a role that it may not change, CDK pretends success; only that no policy depends on it tells. */
function isEffective(grant: Grant, role: IRole): boolean {
  return Role.isRole(role) || Dependable.of(grant).dependencyRoots.length > 0;
}

function packagedHandler(architecture: Architecture): Code {
  const platform = PLATFORMS[architecture.name];
  if (!platform) throw invalid('resizeFunction.architecture', `${Object.keys(PLATFORMS).join(' or ')} unless code is given`, architecture.name);
  return Code.fromAsset(join(__dirname, '..', '..', 'assets', 'resize-handler', platform));
}

/** What `AWSLambdaVPCAccessExecutionRole` allows, without its rights on logs. */
function grantNetworkInterfaces(role: IRole): void {
  Grant.addToPrincipal({
    grantee: role,
    actions: [
      'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
      'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
    ],
    // Network interfaces have no names before they exist; the describe actions know no resources.
    resourceArns: ['*'],
  });
}
