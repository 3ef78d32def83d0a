import { pathOf, propertiesOf, ResourceModule } from './module';
import { NotificationConfiguration, Notifications } from '../services/s3/storage/notifications';
import { connection } from '../template/resource-types';

interface BucketNotificationsProperties {
  readonly BucketName: string;
  readonly NotificationConfiguration: NotificationConfiguration;
}

const READ = ['BucketName', 'NotificationConfiguration'] as const;
/** Who calls S3, whether the bucket had notifications before, and a check that S3 makes. */
const IGNORED = ['Managed', 'ServiceToken', 'SkipDestinationValidation'];

export const BUCKET_NOTIFICATIONS: ResourceModule = {
  types: { 'Custom::S3BucketNotifications': connection() },
  create(resources, cloud) {
    const notifications = new Notifications({
      queue: (arn) => cloud.receiver(arn),
      lambda: (arn) => cloud.receiver(arn),
      eventBridge: (record) => cloud.bus.publish(record),
    });
    cloud.onStop(cloud.machine.services.s3.onEvent((record) => notifications.publish(record)));
    for (const resource of resources) {
      const { BucketName, NotificationConfiguration: configuration } = propertiesOf<BucketNotificationsProperties>(resource, READ, IGNORED);
      if (!cloud.hasBucket(BucketName)) {
        throw new Error(`${pathOf(resource)} is about bucket ${JSON.stringify(BucketName)}, which no stack creates: name it in the option buckets`);
      }
      notifications.configure(BucketName, configuration, pathOf(resource));
    }
  },
};
