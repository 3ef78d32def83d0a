import type { SQSBatchResponse } from 'aws-lambda';
import fc from 'fast-check';
import { dispatch } from '../../src/lambda/resize/delivery/dispatch';
import { ObjectEvent, parsePayload } from '../../src/lambda/resize/events/s3-events';
import { LocalHandler } from '../helpers/handler';

export interface EventFuzzOptions {
  readonly runs: number;
  readonly seed?: number;
  /** Milliseconds after which it ends, also before all runs. */
  readonly limit?: number;
}

type Json = ReturnType<typeof JSON.parse>;

/** The first of a LocalHandler. */
const BUCKET = 'source-1';
const KEYS = ['cat.jpg', 'a+b%20c', '%F0%9F%90%88', '%', '%zz', '../x', '\ud800', '', '\n', 'x'.repeat(2000)];
const NAMES = ['ObjectCreated:Put', 'ObjectRemoved:Delete', 'ObjectCreated:', 'ObjectRestore:Post', 'Object Created', 'Object Deleted', 'object created', '', 'constructor', 'toString', '__proto__'];
const TEXTS = [...KEYS, ...NAMES, 'aws.s3', 'aws:sqs', 's3:TestEvent', '2026-01-02T03:04:05.678Z', '{"Records":[]}'];

const record = fc.record({ key: fc.constantFrom(...KEYS), eventName: fc.constantFrom(...NAMES) }).map(({ key, eventName }): Json => ({
  eventSource: 'aws:s3',
  eventName,
  eventTime: '2026-01-02T03:04:05.678Z',
  awsRegion: 'eu-central-1',
  responseElements: { 'x-amz-request-id': 'REQUEST' },
  s3: { bucket: { name: BUCKET }, object: { key, size: 1024, eTag: 'etag', sequencer: '0055' } },
}));

const notification = fc.array(record, { minLength: 1, maxLength: 4 }).map((Records): Json => ({ Records }));

const bridged = fc.record({ key: fc.constantFrom(...KEYS), name: fc.constantFrom(...NAMES) }).map(({ key, name }): Json => ({
  'source': 'aws.s3',
  'detail-type': name,
  'region': 'eu-central-1',
  'time': '2026-01-02T03:04:05Z',
  'detail': { bucket: { name: BUCKET }, object: { key, size: 1024, sequencer: '0055' }, reason: 'PutObject' },
}));

const event = fc.oneof(notification, bridged);

const givenUp = event.map((requestPayload): Json => ({ version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload }));

const batch = fc.array(fc.oneof(event, givenUp), { minLength: 1, maxLength: 3 }).map((bodies): Json => ({
  Records: bodies.map((body, at) => ({
    messageId: `message-${at}`,
    eventSource: 'aws:sqs',
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
  })),
}));

const value = fc.oneof(fc.constantFrom<Json>(...TEXTS, null, 0, -1, 1e308, true, [], {}), fc.jsonValue() as fc.Arbitrary<Json>);
const edit = fc.record({ place: fc.nat(), kind: fc.constantFrom('replace', 'remove', 'repeat'), value });

/** An event with a few nodes that are something else, gone, or there twice. */
function faulty(valid: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.tuple(valid, fc.array(edit, { maxLength: 3 })).map(([json, edits]) => edits.reduce(apply, structuredClone(json)));
}

function apply(json: Json, { place, kind, value: replacement }: { place: number; kind: string; value: Json }): Json {
  const nodes = nodesOf(json);
  if (nodes.length === 0) return replacement;
  const [parent, name] = nodes[place % nodes.length];
  if (kind === 'remove') Reflect.deleteProperty(parent, name);
  else if (kind === 'repeat' && Array.isArray(parent)) parent.push(parent[Number(name)]);
  else parent[name] = replacement;
  return json;
}

function nodesOf(json: Json): [Json, string][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((name): [Json, string][] => [[json, name], ...nodesOf(json[name])]);
}

