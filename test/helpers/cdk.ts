import { App, AppProps, Aspects, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, BucketProps } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, INagLogger, NagLoggerNonComplianceData } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { CONFIG_VARIABLE, HandlerConfig, parseConfig } from '../../src/contract';

interface Suppression {
  readonly rule: string;
  /** Of the resource, from the root of the app. */
  readonly path: RegExp;
  /** Of those rules that have several findings for one resource. */
  readonly finding?: RegExp;
  readonly reason: string;
}

/** What cdk-nag finds and the library leaves as it is. Every other finding fails the test that made the stack. */
const SUPPRESSIONS: readonly Suppression[] = [
  {
    rule: 'AwsSolutions-S1',
    path: /\/(SourceBucket|OutputBucket|ReportBucket|Bucket|Photos|Renditions|Brand)\/Resource$/,
    reason: 'server access logs need a bucket and a retention, which the owner chooses',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/(SuppliedRole\/\w+|\w*Role\/(DefaultPolicy|Policy|OverflowPolicy\d+))\/Resource$/,
    finding: /^Resource::[^*]+\/[^*]*\*$/,
    reason: 'the objects below a prefix: their keys are not known before they are uploaded',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/\w*Role\/DefaultPolicy\/Resource$/,
    finding: /^Action::kms:(GenerateDataKey|ReEncrypt)\*$/,
    reason: 'variants of one right on one key, as CDK grants them for tables and queues',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/Vpc\w*\/Role\/DefaultPolicy\/Resource$/,
    finding: /^Resource::\*$/,
    reason: 'network interfaces have no names before they exist',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/Traced\/Role\/DefaultPolicy\/Resource$/,
    finding: /^Resource::\*$/,
    reason: 'X-Ray takes segments without naming a resource',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    finding: /^Resource::(\*|<\w*Function\w*\.Arn>:\*)$/,
    reason: 'log delivery and X-Ray know no resources; CDK grants the versions of a function with the function',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    finding: /^Resource::<\w*ReportBucket\w*\.Arn>\/(backfill|lists)\/\*$/,
    reason: 'reports and lists have the names of executions, and those that people give them',
  },
  {
    rule: 'AwsSolutions-IAM5',
    path: /\/StateMachine\/DistributedMapPolicy\/Resource$/,
    finding: /^Resource::arn:[^*]*:execution:[^*]*:\*$/,
    reason: 'executions of this state machine: they have no names before they exist',
  },
  {
    rule: 'AwsSolutions-SQS3',
    path: /\/DeadLetterQueue\/Resource$/,
    reason: 'the dead-letter queue of a state machine and a rule, which are no queues',
  },
  {
    rule: 'AwsSolutions-IAM4',
    path: /\/BucketNotificationsHandler050a0587b7544547bf325f094a3db834\/Role\/Resource$/,
    reason: 'the role of CDK\'s own handler of bucket notifications',
  },
  {
    rule: 'AwsSolutions-CFR1',
    path: /\/\w*Delivery\/Distribution\/Resource$/,
    reason: 'where images may be seen is the owner\'s business; nothing says that it is limited',
  },
  {
    rule: 'AwsSolutions-CFR2',
    path: /\/\w*Delivery\/Distribution\/Resource$/,
    reason: 'a firewall costs per month and guards applications; this delivers files, and webAclId takes one',
  },
  {
    rule: 'AwsSolutions-CFR3',
    path: /\/\w*Delivery\/Distribution\/Resource$/,
    reason: 'access logs need a bucket and a retention, which the owner chooses',
  },
  {
    rule: 'AwsSolutions-CFR4',
    path: /\/\w*Delivery\/Distribution\/Resource$/,
    reason: 'CloudFront\'s own certificate leaves no choice; with one of the owner it is TLS 1.2 of 2021',
  },
  {
    rule: 'AwsSolutions-APIG2',
    path: /\/Upload\/Api\/Resource$/,
    reason: 'parameters are validated; no schema describes the bytes of an image',
  },
  {
    rule: 'AwsSolutions-APIG3',
    path: /\/Upload\/Api\/DeploymentStage\.prod\/Resource$/,
    reason: 'a firewall costs per month; callers of this example sign their requests, which are throttled',
  },
  {
    rule: 'AwsSolutions-APIG6',
    path: /\/Upload\/Api\/DeploymentStage\.prod\/Resource$/,
    reason: 'execution logs go to a log group that outlives the stack; access logs have every status',
  },
  {
    rule: 'AwsSolutions-COG4',
    path: /\/Upload\/Bucket\/\{filename\}\/PUT\/Resource$/,
    reason: 'callers sign with AWS credentials; there are no user accounts',
  },
  {
    rule: 'AwsSolutions-IAM4',
    path: /\/Upload\/Api\/CloudWatchRole\/Resource$/,
    reason: 'the policy that API Gateway\'s manual names for the role with which an account\'s APIs log',
  },
  {
    rule: 'AwsSolutions-APIG4',
    path: /^\/OpenStack\/Api\/HttpApi\/[^/]+\/Resource$/,
    reason: 'the test of an API that its owner opens to everybody',
  },
];

