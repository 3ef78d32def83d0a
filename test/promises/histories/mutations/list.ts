import type { TestName } from './regressions';
import { RULES } from './rules';
import { GUARDS, WRITES } from '../../../../src/lambda/resize/record/writes';

/** A change of the handler that breaks a guard, or swaps two calls. */
export type Mutation = {
  readonly name: string;
  /** What fails with it, and is asked in place of the histories. */
  readonly test?: TestName;
} & (
  /** A write of the record goes without one of its guards. */
  | { readonly write: string; readonly without: string }
  /** A guard holds of every record. */
  | { readonly guard: keyof typeof GUARDS }
  /** A call goes out without one of its parameters. */
  | { readonly command: 'PutObjectCommand' | 'DeleteObjectCommand' | 'GetCommand'; readonly parameter: string }
  /** Path from `src/lambda/resize`; the text stands in the file exactly once. */
  | { readonly file: string; readonly find: string; readonly replace: string }
);

/** Every guard of every write. */
const GUARDED: Mutation[] = [{ name: 'every write: without own', guard: 'own' }, ...Object.entries(WRITES).flatMap(([write, { needs }]) => needs
  .map((without) => ({ name: `${write}: without ${without}`, write, without })))];

/** What the services are asked to check, or to read. */
const CONDITIONS: Mutation[] = ([
  ['PutObjectCommand', 'IfNoneMatch', 'a rendition is stored whatever is there'],
  ['PutObjectCommand', 'IfMatch', 'a rendition is replaced whatever it has become'],
  ['DeleteObjectCommand', 'IfMatch', 'an object is deleted whatever it has become'],
  ['GetCommand', 'ConsistentRead', 'records are read that may be old'],
] as const).map(([command, parameter, name]) => ({ name: `calls: ${name}`, command, parameter }));

