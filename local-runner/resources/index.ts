import { BUCKET_DEPLOYMENTS } from './bucket-deployments';
import { BUCKET_NOTIFICATIONS } from './bucket-notifications';
import { BUCKETS } from './buckets';
import { DISTRIBUTIONS } from './distributions';
import { EVENT_BUSES } from './event-buses';
import { EVENT_INVOKE_CONFIGS } from './event-invoke-configs';
import { EVENT_SOURCE_MAPPINGS } from './event-source-mappings';
import { FUNCTIONS } from './functions';
import { HTTP_APIS } from './http-apis';
import { IGNORED_TYPES } from './ignored';
import { INSTANCES } from './instances';
import { LAYER_VERSIONS } from './layer-versions';
import type { ResourceModule } from './module';
import { QUEUES } from './queues';
import { REST_APIS } from './rest-apis';
import { RULES } from './rules';
import { STATE_MACHINES } from './state-machines';
import { TABLES } from './tables';
import type { ResourceType } from '../template/resource-types';

/** What the runner runs, in the order in which it is created: what is connected before what connects. */
export const MODULES: readonly ResourceModule[] = [
  BUCKETS,
  TABLES,
  QUEUES,
  EVENT_BUSES,
  LAYER_VERSIONS,
  FUNCTIONS,
  EVENT_INVOKE_CONFIGS,
  EVENT_SOURCE_MAPPINGS,
  STATE_MACHINES,
  RULES,
  BUCKET_NOTIFICATIONS,
  HTTP_APIS,
  REST_APIS,
  BUCKET_DEPLOYMENTS,
  DISTRIBUTIONS,
  INSTANCES,
];

/** @returns undefined for a type that the runner neither runs nor ignores knowingly */
export function resourceType(type: string): ResourceType | undefined {
  return MODULES.find(({ types }) => type in types)?.types[type] ?? IGNORED_TYPES[type];
}