const findingsOf = new WeakMap<IConstruct, NagLoggerNonComplianceData[]>();

/** An app that cdk-nag looks at, and that does not copy the handler's payload into its output. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { 'aws:cdk:disable-asset-staging': true, ...props.context } });
  const findings: NagLoggerNonComplianceData[] = [];
  findingsOf.set(app, findings);
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [collectInto(findings)] }));
  return app;
}

export function createStack(id = 'Stack', app = createApp(), props: StackProps = {}): Stack {
  return new Stack(app, id, props);
}

/** A bucket as its owner would make it. */
export function createBucket(stack: Stack, id = 'Bucket', props: BucketProps = {}): Bucket {
  return new Bucket(stack, id, { enforceSSL: true, ...props });
}

/** @throws Error with what cdk-nag found anywhere in the app and the table above does not explain */
export function synthesize(stack: Stack): Template {
  const template = Template.fromStack(stack);
  const unexplained = findingsOf.get(stack.node.root)!.filter((finding) => !SUPPRESSIONS.some((suppression) => explains(suppression, finding)));
  if (unexplained.length > 0) {
    throw new Error(unexplained.map(({ ruleId, findingId, resource, ruleInfo }) => `${ruleId} ${findingId} at ${resource.node.path}: ${ruleInfo}`).join('\n'));
  }
  return template;
}

/** What the handler would see of its configuration, with references as `plain` writes them. */
export function configOf(template: Template): HandlerConfig {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const variables = functions.map(({ Properties }) => Properties.Environment?.Variables ?? {}).find((found) => CONFIG_VARIABLE in found);
  return parseConfig({ [CONFIG_VARIABLE]: plain(variables[CONFIG_VARIABLE]) as string });
}

/** The properties of the only resource of a type, with references as `plain` writes them. */
export function propertiesOf(template: Template, type: string, logicalId?: string): any {
  const found = Object.entries(template.findResources(type)).filter(([id]) => !logicalId || withoutHash(id) === logicalId);
  if (found.length !== 1) throw new Error(`expected one ${type}, received ${found.map(([id]) => id).join(', ') || 'none'}`);
  return plain(found[0][1].Properties);
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string[];
  readonly Resource: string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** The statements of every policy that is attached to a role. */
export function statementsOf(template: Template, role: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => plain(Properties) as any)
    .filter(({ Roles }) => Roles.includes(role))
    .flatMap(({ PolicyDocument }) => statementsIn(PolicyDocument));
}

/** The statements of a policy document, with lists for single actions and resources. */
export function statementsIn(document: any): Statement[] {
  const { Statement: statements } = plain(document) as any;
  return statements.map((statement: any) => ({ ...statement, Action: [statement.Action].flat(), Resource: [statement.Resource].flat() }));
}

/** Everything a role may do, as `action resource`. */
export function rightsOf(template: Template, role: string): string[] {
  return statementsOf(template, role)
    .flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)))
    .sort();
}

/** The library's warnings, by id. */
export function warningsOf(stack: Stack): { path: string; id: string; message: string }[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ id, entry }) => ({ path: id, text: String(entry.data) }))
    .filter(({ text }) => !text.startsWith('AwsSolutions-'))
    .map(({ path, text }) => {
      const [, message, warning] = /^([^]*?) \[ack: (.*)\]$/.exec(text)!;
      return { path, id: warning, message };
    });
}

/** CloudFormation's functions as text: references by logical id without CDK's hash, attributes after a dot. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [[name, argument]] = entries;
    if (name === 'Ref') return withoutHash(argument);
    if (name === 'Fn::GetAtt') return `${withoutHash(argument[0])}.${argument[1]}`;
    if (name === 'Fn::Join') return (plain(argument[1]) as unknown[]).join(argument[0]);
    if (name === 'Fn::ImportValue') return exported(String(plain(argument)));
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** The logical id in the name that CDK gives to what one stack takes from another. */
function exported(name: string): string {
  return name.replace(/^.*:ExportsOutput(?:Ref|FnGetAtt)(.+?)[0-9A-F]{8}(?:Arn)?[0-9A-F]{8}$/, '$1');
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

function explains({ rule, path, finding }: Suppression, found: NagLoggerNonComplianceData): boolean {
  return rule === found.ruleId && path.test(`/${found.resource.node.path}`) && (finding?.test(found.findingId) ?? true);
}

function collectInto(findings: NagLoggerNonComplianceData[]): INagLogger {
  const ignore = () => undefined;
  return {
    onNonCompliance: (finding) => findings.push(finding),
    onError: ({ ruleId, errorMessage, resource }) => { throw new Error(`${ruleId} could not check ${resource.node.path}: ${errorMessage}`); },
    onCompliance: ignore,
    onSuppressed: ignore,
    onSuppressedError: ignore,
    onNotApplicable: ignore,
  };
}