/** What is done around the writes, and in which order. */
const TEXTS: Mutation[] = [
  {
    name: 'order: the record is completed before the renditions are stored',
    file: 'jobs/complete.ts',
    find: 'const left = await sweep(job, stale, supersededBy(order), etags);',
    replace: `const left = await sweep(job, stale, supersededBy(order), etags);
  await job.services.catalog.complete(identity.id, job.version, order.claim, { configDigest: job.source.configDigest, original: facts, renditions: {}, outputs: [...present], swept: [] });`,
  },
  {
    name: 'order: the source is deleted before the record is completed',
    file: 'jobs/complete.ts',
    find: 'const left = await sweep(job, stale, supersededBy(order), etags);',
    replace: 'const left = await sweep(job, stale, supersededBy(order), etags);\n  await deleteSource(job, { skipped });',
  },
  {
    name: 'source: deletes what was stored since',
    file: 'jobs/endings.ts',
    find: 'if (await originals.isUnchanged(bucket, key, fingerprint)) await',
    replace: 'if (fingerprint !== "") await',
  },
  {
    name: 'source: a repeated event deletes a later version',
    file: 'jobs/endings.ts',
    find: "if (status === 'COMPLETED' && record.sourceFingerprint === job.version.fingerprint) await",
    replace: "if (status === 'COMPLETED') await",
  },
  {
    name: 'take back: leaves what an overtaken invocation stored',
    file: 'jobs/complete.ts',
    find: '  await takeBack(job.services, identity.id, renditions);\n  return endOvertaken',
    replace: '  return endOvertaken',
  },
  {
    name: 'take back: takes what the record names',
    file: 'jobs/complete.ts',
    find: ' && named.get(placeName(place)) !== place.etag',
    replace: '',
  },
  {
    name: 'take back: leaves what tries left that were cut short',
    file: 'jobs/endings.ts',
    find: 'await sweepTries(job);',
    replace: '',
  },
  {
    name: 'swap: replaces what is newer',
    file: 'jobs/make-renditions.ts',
    find: 'if (!found.order || !isMadeFrom(found, version) || supersedes(order, found.order)) return true;',
    replace: 'return true;',
  },
  {
    name: 'swap: writers cannot be told apart by their bytes',
    file: 'jobs/make-renditions.ts',
    find: 'claim.mayMeetOthers ?',
    replace: 'false ?',
  },
  {
    name: 'again: keeps what a claim may be writing over',
    file: 'jobs/kept.ts',
    find: "return record?.status === 'COMPLETED' && record.sourceFingerprint",
    replace: 'return record?.sourceFingerprint',
  },
  {
    name: 'again: keeps renditions of another version',
    file: 'jobs/kept.ts',
    find: '&& record.sourceFingerprint === version.fingerprint',
    replace: '&& version.fingerprint !== undefined',
  },
  {
    name: 'again: keeps what was made by other settings',
    file: 'jobs/kept.ts',
    find: 'standings.filter(([, each]) => each === as)',
    replace: "standings.filter(([name, each]) => (as === 'current' ? record.renditions?.[name] : each === as))",
  },
  {
    name: 'again: makes everything',
    file: 'jobs/claim.ts',
    find: 'const kept = await keptOf(job, identity.id, before, known);',
    replace: 'const kept = await keptOf(job, identity.id, undefined, known);',
  },
  {
    name: 'hook: what it left out once is left out for good',
    file: 'jobs/claim.ts',
    find: 'Object.entries(kept.skipped).filter(([, { code }]) => code !== NOT_CHOSEN)',
    replace: 'Object.entries(kept.skipped)',
  },
  {
    name: 'hook: what it leaves out keeps the source',
    file: 'jobs/endings.ts',
    find: 'Object.values(skipped).some(({ code }) => code !== NOT_CHOSEN)',
    replace: 'Object.keys(skipped).length > 0',
  },
  {
    name: 'trim: what cannot be trimmed costs the other renditions',
    file: 'jobs/examine.ts',
    find: 'if (!(error instanceof PermanentError) || (trimmed.length === profiles.length && !await hasOthers())) throw error;',
    replace: 'throw error;',
  },
  {
    name: 'versions: the same bytes are the same version',
    file: 'objects/originals.ts',
    find: 'lastModified?.toISOString(), Object.entries(metadata).sort()];',
    replace: 'lastModified?.toISOString()];',
  },
  {
    name: 'settings: adjustments are none',
    file: '../../contract/rendition-settings.ts',
    find: '{ formats, ...profile }: ProfileConfig',
    replace: '{ formats, adjustments, ...profile }: ProfileConfig',
  },
  {
    name: 'events: a repeated delivery tells nothing',
    file: 'delivery/process-event.ts',
    find: "outcome === 'deleted' || outcome === 'unchanged'",
    replace: "outcome === 'deleted'",
  },
  {
    name: 'events: former ids are not told of',
    file: 'jobs/renaming.ts',
    find: 'for (const former of closed) await announcements.tell(former);',
    replace: '',
  },
  {
    name: 'sweep: deletes what is newer',
    file: 'jobs/sweep.ts',
    find: '(!found.order || mayDelete(found.order))',
    replace: 'true',
  },
  {
    name: 'sweep: leaves what earlier versions had',
    file: 'jobs/sweep.ts',
    find: 'if (!services.config.processing.deleteRenditions) return [...names];',
    replace: 'if (services.config.processing.maxInputBytes > 0) return [];',
  },
  {
    name: 'renaming: leaves the former record open',
    file: 'jobs/renaming.ts',
    find: 'if (former === id) continue;',
    replace: 'continue;',
  },
  {
    name: 'renaming: leaves the renditions of the former record',
    file: 'jobs/renaming.ts',
    find: "if (record && write.refusedBy !== 'own') left.push([former, record]);",
    replace: '',
  },
  {
    name: 'renaming: deletes renditions of one former record before the others are closed',
    file: 'jobs/renaming.ts',
    find: 'left.push([former, record]);',
    replace: 'await sweepRecord(job, former, record, kept);',
  },
  {
    name: 'renaming: a repeated failure sweeps what is no pointer any more',
    file: 'jobs/endings.ts',
    find: 'if (pointer === record || pointer?.pointsTo === identity.id) await',
    replace: 'await',
  },
  {
    name: 'removal: leaves the renditions',
    file: 'jobs/end-gone.ts',
    find: 'await sweep(job, outputs, supersededBy({ sequencer: event.sequencer, imageId: identity.id, claim: attempts }), etagsOf(renditions));',
    replace: '',
  },
  {
    name: 'removal: leaves the record under a named id open',
    file: 'jobs/end-gone.ts',
    find: 'await closeFormer(job, identity, closed.before, [], true);',
    replace: '',
  },
  {
    name: 'removal: leaves no mark where its version is recorded',
    file: 'jobs/process-removed.ts',
    find: 'const pointed = await point(job, identity);',
    replace: "if (job.event.bucket !== '') return { outcome: 'unchanged', imageId: identity.id };\n  const pointed = await point(job, identity);",
  },
  {
    name: 'no image: leaves no mark',
    file: 'jobs/no-image.ts',
    find: 'return endGone(job, { id: identity.derived, derived: identity.derived }, reason);',
    replace: 'return ignored(reason);',
  },
  {
    name: 'giving up: records nothing',
    file: 'jobs/give-up.ts',
    find: 'return endFailed({ ...job, version: { ...version, isUnseen: !head } }, identity, EXHAUSTED, { counts: false });',
    replace: "return version && { outcome: 'failed', imageId: identity.id, failure: EXHAUSTED, counted: false };",
  },
  {
    name: 'queue: acknowledges what failed',
    file: 'delivery/dispatch.ts',
    find: "const failed = records.filter((_, at) => results[at].status === 'rejected');",
    replace: 'const failed = records.filter((_, at) => results[at] === undefined);',
  },
  {
    name: 'steps: makes renditions of another version than was begun',
    file: 'delivery/steps.ts',
    find: 'if (!original || fingerprintOf(original) !== image.version.fingerprint) return',
    replace: 'if (!original) return',
  },
  {
    name: 'steps: goes on with another configuration',
    file: 'delivery/steps.ts',
    find: 'return source?.configDigest === configDigest ?',
    replace: 'return source && configDigest ?',
  },
  {
    name: 'sequencers: two spellings are two events',
    file: 'events/sequencer.ts',
    find: 'return digits ? `00${digits.toUpperCase()}` : sequencer;',
    replace: 'return digits ? sequencer : sequencer;',
  },
];

