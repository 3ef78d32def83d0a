let sequencer = 0;

/** The event of an object that is new to the handler, as S3 sends it. */
export function objectEvent(key: string, size: number): unknown {
  sequencer += 1;
  const s3 = { bucket: { name: 'source' }, object: { key, size, sequencer: String(sequencer).padStart(16, '0') } };
  return { Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: new Date(0).toISOString(), awsRegion: 'eu-central-1', s3 }] };
}
