import { createHash } from 'crypto';

/** What the runner knows of a type of resource: what `Ref` and `Fn::GetAtt` give, and the property that names it. */
export interface ResourceType {
  readonly nameProperty?: string;
  /** The generated name, within the limits of the service. */
  readonly generateName: (stack: string, logicalId: string) => string;
  readonly ref: (name: string, place: Place) => string;
  readonly attributes: (name: string, place: Place) => Readonly<Record<string, string>>;
  /** Properties that the resource gives back as attributes. */
  readonly attributeProperties?: readonly string[];
  /** The host names under which the resource answers HTTP requests; the runner has one server for all of them. */
  readonly hosts?: (name: string, place: Place) => readonly string[];
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The logical id with the stack's name before it. */
export const named = (maxLength: number) => (stack: string, logicalId: string) => `${stack}-${logicalId}`.slice(-maxLength).replace(/^[^A-Za-z0-9]+/, '');

/** An id as services make them up, the same in every run. */
export function generatedId(stack: string, logicalId: string): string {
  return BigInt(`0x${createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')}`).toString(36).slice(0, 10);
}

export function arnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** Resources that only connect others. */
export function connection(): ResourceType {
  return { generateName: named(255), ref: (name) => name, attributes: () => ({}) };
}

/** Resources that belong to one other and are known by a made-up id, which an attribute may give as well. */
export function member(idAttribute?: string): ResourceType {
  return { generateName: generatedId, ref: (id) => id, attributes: (id) => (idAttribute ? { [idAttribute]: id } : {}) };
}
