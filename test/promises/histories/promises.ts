import {
  chosenOf, Expectation, failureOf, focalPointOf, identityOf, isRefused, mayBeSlow, ownersOf, profilesOf, record, Record, renditionsOf,
} from './expectation';
import { Upload } from './history';
import { answerOf, DeployedConfig } from './hook';
import { ordered, orderOf } from './message';
import { Newest, Rested } from './run';
import { stateName } from './watch';
import { NOT_CHOSEN, RENDITION_METADATA, renditionName, SourceConfig } from '../../../src/contract';
import { isSettled } from '../../../src/lambda/resize/announcements/image-event';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { SOURCE } from '../cloud/cloud';
import { isTrimmed, shown, versionOf } from '../cloud/imaging';
import { rightsOf } from '../cloud/rights';

const FINAL = ['COMPLETED', 'FAILED', 'DELETED'];

/** What is wrong with the trace that dead letters leave: that all tries failed, unless a copy of the event was handled. */
export function untraced(rested: Rested): string[] {
  return [...rested.newest.keys()].flatMap((key) => {
    const letters = rested.deadLetters.filter(({ event, request }) => event.key === key && event.kind === 'created' && !request);
    const newest = letters.map(({ event }) => orderOf(event)).sort().at(-1);
    const images = [...rested.uploads.values()].filter((upload) => upload.key === key).every(isImage);
    // Without a right, or when the record has expired, there may be no trace.
    if (newest === undefined || !images || rested.configs.length > 1 || recordsThatExpired(rested, key).length > 0) return [];
    // A former record, which the event has closed, is none of its own.
    const records = recordsOf(rested, key).filter(({ replacedBy }) => !replacedBy);
    const isRecordedFor = letters.some(({ event, isRecorded: recorded }) => recorded && orderOf(event) === newest);
    const isTraced = recordsOf(rested, key).some(({ sourceSequencer = '', replacedBy }) => ordered(sourceSequencer) > newest
      || (ordered(sourceSequencer) === newest && !replacedBy));
    if (isRecordedFor && !isTraced) return [`${key}: event ${newest} is in the dead-letter queue and in no record`];

    const hasHandledCopy = rested.handled.some(({ event, request }) => event.key === key && (request || orderOf(event) === newest));
    // The last deliveries may have come to another end before they were killed, and what is gone is so for good.
    const codes: (string | undefined)[] = ['RETRIES_EXHAUSTED', ...(rested.cloud.source.get(key) ? [] : ['SOURCE_NOT_FOUND'])];
    const isRecorded = ({ status, failure }: Record) => (hasHandledCopy || !isRecordedFor ? status !== 'PROCESSING' || !isRecordedFor : codes.includes(failure?.code));
    return records
      .filter((one) => ordered(one.sourceSequencer!) === newest && !isRecorded(one))
      .map(({ status, failure }) => `${key}: event ${newest} is in the dead-letter queue and its record is ${status} ${failure?.code ?? ''}`.trim());
  });
}

/**
 * What is wrong with the world when no failure is outstanding; empty when every promise is kept.
 *
 * @param resent whether every newest event was sent again after the last deployment
 */
export function violations(rested: Rested, resent: boolean): string[] {
  const letters = rested.deadLetters.map(({ event }) => `${event.key}: event ${event.sequencer} is still in the dead-letter queue`);
  if (rested.watch.isSplit) return letters;
  const problems = [...rested.watch.problems, ...letters, ...untold(rested)];
  return [...new Set([...problems, ...[...rested.newest.keys()].flatMap((key) => problemsOf(rested, key, resent))])];
}

/** Images whose last state was not the last that was told of them. */
function untold(rested: Rested): string[] {
  const { cloud, watch, history } = rested;
  if (!history.tells) return [];
  return [...cloud.items].flatMap(([id, item]: [string, Record]) => {
    const hasExpired = cloud.table.expired.some((other) => other.imageId === id);
    if (hasExpired || !isSettled(item) || !sourceOf(rested, item.sourceKey!) || recordsThatExpired(rested, item.sourceKey!).length > 0) return [];
    // Of an id that became a pointer, its events no longer tell.
    if (item.namedIds || item.closedIds) return [];
    const told = watch.told.get(id);
    // The mark of what is no image: there was none, or it was told of when it went.
    if (item.status === 'DELETED' && (!told || told.status === 'DELETED')) return [];
    const last = told && JSON.stringify([id, told.order, told.status]);
    return last === stateName(id, item) ? [] : [`${id}: is ${stateName(id, item)}, and what was told last is ${last}`];
  });
}

