import { pathOf, propertiesOf, ResourceModule } from './module';
import { connection } from '../template/resource-types';

interface EventInvokeConfigProperties {
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination: string }; readonly OnSuccess?: object };
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
}

const READ = ['DestinationConfig', 'FunctionName', 'MaximumRetryAttempts'] as const;
/** The version is always the latest, and nothing waits here for hours. */
const IGNORED = ['MaximumEventAgeInSeconds', 'Qualifier'];

export const EVENT_INVOKE_CONFIGS: ResourceModule = {
  types: { 'AWS::Lambda::EventInvokeConfig': connection() },
  create(resources, cloud) {
    for (const resource of resources) {
      const { DestinationConfig, FunctionName, MaximumRetryAttempts } = propertiesOf<EventInvokeConfigProperties>(resource, READ, IGNORED);
      if (DestinationConfig?.OnSuccess) throw new Error(`${pathOf(resource)} has a destination for successes, which the local runner does not know`);
      cloud.configureAsyncInvocations(cloud.function(FunctionName), {
        maxRetries: MaximumRetryAttempts,
        onFailure: DestinationConfig?.OnFailure && cloud.receiver(DestinationConfig.OnFailure.Destination),
      });
    }
  },
};
