import { pathOf, propertiesOf, ResourceModule } from './module';
import { EventSourceMapping } from '../services/lambda/event-source-mapping';
import { connection } from '../template/resource-types';

interface EventSourceMappingProperties {
  readonly BatchSize?: number;
  readonly Enabled?: boolean;
  readonly EventSourceArn: string;
  readonly FilterCriteria?: object;
  readonly FunctionName: string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

const READ = ['BatchSize', 'Enabled', 'EventSourceArn', 'FilterCriteria', 'FunctionName', 'FunctionResponseTypes', 'ScalingConfig'] as const;
/** A batch starts as soon as there is a message. */
const IGNORED = ['MaximumBatchingWindowInSeconds', 'MetricsConfig', 'Tags'];

export const EVENT_SOURCE_MAPPINGS: ResourceModule = {
  types: { 'AWS::Lambda::EventSourceMapping': connection() },
  create(resources, cloud) {
    for (const resource of resources) {
      const properties = propertiesOf<EventSourceMappingProperties>(resource, READ, IGNORED);
      if (properties.FilterCriteria) throw new Error(`${pathOf(resource)} filters events, which the local runner does not know`);
      if (properties.Enabled === false) continue;
      const target = cloud.function(properties.FunctionName);
      const queue = cloud.queue(properties.EventSourceArn);
      const mapping = new EventSourceMapping({
        queue,
        target,
        region: cloud.machine.region,
        batchSize: properties.BatchSize ?? 10,
        concurrency: Math.min(target.concurrency, properties.ScalingConfig?.MaximumConcurrency ?? Infinity),
        reportsFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      });
      cloud.countPending(queue, () => queue.size);
      cloud.onStop(() => mapping.ended());
    }
  },
};
