/** What S3 sends of an event. */
export interface Message {
  readonly key: string;
  readonly created: boolean;
  readonly sequencer: string;
  readonly body: string;
  receives: number;
}

export function messageOf(key: string, created: boolean, sequencer: string): Message {
  return { key, created, sequencer, receives: 0, body: notification(key, created, sequencer) };
}

function notification(key: string, created: boolean, sequencer: string): string {
  return JSON.stringify({
    Records: [{
      eventName: created ? 'ObjectCreated:Put' : 'ObjectRemoved:Delete',
      eventTime: '2026-01-02T03:04:05.678Z',
      s3: { bucket: { name: 'source' }, object: { key, sequencer } },
    }],
  });
}