function problemsOf(rested: Rested, key: string, resent: boolean): string[] {
  const { history, configs, cloud, watch } = rested;
  const newest = rested.newest.get(key)!;
  const records = recordsOf(rested, key);
  const unfinished = records.filter(({ status }) => !FINAL.includes(status!)).map(({ status }) => `${key}: its record is still ${status}`);
  if (unfinished.length > 0) return unfinished;
  const codeless = records.filter(({ status, failure }) => status === 'FAILED' && !failure?.code).map(() => `${key}: failed without a code`);
  if (codeless.length > 0) return codeless;
  // What has no source any more, was changed without a word, or had its record expire, is as it was.
  if (!sourceOf(rested, key) || !newest.told || expired(rested, key, newest)) return [];

  const object = cloud.source.get(key) ?? watch.consumed.get(key);
  if (!object) return absent(rested, key);
  if (watch.unseen.has(key)) return [];
  // What was stored lately, a request leaves to the event of it, which it may have overtaken where clocks differ.
  const wasAsked = rested.handled.some(({ event, request }) => request && event.key === key);
  if (history.deletes === 'sources' && cloud.source.get(key) && !wasAsked && records.some(hasAll)) {
    return [`${key}: has renditions, and its source is still there`];
  }
  // Sending a deletion again, or the event of what is not there any more, makes nothing of the new configuration.
  const isOfNewest = resent && newest.event.kind === 'created' && cloud.source.get(key) !== undefined;
  const expectationsOf = (config: DeployedConfig) => {
    const source = config.sources.find(({ prefix }) => key.startsWith(prefix));
    return source ? [...new Set(configs.map(({ hookName }) => hookName))].map((hook) => ({ key, object, config, source, hook })) : [];
  };
  // What was completed stays as it is where it cannot be made at all any more, and where originals are deleted.
  const isImpossible = expectationsOf(configs.at(-1)!)
    .some((each) => each.hook === each.config.hookName && (isRefused(rested, each) || mayBeSlow(rested, each)));
  const stays = (isImpossible || history.deletes === 'sources') && records.some(({ status }) => status === 'COMPLETED');
  const isRenewed = isOfNewest && !stays;
  const problems = (isRenewed ? configs.slice(-1) : configs).flatMap(expectationsOf).filter((each) => !isRenewed || isAsked(rested, each))
    .map((each) => [...present(rested, each), ...isRenewed ? outdated(records, each) : []]);
  return problems.find((each) => each.length === 0) ?? problems.at(-1)!;
}

/** Whether a hook may have decided what an image has after the last deployment: it was asked by the same settings, or left all as it is. */
function isAsked(rested: Rested, expectation: Expectation): boolean {
  const { configs, history, uploads } = rested;
  const profiles = profilesOf(expectation).map(({ name }) => name);
  const { refuse, profiles: chosen } = answerOf(expectation.hook, uploads.get(expectation.object)!.kind, { profiles });
  const leavesAll = !refuse && (chosen ?? profiles).length === profiles.length;
  // A prefix that decides ids alone has nothing made again.
  const digest = digestOf(configs.at(-1)!, expectation);
  const isAskedNow = configs.some((config) => config.hookName === expectation.hook && digestOf(config, expectation) === digest);
  return leavesAll || isAskedNow || history.imageId === 'key';
}

function digestOf(config: DeployedConfig, { key }: Expectation): string | undefined {
  return prepareSources(config).find(({ prefix }) => key.startsWith(prefix))?.configDigest;
}

/** Whether nothing is lacking that is wanted. */
function hasAll({ status, skipped = {} }: Record): boolean {
  return status === 'COMPLETED' && Object.values(skipped).every(({ code }) => code === NOT_CHOSEN);
}

/** What has come to its end by other settings than those of the last deployment. */
function outdated(records: readonly Record[], expectation: Expectation): string[] {
  const { key, config } = expectation;
  return records.filter((one) => one.status !== 'DELETED' && one.configDigest !== digestOf(config, expectation))
    .map(({ status }) => `${key}: its record is ${status} by the settings of an earlier deployment`);
}

