/** What S3 tells of a change of an object, in no form yet. */
export interface S3Event {
  readonly kind: 'created' | 'removed';
  /** The second part of its name in notifications, such as `Put`. */
  readonly reason: string;
  readonly bucket: string;
  readonly key: string;
  /** As notifications have it; absent where S3 sends none. */
  readonly sequencer?: string;
  readonly time: string;
  readonly size?: number;
  readonly etag?: string;
  readonly versionId?: string;
}

/** The event as S3 sends it to queues and functions. */
export function notification({ kind, reason, bucket, key, sequencer, time, size, etag, versionId }: S3Event): object {
  return {
    Records: [{
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-central-1',
      eventTime: time,
      eventName: `${kind === 'created' ? 'ObjectCreated' : 'ObjectRemoved'}:${reason}`,
      s3: {
        bucket: { name: bucket },
        object: { key: key.split('/').map(encodeURIComponent).join('/').replaceAll('%20', '+'), size, eTag: etag, versionId, sequencer },
      },
    }],
  };
}

/** The event as EventBridge sends it, with a shorter form of the sequencer and its time in whole seconds. */
export function envelope({ kind, reason, bucket, key, sequencer, time, size, etag, versionId }: S3Event): object {
  return {
    'version': '0',
    'source': 'aws.s3',
    'detail-type': kind === 'created' ? 'Object Created' : 'Object Deleted',
    'time': `${time.slice(0, 19)}Z`,
    'region': 'eu-central-1',
    'detail': {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag, 'version-id': versionId, 'sequencer': sequencer?.slice(2).toLowerCase() },
      reason: kind === 'created' ? 'PutObject' : 'DeleteObject',
      ...(kind === 'removed' ? { 'deletion-type': reason === 'Delete' ? 'Permanently Deleted' : 'Delete Marker Created' } : {}),
    },
  };
}

/** What Lambda sends of an asynchronous invocation that failed in every try. */
export function givenUp(payload: unknown): object {
  return {
    version: '1.0',
    timestamp: '2026-01-02T03:04:05.678Z',
    requestContext: { requestId: 'request', functionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:resize:$LATEST', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'failed' },
  };
}

/** What a queue hands to the function. */
export function queueRecord(messageId: string, body: unknown, receives: number): object {
  return { messageId, eventSource: 'aws:sqs', body: JSON.stringify(body), attributes: { ApproximateReceiveCount: String(receives) } };
}