/** Whatever comes: every event of an object that is in it is found, or it is an error. */
export function fuzzParser({ runs, seed, limit }: EventFuzzOptions) {
  const payload = fc.oneof(faulty(fc.oneof(event, givenUp)), value);
  return fc.check(fc.property(payload, (json) => {
    const found = parsed(json);
    if (found instanceof Error) return;
    const expected = eventsIn(json);
    if (found.length !== expected) throw new Error(`expected ${expected} events, received ${JSON.stringify(found)}`);
    for (const one of found) requireSound(one);
  }), { numRuns: runs, seed, ...limited(limit) });
}

function parsed(json: Json): readonly ObjectEvent[] | Error {
  try {
    return parsePayload(json).events;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`expected an Error, received ${String(error)}`);
  }
}

/** Counted by looking, without the parser's own code. S3's test event holds none. */
function eventsIn(json: Json): number {
  if (json.Event === 's3:TestEvent') return 0;
  if (typeof json.requestContext === 'object' && json.requestContext !== null && 'requestPayload' in json) return eventsIn(json.requestPayload);
  if (json.source === 'aws.s3') return ['Object Created', 'Object Deleted'].includes(json['detail-type']) ? 1 : 0;
  return json.Records.filter(({ eventName }: Json) => /^Object(Created|Removed):/.test(eventName)).length;
}

function requireSound({ kind, bucket, key, sequencer, context }: ObjectEvent): void {
  const texts = [bucket, key, sequencer, context.name, context.time];
  // A time that is none.
  const isOrdered = !/NAN/.test(sequencer);
  if (!['created', 'removed'].includes(kind) || !isOrdered || texts.some((text) => typeof text !== 'string' || text === '')) {
    throw new Error(`expected a sound event, received ${JSON.stringify({ kind, bucket, key, sequencer, context })}`);
  }
}

/** Whatever comes: it ends as an error, as messages that are to come again, or with a line in the log for every event. */
export async function fuzzDispatch(handler: LocalHandler, { runs, seed, limit }: EventFuzzOptions) {
  const clock = { getRemainingTimeInMillis: () => 60_000 };
  if (handler.sourceBucket !== BUCKET) throw new Error(`expected a handler of bucket ${BUCKET}, received ${handler.sourceBucket}`);
  const payload = faulty(fc.oneof(event, givenUp, batch));
  return fc.check(fc.asyncProperty(payload, async (json) => {
    handler.logs.length = 0;
    let again: readonly Json[] = [];
    try {
      const answer = await dispatch(handler.services, json, clock, 2) as Partial<SQSBatchResponse> | undefined;
      again = answer?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
    } catch (error) {
      if (error instanceof Error) return;
      throw new Error(`expected an Error, received ${String(error)}`);
    }
    const done = messagesIn(json).filter(({ id }) => !again.includes(id)).map(({ payload: one }) => parsed(one));
    const broken = done.find((each) => each instanceof Error);
    if (broken) throw new Error('a message that is no event was taken as done', { cause: broken });
    const events = done.flatMap((each) => each as readonly ObjectEvent[]);
    if (events.length > handler.logs.length) throw new Error(`an event is in no line of the log: ${JSON.stringify(handler.logs)}`);
  }), { numRuns: runs, seed, ...limited(limit) });
}

function messagesIn(json: Json): { readonly id?: Json; readonly payload: Json }[] {
  if (json?.Records?.[0]?.eventSource !== 'aws:sqs') return [{ payload: json }];
  return json.Records.map(({ messageId: id, body }: Json) => ({ id, payload: parsedBody(body) }));
}

/** What no body can be stands for one that is no JSON. */
function parsedBody(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function limited(limit: number | undefined): { interruptAfterTimeLimit?: number } {
  return limit === undefined ? {} : { interruptAfterTimeLimit: limit };
}
