import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What CloudFormation replaces a resource for, of the types that are exported. Layers are replaced for anything. */
const REPLACED_FOR: Readonly<Record<string, readonly string[] | 'anything'>> = {
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::CloudFront::Distribution': [],
  'AWS::EC2::SecurityGroup': ['GroupName', 'GroupDescription', 'VpcId'],
  'AWS::EC2::Subnet': ['VpcId', 'AvailabilityZone', 'CidrBlock'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'ImportSourceSpecification'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::KMS::Key': ['KeySpec'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::LayerVersion': 'anything',
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
};

/** The templates of an app's stacks, by the names of the stacks, as far as exports are concerned. */
export class Deployment {
  private readonly templates: ReadonlyMap<string, any>;

  constructor(stacks: readonly Stack[]) {
    this.templates = new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));
  }

  /** The names of exports that other stacks import. */
  public imports(): Set<string> {
    return new Set([...this.templates.values()].flatMap((template) => importsIn(template)));
  }

  /** What an export stands for: its value, and what a change of which makes the value another one. */
  public exports(): Map<string, string> {
    return new Map([...this.templates.values()].flatMap(({ Outputs = {}, Resources, Parameters = {} }) => {
      const exported = Object.values<any>(Outputs).filter(({ Export }) => Export !== undefined);
      const identities = (value: unknown) => idsIn(value).map((id) => Parameters[id]?.Default ?? identityOf(id, Resources[id]));
      const meaning = (value: unknown) => JSON.stringify([value, ...identities(value)]);
      return exported.map(({ Export, Value }) => [Export.Name, meaning(Value)] as const);
    }));
  }
}

/** Exports that stacks of a deployment import and another one does not have in the same way. */
export function missingExports(of: Deployment, from: Deployment): string[] {
  const [needed, there] = [of.exports(), from.exports()];
  return [...of.imports()].filter((name) => needed.get(name) !== there.get(name));
}

/** Exports that a deployment would change or take away while a stack that is not deployed yet imports them: CloudFormation refuses it. */
export function refusedExports(before: Deployment, after: Deployment): string[] {
  const [was, is] = [before.exports(), after.exports()];
  return [...before.imports()].filter((name) => is.get(name) !== was.get(name)).map((name) => `${name} ${is.has(name) ? 'changes' : 'vanishes'}`).sort();
}

function identityOf(id: string, { Type, Properties = {} }: Resource): unknown {
  const replacedFor = REPLACED_FOR[Type];
  if (!replacedFor) throw new Error(`${Type} ${id} is exported: say in ${__filename} for which properties CloudFormation replaces it`);
  return [Type, replacedFor === 'anything' ? Properties : replacedFor.map((name) => Properties[name])];
}

function importsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === 'Fn::ImportValue' ? [value as string] : importsIn(value)));
}

function idsIn(value: any): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Ref' in value) return value.Ref.startsWith('AWS::') ? [] : [value.Ref];
  if ('Fn::GetAtt' in value) return [value['Fn::GetAtt'][0]];
  return Object.values(value).flatMap(idsIn);
}
