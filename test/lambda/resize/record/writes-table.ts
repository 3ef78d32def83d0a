import { ImageRecord } from '../../../../src/contract';
import { Guarded, refusalOf, WriteName, WRITES } from '../../../../src/lambda/resize/record/writes';

const OBJECT = { sourceBucket: 'source', sourceKey: 'cat.jpg', configDigest: 'digest', attempts: 1 };
const SAME = { ...OBJECT, sourceSequencer: '5' };
const PERMANENT = { code: 'CORRUPT_IMAGE', message: 'broken', retryable: false } as const;
const PASSING = { code: 'RETRIES_EXHAUSTED', message: 'gave up', retryable: true } as const;

/** What a record can be when a write for event 5, with configuration `digest` and claim 1, comes. */
export const STATES: Readonly<Record<string, Partial<ImageRecord> | undefined>> = {
  'not there': undefined,
  'PENDING': { status: 'PENDING', sourceBucket: 'source', sourceKey: 'cat.jpg', attempts: 0 },
  'another object\'s': { ...SAME, status: 'COMPLETED', sourceKey: 'dog.jpg' },
  'of an earlier event': { ...OBJECT, status: 'COMPLETED', sourceSequencer: '4' },
  'of an earlier event that made this version': { ...OBJECT, status: 'COMPLETED', sourceSequencer: '4', sourceFingerprint: 'fingerprint' },
  'DELETED by an earlier event': { ...OBJECT, status: 'DELETED', sourceSequencer: '4' },
  'of a later event': { ...OBJECT, status: 'COMPLETED', sourceSequencer: '6' },
  'DELETED by a later event': { ...OBJECT, status: 'DELETED', sourceSequencer: '6' },
  'PROCESSING this claim': { ...SAME, status: 'PROCESSING' },
  'PROCESSING a later claim of this event': { ...SAME, status: 'PROCESSING', attempts: 2 },
  'COMPLETED': { ...SAME, status: 'COMPLETED' },
  'COMPLETED with other settings': { ...SAME, status: 'COMPLETED', configDigest: 'other', sourceFingerprint: 'fingerprint' },
  'COMPLETED of another version with other settings': { ...SAME, status: 'COMPLETED', configDigest: 'other', sourceFingerprint: 'another' },
  'FAILED for good': { ...SAME, status: 'FAILED', failure: PERMANENT },
  'FAILED for good with other settings': { ...SAME, status: 'FAILED', failure: PERMANENT, configDigest: 'other' },
  'FAILED after all tries': { ...SAME, status: 'FAILED', failure: PASSING },
  'DELETED by this event': { ...SAME, status: 'DELETED' },
  'replaced by this event': { ...SAME, status: 'DELETED', replacedBy: 'other' },
  'a pointer of an earlier event': { sourceBucket: 'source', sourceKey: 'cat.jpg', sourceSequencer: '4', pointsTo: 'former' },
  'a pointer of this event': { sourceBucket: 'source', sourceKey: 'cat.jpg', sourceSequencer: '5', pointsTo: 'named' },
  'a pointer of this event to another id': { sourceBucket: 'source', sourceKey: 'cat.jpg', sourceSequencer: '5', pointsTo: 'other' },
};

/** Those that give a record its status; the others only tidy up. */
export const WRITE_NAMES = Object.keys(WRITES) as WriteName[];

/** What a write knows. */
export function aboutOf(write: WriteName): Guarded {
  const isOfPointer = write === 'point' || write === 'release';
  const about = { bucket: 'source', key: 'cat.jpg', sequencer: '5', configDigest: 'digest', fingerprint: 'fingerprint', claim: 1 };
  return isOfPointer ? { ...about, pointsTo: 'named' } : about;
}

export function writesTable(): string {
  const verdict = (write: WriteName, item: Partial<ImageRecord> = {}) => refusalOf(write, aboutOf(write), item) ?? '**yes**';
  return [
    `| the record is | ${WRITE_NAMES.map((write) => `\`${write}\``).join(' | ')} |`,
    `| --- |${' --- |'.repeat(WRITE_NAMES.length)}`,
    ...Object.entries(STATES).map(([state, item]) => `| ${state} | ${WRITE_NAMES.map((write) => verdict(write, item)).join(' | ')} |`),
  ].join('\n');
}