function present(rested: Rested, expectation: Expectation): string[] {
  const { key, object } = expectation;
  const { kind } = rested.uploads.get(object)!;
  const records = recordsOf(rested, key);
  const { id, derived, taken } = identityOf(rested, expectation);
  if (kind === 'empty' || kind === 'own') {
    const codes = [kind === 'empty' ? 'EMPTY_OBJECT' : 'OWN_RENDITION', ...(taken ? ['IMAGE_ID_TAKEN'] : [])];
    return [...noImage(key, records, codes), ...leftovers(rested, key, new Map())];
  }
  if (kind === 'archived' || kind === 'customerKey') {
    // The metadata, and so the name, cannot be asked for.
    const codes = [kind === 'archived' ? 'ARCHIVED' : 'CUSTOMER_KEY', ...(taken || ownersOf(rested, key) ? ['IMAGE_ID_TAKEN'] : [])];
    return [...unreadable(key, records, codes), ...leftovers(rested, key, new Map())];
  }
  const found = record(rested, id);
  if (!found) return [`${key}: no record`];
  const problems: string[] = [];
  if (found.sourceETag !== object.etag || found.sourceVersionId !== object.versionId) {
    problems.push(`${key}: the record describes another version than the newest, ${versionOf(object.body)}`);
  }
  const failure = failureOf(rested, expectation, taken, found);
  const status = failure ? 'FAILED' : 'COMPLETED';
  if (found.status !== status) problems.push(`${key}: status ${found.status} ${found.failure?.code ?? ''}, expected ${status} ${failure ?? ''}`);
  if (found.failure?.code !== failure) problems.push(`${key}: failure ${found.failure?.code}, expected ${failure}`);
  const renditions = failure ? new Map<string, string>() : renditionsOf(rested, expectation, id, found);
  if (!taken && id !== derived && record(rested, derived)?.pointsTo !== id) problems.push(`${key}: nothing points to ${id}`);
  if (found.status === 'COMPLETED') problems.push(...renditionProblems(rested, key, found, renditions), ...factsProblems(rested, expectation, found));
  problems.push(...records.filter((other) => other !== found && other.status !== 'DELETED').map((other) => `${key}: a former record is ${other.status}`));
  return [...problems, ...leftovers(rested, key, renditions)];
}

function absent(rested: Rested, key: string): string[] {
  const records = recordsOf(rested, key);
  const images = [...rested.uploads.values()].some((upload) => upload.key === key && isImage(upload));
  const isMissing = records.length === 0 && images;
  const open = rested.history.deletes === 'renditions' ? records.filter(({ status }) => status !== 'DELETED') : [];
  return [
    ...(isMissing ? [`${key}: no record`] : []),
    ...open.map(({ status }) => `${key}: deleted, and its record is ${status}`),
    ...leftovers(rested, key, new Map()),
  ];
}

/** What is no image has no record, or ends the one of the image before it. */
function noImage(key: string, records: readonly Record[], codes: readonly string[]): string[] {
  return records.filter(({ status, failure }) => status !== 'DELETED' && !(status === 'FAILED' && codes.includes(failure!.code)))
    .map(({ status, failure }) => `${key}: is ${codes[0]}, and its record is ${status} ${failure?.code ?? ''}`);
}

function unreadable(key: string, records: readonly Record[], codes: readonly string[]): string[] {
  return records.some(({ status }) => status === 'FAILED') ? noImage(key, records, codes) : [`${key}: is ${codes[0]}, and no record says so`];
}

/** What a completed record says beside where its renditions are. */
function factsProblems(rested: Rested, expectation: Expectation, { original, skipped = {}, renditions = {} }: Record): string[] {
  const { key, object } = expectation;
  const { kind } = rested.uploads.get(object)!;
  const chosen = chosenOf(rested, expectation);
  const left = new Map(profilesOf(expectation).map((profile) => [renditionName(profile.name, 'original'), profile] as const).filter(([name]) => !(name in renditions)));
  // What cannot be made stays so, also where another hook leaves it out.
  const isReason = (name: string, code: string) => (code === 'TIMEOUT' && rested.history.slow && left.has(name) && isTrimmed(left.get(name)!)) || code === { flat: 'TOO_LARGE', tangled: 'TIMEOUT', fragile: 'CORRUPT_IMAGE' }[kind as 'flat']
    || (code === NOT_CHOSEN && !chosen.includes(left.get(name)!));
  const words = rested.configs.map(({ hookName }) => answerOf(hookName, kind, { profiles: [] }).attributes?.by);
  return [
    ...differ(`${key}: focal point`, original!.focalPoint, focalPointOf(object)),
    ...differ(`${key}: skipped`, Object.keys(skipped).sort(), [...left.keys()].sort()),
    ...Object.entries(skipped).filter(([name, { code }]) => !isReason(name, code)).map(([name, { code }]) => `${key}: skipped ${name} for ${code}`),
    ...words.includes(original!.attributes?.by) ? [] : [`${key}: attributes ${JSON.stringify(original!.attributes)}, which no hook gave`],
  ];
}

