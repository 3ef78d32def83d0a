import { versionOf } from './imaging';
import { Ended } from './run';
import { ImageRecord, RenditionFacts } from '../../src/contract';
import { derivedId } from '../../src/handler/image-id';
import { prepareSources } from '../../src/handler/sources';

/** What is wrong with the world at the end of a history; empty when every promise is kept. */
export function violations(ended: Ended): string[] {
  const atTheEnd = ['x', 'y'].flatMap((key) => {
    // With a failure outstanding only the record has to be right.
    if (ended.deadLetters.some((message) => message.key === key)) return unfinished(ended, key);
    return ended.cloud.buckets.source.has(key) ? present(ended, key) : absent(ended, key);
  });
  return [...ended.illegal, ...atTheEnd];
}

function unfinished(ended: Ended, key: string): string[] {
  const newest = ended.deadLetters.filter((message) => message.key === key && message.created).map(({ sequencer }) => sequencer).sort().at(-1);
  return recordsOf(ended, key)
    .filter(({ status, sourceSequencer }) => status === 'PROCESSING' && sourceSequencer === newest)
    .map(() => `${key}: the event is in the dead-letter queue and its record is still PROCESSING`);
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
  const expected = taken || source.body.endsWith('broken') ? 'FAILED' : 'COMPLETED';
  if (found.status !== expected) problems.push(`${key}: status ${found.status}, expected ${expected}`);
  if (found.status === 'COMPLETED') problems.push(...Object.values(found.renditions ?? {}).flatMap((rendition) => renditionProblems(ended, key, rendition, version)));
  for (const other of recordsOf(ended, key)) {
    if (other !== found && other.status !== 'DELETED') problems.push(`${key}: a former record is ${other.status}`);
  }
  if (ended.history.deleteRenditions) problems.push(...leftovers(ended, key, expected === 'COMPLETED' ? version : undefined));
  return problems;
}

function absent(ended: Ended, key: string): string[] {
  const open = ended.history.deleteRenditions ? ['PENDING', 'PROCESSING', 'COMPLETED'] : ['PENDING', 'PROCESSING'];
  return [
    ...recordsOf(ended, key).filter(({ status }) => open.includes(status!)).map(({ status }) => `${key}: deleted, and its record is ${status}`),
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
