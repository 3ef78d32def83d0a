import { randomUUID } from 'crypto';
import { json } from 'stream/consumers';
import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { EventBridge } from './event-bridge';
import type { RequestHandler } from '../../http/local-server';

const TARGET = 'AWSEvents.PutEvents';
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;

/** Takes what applications put on the event buses. */
export function putEvents(bus: EventBridge): RequestHandler {
  return async (request, response) => {
    const answer = (status: number, body: object) => void response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    if (request.headers['x-amz-target'] !== TARGET) return answer(400, { __type: 'UnknownOperationException', message: `the local runner knows ${TARGET} only` });
    const { Entries: entries = [] } = await json(request) as { readonly Entries?: readonly PutEventsRequestEntry[] };
    const problem = problemOf(entries);
    if (problem) return answer(400, { __type: 'ValidationException', message: problem });
    const results = entries.map((entry) => put(bus, entry));
    answer(200, { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results });
  };
}

function problemOf(entries: readonly PutEventsRequestEntry[]): string | undefined {
  if (entries.length === 0 || entries.length > MAX_ENTRIES) return `expected 1 to ${MAX_ENTRIES} entries, received ${entries.length}`;
  const bytes = entries.reduce((sum, { Source = '', DetailType = '', Detail = '' }) => sum + Buffer.byteLength(Source + DetailType + Detail), 0);
  return bytes > MAX_BYTES ? `expected at most ${MAX_BYTES} bytes, received ${bytes}` : undefined;
}

function put(bus: EventBridge, { EventBusName, Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): PutEventsResultEntry {
  if (!Source || !DetailType || !Detail) return { ErrorCode: 'InvalidArgument', ErrorMessage: 'expected Source, DetailType and Detail' };
  let detail: object;
  try {
    detail = JSON.parse(Detail);
  } catch {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  if (!bus.send(Source, DetailType, Resources, detail, EventBusName)) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `there is no event bus ${EventBusName}` };
  return { EventId: randomUUID() };
}