function differ(what: string, received: unknown, expected: unknown): string[] {
  const [one, other] = [JSON.stringify(received), JSON.stringify(expected)];
  return one === other ? [] : [`${what} ${one}, expected ${other}`];
}

function renditionProblems(rested: Rested, key: string, found: Record, expected: ReadonlyMap<string, string>): string[] {
  const recorded = Object.entries(found.renditions ?? {});
  const places = recorded.map(([, rendition]) => `${rendition.bucket}/${rendition.key}`).sort();
  if (JSON.stringify(places) !== JSON.stringify([...expected.keys()].sort())) return [`${key}: renditions ${places.join()}, expected ${[...expected.keys()].join()}`];
  return recorded.flatMap(([name, { bucket, key: output, profile }]) => {
    const object = rested.cloud.buckets[bucket].get(output);
    if (!object) return [`${key}: rendition ${output} is missing`];
    if (name !== renditionName(profile, 'original')) return [`${key}: rendition ${name} is of profile ${profile}`];
    const body = expected.get(`${bucket}/${output}`);
    if (shown(object.body) !== body) return [`${key}: rendition ${output} is ${JSON.stringify(object.body)}, expected ${JSON.stringify(body)}`];
    const etag = object.metadata[RENDITION_METADATA.sourceETag];
    return etag === found.sourceETag ? [] : [`${key}: rendition ${output} says that it is of ${etag}, not ${found.sourceETag}`];
  });
}

/** Renditions of the key that nothing should have. */
function leftovers(rested: Rested, key: string, expected: ReadonlyMap<string, string>): string[] {
  const rights = rested.configs.map((config) => rightsOf(config, false));
  // Ever since something was there.
  const mayAlwaysDelete = (name: string, output: string) => {
    const allowed = rights.map((each) => each.allows('DeleteObject', name, output));
    return allowed.includes(true) && !allowed.slice(allowed.indexOf(true)).includes(false);
  };
  if (rested.history.deletes !== 'renditions' || recordsThatExpired(rested, key).length > 0) return [];
  const versions = new Set([...rested.uploads].filter(([, upload]) => upload.key === key).map(([{ body }]) => versionOf(body)));
  const listed = new Set([...rested.cloud.items.values()].flatMap((item: Record) => (item.sourceKey === key ? [...item.outputs ?? []] : [])));
  const problems: string[] = [];
  for (const [name, bucket] of Object.entries(rested.cloud.buckets)) {
    if (name === SOURCE) continue;
    for (const [output, { body }] of bucket.entries()) {
      const place = `${name}/${output}`;
      if (!versions.has(versionOf(body)) || expected.get(place) === shown(body)) continue;
      if (mayAlwaysDelete(name, output)) problems.push(`${key}: ${place}, ${JSON.stringify(body)}, was left behind`);
      // What lies where the role may not delete, or once might not, stays listed, unless the role lost its rights while that was being looked for.
      else if (!listed.has(place) && !rested.watch.wasDenied) problems.push(`${key}: ${place} was left behind, and no record lists it`);
    }
  }
  return problems;
}

/** Others have no record of their own. */
function isImage({ kind }: Upload): boolean {
  return kind !== 'empty' && kind !== 'own';
}

function expired(rested: Rested, key: string, { expired: before }: Newest): boolean {
  // Whether an id that follows from a key was another object's by then, nothing tells any more.
  const { imageId } = rested.history;
  if (imageId === 'key' && rested.cloud.table.expired.some((item: Record) => item.sourceKey !== key)) return true;
  return rested.cloud.table.expired.slice(before).some((item: Record) => item.sourceKey === key && item.status !== 'DELETED');
}

function recordsThatExpired({ cloud }: Rested, key: string): Record[] {
  return cloud.table.expired.filter((item: Record) => item.sourceKey === key && item.status !== 'DELETED');
}

function sourceOf({ configs }: Rested, key: string): SourceConfig | undefined {
  return configs.at(-1)!.sources.find(({ prefix }) => key.startsWith(prefix));
}

/** All records of a key, without pointers to them. */
function recordsOf({ cloud }: Rested, key: string): Record[] {
  return [...cloud.items.values()].filter((item: Record) => item.sourceKey === key && item.pointsTo === undefined);
}
