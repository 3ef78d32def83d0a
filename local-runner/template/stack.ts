import { SynthesizedStack, Template, TemplateResource } from './assembly';
import { holds, NO_VALUE, resolve, Scope } from './intrinsics';
import type { Place, ResourceType } from './resource-types';
import { Addresses } from '../http/addresses';

/** A resource of a template with physical name, resolved properties and metadata. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What is known of a type; undefined for one that the runner neither runs nor ignores knowingly. */
type TypeOf = (type: string) => ResourceType | undefined;

interface Known {
  readonly resource: TemplateResource;
  readonly type: ResourceType;
}

/** A template whose resources have names, so that what refers to them can be resolved. */
export class Stack implements Scope {
  readonly name: string;
  readonly assets: ReadonlyMap<string, string>;
  private readonly template: Template;
  private readonly known: ReadonlyMap<string, Known>;
  private readonly names = new Map<string, string>();
  private readonly pseudoParameters: Readonly<Record<string, unknown>>;

  /**
   * @param siblings all stacks of the app, whose exports can be imported
   * @param addresses that stand for others, in properties and outputs
   */
  constructor(
    synthesized: SynthesizedStack,
    private readonly place: Place,
    typeOf: TypeOf,
    private readonly siblings: readonly Stack[],
    private readonly addresses: Addresses,
  ) {
    this.name = synthesized.name;
    this.template = synthesized.template;
    this.assets = synthesized.assets;
    this.known = knownResources(this.name, synthesized.template, typeOf);
    this.pseudoParameters = {
      'AWS::AccountId': place.account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': place.region,
      'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${this.name}/local`,
      'AWS::StackName': this.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }

  /** The resources of one type whose condition holds. */
  resources(...types: string[]): Resource[] {
    return this.present().filter(([, { resource }]) => types.includes(resource.Type)).map(([logicalId, { resource, type }]) => {
      const name = this.nameOf(logicalId);
      const resolved = (part: object, at: string) => this.addresses.localize(resolve(part, this, at)) as Record<string, unknown>;
      return {
        stack: this.name,
        logicalId,
        type: resource.Type,
        name,
        arn: type.attributes(name, this.place).Arn,
        properties: resolved(resource.Properties ?? {}, `${this.name}.${logicalId}`),
        metadata: resolved(resource.Metadata ?? {}, `${this.name}.${logicalId}.Metadata`),
      };
    });
  }

  /** For each resource that answers HTTP requests, the host names that it has. */
  hosts(): (readonly string[])[] {
    return this.present().flatMap(([logicalId, { type }]) => (type.hosts ? [type.hosts(this.nameOf(logicalId), this.place)] : []));
  }

  outputs(): Record<string, string> {
    const outputs = Object.entries(this.template.Outputs ?? {}).filter(([, { Condition }]) => Condition === undefined || holds(Condition, this));
    return Object.fromEntries(outputs.map(([name, { Value }]) => [name, this.addresses.localize(String(resolve(Value, this, `${this.name}.Outputs.${name}`)))]));
  }

  /** The value that the stack exports under a name; undefined for none. */
  exported(exportName: string): unknown {
    const found = Object.values(this.template.Outputs ?? {}).find(({ Export }) => Export && resolve(Export.Name, this, `${this.name}.Outputs`) === exportName);
    return found && resolve(found.Value, this, `${this.name}.Outputs`);
  }

  ref(name: string): unknown {
    if (name in this.pseudoParameters) return this.pseudoParameters[name];
    const parameter = this.template.Parameters?.[name];
    if (parameter) return this.parameterValue(name, parameter);
    return this.knownAs(name).type.ref(this.nameOf(name), this.place);
  }

  getAtt(logicalId: string, attribute: string): unknown {
    const { resource, type } = this.knownAs(logicalId);
    if (type.attributeProperties?.includes(attribute)) return resolve(resource.Properties?.[attribute], this, `${this.name}.${logicalId}.${attribute}`);
    const value = type.attributes(this.nameOf(logicalId), this.place)[attribute];
    if (value === undefined) throw new Error(`Fn::GetAtt of ${this.name}.${logicalId} asks for ${JSON.stringify(attribute)}, which the local runner does not know of ${resource.Type}`);
    return value;
  }

  condition(name: string): unknown {
    const condition = this.template.Conditions?.[name];
    if (!condition) throw new Error(`stack ${this.name} has no condition ${JSON.stringify(name)}`);
    return condition;
  }

  mapping(name: string, topLevelKey: string, secondLevelKey: string): unknown {
    const value = this.template.Mappings?.[name]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) throw new Error(`stack ${this.name} has no mapping ${JSON.stringify([name, topLevelKey, secondLevelKey])}`);
    return value;
  }

  importValue(exportName: string): unknown {
    const value = this.siblings.map((stack) => stack.exported(exportName)).find((exported) => exported !== undefined);
    if (value === undefined) throw new Error(`no stack of the app exports ${JSON.stringify(exportName)}`);
    return value;
  }

  /** The resources whose condition holds. */
  private present(): [string, Known][] {
    return [...this.known].filter(([, { resource: { Condition } }]) => Condition === undefined || holds(Condition, this));
  }

  private parameterValue(name: string, { Type, Default }: { readonly Type: string; readonly Default?: unknown }): unknown {
    // Which image a machine has means nothing here.
    if (Type === 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>') return 'ami-00000000000000000';
    if (Default === undefined || Type.startsWith('AWS::SSM::')) {
      throw new Error(`parameter ${this.name}.${name} must have a default value for the local runner, received type ${JSON.stringify(Type)}`);
    }
    return Default;
  }

  private nameOf(logicalId: string): string {
    const present = this.names.get(logicalId);
    if (present !== undefined) return present;
    const { resource, type } = this.knownAs(logicalId);
    const given = type.nameProperty && resource.Properties?.[type.nameProperty];
    const name = given ? (resolve(given, this, `${this.name}.${logicalId}.${type.nameProperty}`) as string) : type.generateName(this.name, logicalId);
    this.names.set(logicalId, name);
    return name;
  }

  private knownAs(logicalId: string): Known {
    const known = this.known.get(logicalId);
    if (!known) throw new Error(`stack ${this.name} has no resource or parameter ${JSON.stringify(logicalId)}`);
    return known;
  }
}

/** Names the resources of all stacks of an app. */
export function nameStacks(synthesized: readonly SynthesizedStack[], place: Place, typeOf: TypeOf, addresses: Addresses = new Addresses()): Stack[] {
  const stacks: Stack[] = [];
  for (const each of synthesized) stacks.push(new Stack(each, place, typeOf, stacks, addresses));
  return stacks;
}

function knownResources(stack: string, template: Template, typeOf: TypeOf): Map<string, Known> {
  const known = new Map<string, Known>();
  const unknown: string[] = [];
  for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
    const type = typeOf(resource.Type);
    if (type) known.set(logicalId, { resource, type });
    else unknown.push(`${logicalId} (${resource.Type})`);
  }
  if (unknown.length > 0) throw new Error(`stack ${stack} has resources that the local runner neither runs nor knowingly ignores: ${unknown.join(', ')}`);
  return known;
}
