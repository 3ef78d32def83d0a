import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { imageEvent, isSettled } from './image-event';
import { HandlerConfig, IMAGE_EVENT_SOURCE, IMAGE_EVENT_TYPES } from '../../../contract';
import { Catalog } from '../record/catalog';

/** What this process has told is not told again by it. */
const MAX_REMEMBERED = 1000;

/** Tells of the final states of images, where somebody asked for that: what a record says, never before it says so. */
export class Announcements {
  private readonly told = new Set<string>();

  constructor(
    private readonly client: Pick<EventBridgeClient, 'send'> | undefined,
    private readonly config: HandlerConfig,
    private readonly catalog: Catalog,
  ) {}

  /**
   * Tells what the record of an image has come to. One that is not final by now is told by whoever ends it.
   *
   * @throws Error when the event was not taken: the delivery is to be repeated, which tells again
   */
  public async tell(imageId: string): Promise<void> {
    const { events, pipelineName, catalog } = this.config;
    if (!events || !this.client) return;
    const record = await this.catalog.read(imageId);
    if (!isSettled(record)) return;
    const detail = imageEvent(pipelineName, catalog, imageId, record);
    if (this.told.has(detail.id)) return;
    const { FailedEntryCount = 0, Entries: [entry] = [] } = await this.client.send(new PutEventsCommand({
      Entries: [{
        EventBusName: events.bus,
        Source: IMAGE_EVENT_SOURCE,
        DetailType: IMAGE_EVENT_TYPES[detail.status],
        Detail: JSON.stringify(detail),
      }],
    }));
    if (FailedEntryCount > 0) throw new Error(`event bus ${events.bus} did not take the event of image ${imageId}: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
    this.remember(detail.id);
  }

  private remember(id: string): void {
    if (this.told.size >= MAX_REMEMBERED) this.told.clear();
    this.told.add(id);
  }
}
