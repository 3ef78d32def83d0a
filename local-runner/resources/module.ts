import type { LocalCloud } from './local-cloud';
import { requireKnownProperties } from '../template/known-properties';
import type { ResourceType } from '../template/resource-types';
import type { Resource } from '../template/stack';

/** Some types of resources: how others refer to them, and what they are on this machine. */
export interface ResourceModule {
  readonly types: Readonly<Record<string, ResourceType>>;
  /** Gets all resources of the types at once, from all stacks. */
  readonly create: (resources: readonly Resource[], cloud: LocalCloud) => void | Promise<void>;
}

/** Where a resource is, for errors. */
export function pathOf({ stack, logicalId }: Resource): string {
  return `${stack}.${logicalId}`;
}

/**
 * The properties of a resource.
 *
 * @param ignored properties that change nothing on one machine
 * @throws Error that names a property that is neither read nor ignored
 */
export function propertiesOf<T>(resource: Resource, read: readonly (keyof T & string)[], ignored: readonly string[] = []): T {
  requireKnownProperties(resource.properties, [...read, ...ignored], pathOf(resource));
  return resource.properties as T;
}
