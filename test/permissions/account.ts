import { Stack } from 'aws-cdk-lib';
import { resourceType } from '../../local-runner/resources';
import { readAssembly, Template } from '../../local-runner/template/assembly';
import { resolve, Scope } from '../../local-runner/template/intrinsics';
import { nameStacks } from '../../local-runner/template/stack';
import { createApp, createStack } from '../helpers/cdk';

export const PLACE = { account: '111111111111', region: 'eu-central-1' };

/** A resource of the template, with its name, its ARN and its properties as they would be deployed. */
export interface Resource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly properties: any;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Makes other statements of one, to show that the checks notice. */
export type Mutation = (statement: Statement) => readonly Statement[];

/** ARNs that policies and conditions name; the local runner has no use for them. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Events::Rule': (name) => `arn:aws:events:${PLACE.region}:${PLACE.account}:rule/${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${PLACE.account}:role/${name}`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:${PLACE.region}:${PLACE.account}:key/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${name}:*`,
  'AWS::CloudFront::Distribution': (name) => `arn:aws:cloudfront::${PLACE.account}:distribution/${name}`,
};

/** An account with one stack: its resources, and every policy as AWS would see it. */
export class Account {
  public static of(id: string, define: (stack: Stack) => void): Account {
    const app = createApp();
    const stack = createStack(id, app);
    define(stack);
    const [synthesized] = readAssembly(app.synth().directory);
    const [named] = nameStacks([synthesized], PLACE, resourceType);
    return new Account(synthesized.template, scopeOf(synthesized.template, named), (statement) => [statement]);
  }

  private readonly cache = new Map<string, readonly Resource[]>();

  private constructor(private readonly template: Template, private readonly scope: Scope, private readonly mutation: Mutation) {}

  /** The same account with other policies. */
  public with(mutation: Mutation): Account {
    return new Account(this.template, this.scope, mutation);
  }

  public resources(type: string): readonly Resource[] {
    const cached = this.cache.get(type) ?? Object.entries(this.template.Resources ?? {})
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, { Properties = {} }]) => ({
        logicalId,
        name: this.nameOf(type, logicalId),
        arn: type in ARNS || HAS_ARN.has(type) ? this.scope.getAtt(logicalId, 'Arn') as string : '',
        properties: resolve(Properties, this.scope, logicalId),
      }));
    this.cache.set(type, cached);
    return cached;
  }

  /** The resource of this logical id, without CDK's hash. */
  public resource(type: string, logicalId: string): Resource {
    const all = this.resources(type);
    const found = all.filter((each) => each.logicalId.replace(/[0-9A-F]{8}$/, '') === logicalId);
    if (found.length !== 1) throw new Error(`expected one ${type} ${logicalId}, received ${all.map((each) => each.logicalId).join(', ') || 'none'}`);
    return found[0];
  }

  /** What a role's own policies say. */
  public identityStatements(roleArn: string): readonly Statement[] {
    const role = this.resources('AWS::IAM::Role').find(({ arn }) => arn === roleArn);
    if (!role) throw new Error(`expected a role of the account, received ${roleArn}`);
    if (role.properties.ManagedPolicyArns) throw new Error(`role ${role.logicalId} has policies of AWS, which are not in the template`);
    const inline = (role.properties.Policies ?? []).map(({ PolicyDocument }: any) => PolicyDocument);
    const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => this.resources(type))
      .filter(({ properties }) => properties.Roles?.includes(role.name))
      .map(({ properties }) => properties.PolicyDocument);
    return this.mutated([...inline, ...attached].flatMap(({ Statement: statements }) => statements));
  }

  /** What the policy of the bucket, queue, function, key or table says to which an ARN belongs. */
  public resourceStatements(arn: string): readonly Statement[] {
    const documents = (type: string, isOf: (properties: any) => boolean, document = 'PolicyDocument') => this.resources(type)
      .filter(({ properties }) => isOf(properties))
      .flatMap(({ properties }) => properties[document].Statement as Statement[]);
    const [, , service, , , name] = arn.split(':');
    switch (service) {
      case 's3': return this.mutated(documents('AWS::S3::BucketPolicy', ({ Bucket }) => Bucket === name.split('/')[0]));
      case 'sqs': return this.mutated(documents('AWS::SQS::QueuePolicy', ({ Queues }) => Queues.some((url: string) => url.endsWith(`/${name}`))));
      case 'lambda': return this.mutated(this.resources('AWS::Lambda::Permission').filter(({ properties }) => properties.FunctionName === arn).map(permissionStatement));
      case 'kms': return this.mutated(this.resources('AWS::KMS::Key').filter((key) => key.arn === arn).flatMap(({ properties }) => properties.KeyPolicy.Statement));
      default: return [];
    }
  }

  /** The customer key that encrypts the bucket, queue or table to which an ARN belongs. */
  public keyOf(arn: string): string | undefined {
    const owner = (type: string) => this.resources(type).find((each) => arn === each.arn || arn.startsWith(`${each.arn}/`))?.properties;
    switch (arn.split(':')[2]) {
      case 's3': return owner('AWS::S3::Bucket')?.BucketEncryption?.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID;
      case 'sqs': return owner('AWS::SQS::Queue')?.KmsMasterKeyId;
      case 'dynamodb': return owner('AWS::DynamoDB::Table')?.SSESpecification?.KMSMasterKeyId;
      default: return undefined;
    }
  }

  private nameOf(type: string, logicalId: string): string {
    if (type === 'AWS::SQS::Queue') return this.scope.getAtt(logicalId, 'QueueName') as string;
    return lastOf(this.scope.ref(logicalId) as string);
  }

  private mutated(statements: readonly Statement[]): readonly Statement[] {
    return statements.flatMap((statement) => this.mutation(statement));
  }
}

const HAS_ARN: ReadonlySet<string> = new Set(['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine']);

/** The name in an ARN, as some types are referred to. */
function lastOf(ref: string): string {
  return ref.replace(/^arn:.*[:/]/, '');
}

function scopeOf(template: Template, named: Scope): Scope {
  return {
    ref: (name) => named.ref(name),
    getAtt: (logicalId, attribute) => {
      const { Type } = template.Resources![logicalId];
      const name = () => named.ref(logicalId) as string;
      if (Type === 'AWS::EC2::SecurityGroup') return `sg-${name()}`;
      return attribute === 'Arn' && Type in ARNS ? ARNS[Type](name()) : named.getAtt(logicalId, attribute);
    },
    condition: (name) => named.condition(name),
    mapping: (...path) => named.mapping(...path),
    importValue: (name) => named.importValue(name),
  };
}

/** The statement that Lambda writes into a function's policy. */
function permissionStatement({ properties: { Action, FunctionName, Principal, SourceArn, SourceAccount } }: Resource): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: Principal },
    Action,
    Resource: FunctionName,
    Condition: {
      ...(SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {}),
      ...(SourceAccount ? { StringEquals: { 'aws:SourceAccount': SourceAccount } } : {}),
    },
  };
}