/** Of those that no history can tell, or hardly one: why, and the regression test that does. */
const UNNOTICED: Readonly<Record<string, readonly [why: string, ...test: TestName]>> = {
  'release: without named': [
    'takes two copies of an event that find two ids, and a later event with a third between two writes of the second',
    'promises/regressions/identity', 'an id is taken back only as long as it is the one that the event has given: a later one may have given another',
  ],
  'source: a repeated event deletes a later version': [
    'takes an event that is delivered again hours after the next version was stored, and before the event of that',
    'promises/regressions/delete-source', 'a repeated event leaves a later version also long after that was stored, when nobody else can be under way',
  ],
  'refuse: without newest': [
    'takes an original that cannot be read, and between two calls a later event of a function of before a deployment',
    'promises/regressions/endings', 'what could not be read any more says nothing of what a later event completed meanwhile',
  ],
  'refuse: without outdated': [
    'takes an original that cannot be read, and between two calls another copy of its event that reads the next one',
    'promises/regressions/endings', 'what could not be read any more says nothing of what another copy of its event makes meanwhile',
  ],
  'trim: without stillClaimed': [
    'takes 64 KB of outputs',
    'promises/regressions/identity', 'outputs are forgotten by the claim that stands alone: a later one has others',
  ],
  'take back: leaves what an overtaken invocation stored': [
    'takes a place that the lists of a record have forgotten: what they have, the next delivery deletes',
    'promises/regressions/overtaken', 'an overtaken invocation takes back what it stored, also where the lists of the record have forgotten the place',
  ],
  'take back: takes what the record names': [
    'takes an answer that is lost in the last step of an execution, and a deployment before that is repeated',
    'promises/regressions/steps', 'a last step whose answer was lost leaves its renditions, though a deployment has changed what is to be made',
  ],
  'renaming: deletes renditions of one former record before the others are closed': [
    'takes two former records with renditions in the same place, and somebody who looks between two calls',
    'promises/regressions/identity', 'former records are all closed before renditions of one are deleted: another may have them',
  ],
  'renaming: a repeated failure sweeps what is no pointer any more': [
    'takes three deliveries of an event that find three states of its object',
    'promises/regressions/identity', 'a repeated failure of a named image leaves alone what its object has become since',
  ],
};

const withTest = (mutation: Mutation): Mutation => {
  const [, ...test] = UNNOTICED[mutation.name] ?? [];
  return test.length > 0 ? { ...mutation, test: test as unknown as TestName } : mutation;
};

export const MUTATIONS: readonly Mutation[] = [...[...GUARDED, ...CONDITIONS, ...TEXTS].map(withTest), ...RULES];
