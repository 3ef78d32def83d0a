import { versionOf } from './imaging';
import { Ended } from './run';
import { ImageRecord, RenditionFacts } from '../../../src/contract';
import { derivedId } from '../../../src/lambda/resize/record/image-id';
import { prepareSources } from '../../../src/lambda/resize/sources/sources';

/** What is wrong with the world at the end of a history; empty when every promise is kept. */
export function violations(ended: Ended): string[] {
  const atTheEnd = ['x', 'y'].flatMap((key) => {
    // With a failure outstanding only the record has to be right.
    if (ended.deadLetters.some((message) => message.key === key)) return unfinished(ended, key);
    return ended.cloud.buckets.source.has(key) ? present(ended, key) : absent(ended, key);
  });
  return [...ended.illegal, ...atTheEnd];
}

/** The newest upload in the dead-letter queue has left its trace: that all its tries failed, unless a copy of it was handled. */
function unfinished(ended: Ended, key: string): string[] {
  const newest = ended.deadLetters.filter((message) => message.key === key && message.created).map(({ sequencer }) => sequencer).sort().at(-1);
  if (newest === undefined) return [];
  // A former record, which the event has closed, is none of its own.
  const records = recordsOf(ended, key).filter(({ replacedBy }) => !replacedBy);
  if (!records.some(({ sourceSequencer }) => sourceSequencer! >= newest)) return [`${key}: event ${newest} is in the dead-letter queue and in no record`];

  const hasHandledCopy = ended.handled.some(({ sequencer }) => sequencer === newest);
  const isRecorded = ({ status, failure }: Partial<ImageRecord>) => (hasHandledCopy ? status !== 'PROCESSING' : failure?.code === 'RETRIES_EXHAUSTED');
  return records
    .filter((one) => one.sourceSequencer === newest && !isRecorded(one))
    .map(({ status, failure }) => `${key}: event ${newest} is in the dead-letter queue and its record is ${status} ${failure?.code ?? ''}`.trim());
}

function present(ended: Ended, key: string): string[] {
  const source = ended.cloud.buckets.source.get(key)!;
  const version = versionOf(source.body);
  const derived = derivedId('metadata', prepareSources(ended.config)[0], key);
  const named = source.metadata['image-id'];
  const taken = named !== undefined && record(ended, named)?.sourceKey !== key;
  const found = record(ended, taken ? derived : named ?? derived);
  const problems: string[] = [];

  if (!found) return [`${key}: no record`];
  if (found.sourceETag !== source.etag) problems.push(`${key}: the record describes another version than the newest, ${version}`);
  const failure = taken ? 'IMAGE_ID_TAKEN' : source.body.endsWith('broken') ? 'CORRUPT_IMAGE' : undefined;
  const expected = failure ? 'FAILED' : 'COMPLETED';
  if (found.status !== expected) problems.push(`${key}: status ${found.status}, expected ${expected}`);
  if (found.failure?.code !== failure) problems.push(`${key}: failure ${found.failure?.code}, expected ${failure}`);
  if (found.status === 'COMPLETED') problems.push(...Object.values(found.renditions ?? {}).flatMap((rendition) => renditionProblems(ended, key, rendition, version)));
  for (const other of recordsOf(ended, key)) {
    if (other !== found && other.status !== 'DELETED') problems.push(`${key}: a former record is ${other.status}`);
  }
  if (ended.history.deleteRenditions) problems.push(...leftovers(ended, key, expected === 'COMPLETED' ? version : undefined));
  return problems;
}

function absent(ended: Ended, key: string): string[] {
  const records = recordsOf(ended, key);
  const isMissing = records.length === 0 && ended.uploads.some((upload) => upload.key === key);
  const final = ended.history.deleteRenditions ? ['DELETED'] : ['COMPLETED', 'FAILED', 'DELETED'];
  return [
    ...(isMissing ? [`${key}: no record`] : []),
    ...records.filter(({ status }) => !final.includes(status!)).map(({ status }) => `${key}: deleted, and its record is ${status}`),
    ...records.filter(({ status, failure }) => status === 'FAILED' && !failure).map(() => `${key}: failed without a code`),
    ...(ended.history.deleteRenditions ? leftovers(ended, key, undefined) : []),
  ];
}

function renditionProblems(ended: Ended, key: string, rendition: RenditionFacts, version: number): string[] {
  const output = ended.cloud.buckets.output.get(rendition.key);
  if (!output) return [`${key}: rendition ${rendition.key} is missing`];
  if (versionOf(output.body) !== version) return [`${key}: rendition ${rendition.key} is of version ${versionOf(output.body)}, not ${version}`];
  return [];
}

/** Renditions of the key that are not of the version that may have some. */
function leftovers(ended: Ended, key: string, version: number | undefined): string[] {
  const versions = new Set(ended.uploads.filter((upload) => upload.key === key && upload.version !== version).map((upload) => upload.version));
  return [...ended.cloud.buckets.output]
    .filter(([, { body }]) => versions.has(versionOf(body)))
    .map(([output, { body }]) => `${key}: ${output} of version ${versionOf(body)} was left behind`);
}

function record({ cloud }: Ended, id: string): Partial<ImageRecord> | undefined {
  return cloud.items.get(id);
}

/** All records of a key, without pointers to them. */
function recordsOf({ cloud }: Ended, key: string): Partial<ImageRecord>[] {
  return [...cloud.items.values()].filter((item: Partial<ImageRecord>) => item.sourceKey === key && item.pointsTo === undefined);
}
