/** A change of the handler that breaks a guard, or swaps two writes. */
export interface Mutation {
  readonly name: string;
  /** Below `src/lambda/resize`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

const CATALOG = 'record/catalog.ts';

/**
 * Guards of the handler on which a promise depends, removed. What spares doing again what is done saves work only, and is not here.
 *
 * Nor are three that no history notices, because the end is the same without them:
 * - `completeStep` looks for a later event: else it would delete renditions of that before its write is refused, and make them again.
 * - `processRemoved` settles when it may not close the record, and `endRepeated` removes what is stale: the later event, which every
 *   history delivers, does so as well.
 */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'claim: takes the record of another object',
    file: CATALOG,
    find: 'const condition = Condition.all(this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), ...isWanted);',
    replace: 'const condition = Condition.all(this.isNotOvertaken(source), this.isNotReplaced(source), ...isWanted);',
  },
  {
    name: 'claim: accepts an event after a later one',
    file: CATALOG,
    find: 'const condition = Condition.all(this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), ...isWanted);',
    replace: 'const condition = Condition.all(this.isOwn(source), this.isNotReplaced(source), ...isWanted);',
  },
  {
    name: 'claim: accepts an event after the object went on under another id',
    file: CATALOG,
    find: 'const condition = Condition.all(this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), ...isWanted);',
    replace: 'const condition = Condition.all(this.isOwn(source), this.isNotOvertaken(source), ...isWanted);',
  },
  {
    name: 'claim: does not note the outputs',
    file: CATALOG,
    find: ".addToSet('outputs', claim.outputs)",
    replace: '',
  },
  {
    name: 'complete: does not compare the sequencer',
    file: CATALOG,
    find: "Condition.compare('sourceSequencer', '=', source.sequencer),\n",
    replace: '\n',
  },
  {
    name: 'complete: does not compare the ETag',
    file: CATALOG,
    find: "Condition.compare('sourceETag', '=', source.etag ?? ''),\n",
    replace: '\n',
  },
  {
    name: 'complete: opens a closed record again',
    file: CATALOG,
    find: ",\n      Condition.compare('status', '<>', 'DELETED'),\n    );",
    replace: ',\n    );',
  },
  {
    name: 'fail: takes the record of another object',
    file: CATALOG,
    find: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
    replace: 'this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
  },
  {
    name: 'fail: accepts an event after a later one',
    file: CATALOG,
    find: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
    replace: 'this.isOwn(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
  },
  {
    name: 'fail: accepts an event after the object went on under another id',
    file: CATALOG,
    find: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
    replace: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotFinal(source, facts.configDigest),',
  },
  {
    name: 'fail: overwrites a completed version',
    file: CATALOG,
    find: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source), this.isNotFinal(source, facts.configDigest),',
    replace: 'this.isOwn(source), this.isNotOvertaken(source), this.isNotReplaced(source),',
  },
  {
    name: 'close: closes after a later event',
    file: CATALOG,
    find: 'update.when(Condition.all(this.isOwn(source), this.isNotOvertaken(source))));\n  }\n\n  /** Notes under the derived id',
    replace: 'update.when(this.isOwn(source)));\n  }\n\n  /** Notes under the derived id',
  },
  {
    name: 'close: closes the record of another object',
    file: CATALOG,
    find: 'update.when(Condition.all(this.isOwn(source), this.isNotOvertaken(source))));\n  }\n\n  /** Notes under the derived id',
    replace: 'update.when(this.isNotOvertaken(source)));\n  }\n\n  /** Notes under the derived id',
  },
  {
    name: 'point: points back after a later event',
    file: CATALOG,
    find: 'this.keep(update).when(Condition.all(this.isOwn(source), this.isNotOvertaken(source)))',
    replace: 'this.keep(update).when(this.isOwn(source))',
  },
  {
    name: 'point: forgets the former ids',
    file: CATALOG,
    find: ".addToSet('namedIds', [id])",
    replace: '',
  },
  {
    name: 'order: the record is completed before the renditions are stored',
    file: 'jobs/make-renditions.ts',
    find: 'await services.renditions.store({ bucket, key, body, contentType: planned.contentType, profile: planned.profile }, origin);',
    replace: 'void services.renditions.store({ bucket, key, body, contentType: planned.contentType, profile: planned.profile }, origin);',
  },
  {
    name: 'order: the renditions are stored before the record is claimed',
    file: 'jobs/begin.ts',
    find: 'const claim = await claimRecord(job, identity, examined);',
    replace: "await (await import('./make-renditions')).makeOutputs({ ...examined, job, identity, original }, examined.outputs);\n    const claim = await claimRecord(job, identity, examined);",
  },
  {
    name: 'complete: leaves renditions of earlier versions',
    file: 'jobs/make-renditions.ts',
    find: 'await removeOutputs(services, [...before].filter((key) => !current.includes(key)));',
    replace: '',
  },
  {
    name: 'complete: forgets what an overtaken invocation overwrote',
    file: 'jobs/make-renditions.ts',
    find: "if (completion.result !== 'done') return endOvertaken(job);",
    replace: "if (completion.result !== 'done') return { outcome: 'overtaken', imageId: identity.id };",
  },
  {
    name: 'settle: does not look whether the renditions are there',
    file: 'jobs/settle.ts',
    find: "record?.status === 'COMPLETED' && !(await isIntact(services, record))",
    replace: 'false',
  },
  {
    name: 'settle: does not wait for the later event',
    file: 'jobs/settle.ts',
    find: "if (!isClaimed || record?.status === 'PROCESSING') throw",
    replace: 'if (false) throw',
  },
  {
    name: 'settle: leaves what an overtaken invocation wrote for a record that is closed or failed',
    file: 'jobs/settle.ts',
    find: 'if (await removeLeftovers(services, source, key, newest)) {',
    replace: 'if (false) {',
  },
  {
    name: 'settle: does not look whether the image changed while it deleted',
    file: 'jobs/settle.ts',
    find: 'if (version !== newest.version) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'settle: leaves what an overtaken invocation wrote for a former record',
    file: 'jobs/settle.ts',
    find: '[...stale, ...recalled.derivedOutputs,',
    replace: '[...recalled.derivedOutputs,',
  },
  {
    name: 'settle: leaves what an overtaken invocation wrote before the object had a named id',
    file: 'jobs/settle.ts',
    find: '...recalled.derivedOutputs, ',
    replace: '',
  },
  {
    name: 'removal: does not look whether the object is there again',
    file: 'jobs/process-removed.ts',
    find: 'if (await services.originals.head(event.bucket, event.key)) return',
    replace: 'if (false) return',
  },
  {
    name: 'removal: does not look for a version that was uploaded meanwhile',
    file: 'jobs/process-removed.ts',
    find: 'if (sequencer !== event.sequencer) return',
    replace: 'if (false) return',
  },
  {
    name: 'removal: leaves the renditions',
    file: 'jobs/process-removed.ts',
    find: 'await removeOutputs(services, [...former, ...closed.before?.outputs ?? []]);',
    replace: '',
  },
  {
    name: 'removal: leaves the record under a named id open',
    file: 'jobs/process-removed.ts',
    find: 'await closeFormer(services, event, closed.before, { id: derived, derived })',
    replace: '[]',
  },
  {
    name: 'failure: leaves the renditions of earlier versions',
    file: 'jobs/end.ts',
    find: 'return failure.retryable || removeAndCheck(',
    replace: 'return true || removeAndCheck(',
  },
  {
    name: 'failure: does not look for a version that was uploaded meanwhile',
    file: 'jobs/end.ts',
    find: 'return sequencer === version.sequencer;',
    replace: 'return true;',
  },
  {
    name: 'failure: does not settle when a version was uploaded meanwhile',
    file: 'jobs/end.ts',
    find: "return isNewest ? { outcome: 'failed', imageId: identity.id, original: facts.original, failure } : endOvertaken(job);",
    replace: "return { outcome: 'failed', imageId: identity.id, original: facts.original, failure };",
  },
  {
    name: 'failure: does not note the named id',
    file: 'jobs/end.ts',
    find: 'const pointed = await point(services, version, identity);',
    replace: 'const pointed = { stale: [], refused: undefined };',
  },
  {
    name: 'failure: leaves the record under a named id open',
    file: 'jobs/end.ts',
    find: 'identity.id === identity.derived ? await closeFormer(job.services, job.version, item, identity) : []',
    replace: '[]',
  },
  {
    name: 'failure: does not settle when a version was uploaded meanwhile, in a repeated delivery',
    file: 'jobs/end.ts',
    find: "return isNewest ? { outcome: 'unchanged', imageId: identity.id } : endOvertaken(job);",
    replace: "return { outcome: 'unchanged', imageId: identity.id };",
  },
  {
    name: 'failure: does not repeat what an earlier delivery may have left undone',
    file: 'jobs/end.ts',
    find: '? await removeEarlier(job, identity, record.failure!, record, stale)',
    replace: '? true',
  },
  {
    name: 'renaming: leaves the former record open',
    file: 'jobs/identity.ts',
    find: 'if (former === id) continue;',
    replace: 'continue;',
  },
  {
    name: 'renaming: leaves the record under a named id open when the object has none any more',
    file: 'jobs/begin.ts',
    find: 'identity.id === identity.derived ? await closeFormer(services, version, claim.before, identity) : pointed.stale',
    replace: 'pointed.stale',
  },
  {
    name: 'renaming: leaves the renditions of the former record',
    file: 'jobs/begin.ts',
    find: 'await removeOutputs(services, stale.filter((output) => !keys.includes(output)));',
    replace: '',
  },
  {
    name: 'giving up: records nothing',
    file: 'jobs/give-up.ts',
    find: 'return endFailed(job, identity, EXHAUSTED, { counts: false });',
    replace: "return { outcome: 'failed', imageId: identity.id, failure: EXHAUSTED, counted: false };",
  },
  {
    name: 'queue: acknowledges what failed',
    file: 'delivery/dispatch.ts',
    find: "results[at].status === 'rejected'",
    replace: 'false',
  },
  {
    name: 'steps: stores renditions of another version than was begun',
    file: 'delivery/steps.ts',
    find: 'if (!original || original.etag !== image.version.etag) return { changed: true };',
    replace: 'if (!original) return { changed: true };',
  },
  {
    name: 'steps: completes without what had changed',
    file: 'delivery/steps.ts',
    find: "if (!job || made.some((each) => 'changed' in each)) return",
    replace: 'if (!job) return',
  },
];
