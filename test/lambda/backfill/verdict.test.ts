import type { ImageRecord } from '../../../src/contract';
import { verdictOf } from '../../../src/lambda/backfill/prune/verdict';
import type { Source } from '../../../src/lambda/shared/sources';

const OBJECT = { bucket: 'renditions', key: 'a.jpg/small.jpg', etag: 'e', bytes: 1 };
const source = (...names: string[]) => ({ bucket: 'photos', accepts: () => true, settings: new Map(names.map((name) => [name, {}])) }) as unknown as Source;
const rendition = { bucket: 'renditions', key: 'a.jpg/small.jpg' };
const completed = (renditions: object) => ({ status: 'COMPLETED', sourceBucket: 'photos', sourceKey: 'a.jpg', renditions }) as unknown as Partial<ImageRecord>;

test.each<[string, Partial<ImageRecord> | undefined, object]>([
  ['of a profile that is there', completed({ 'small.jpeg': rendition }), { kept: 'current' }],
  ['of a profile that was dropped', completed({ 'old.jpeg': rendition }), { reason: 'dropped', name: 'old.jpeg' }],
  ['of a former template', completed({ 'small.jpeg': { ...rendition, key: 'new/a.jpg' } }), { reason: 'former' }],
  ['whose image is gone', { status: 'DELETED' }, { reason: 'gone' }],
  ['whose image became something that is none', { status: 'FAILED', failure: { code: 'CORRUPT_IMAGE', message: '', retryable: false } }, { reason: 'gone' }],
  ['whose image is to be tried again', { status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', message: '', retryable: true } }, { kept: 'unsettled' }],
  ['whose image is being made', { status: 'PROCESSING' }, { kept: 'unsettled' }],
  ['whose image is announced', { status: 'PENDING' }, { kept: 'unsettled' }],
  ['that no record knows', undefined, { reason: 'orphan' }],
])('a rendition %s', (_, record, verdict) => {
  expect(verdictOf(OBJECT, record, [source('small.jpeg')], false)).toEqual(verdict);
});

test('where records expire, a missing one tells nothing', () => {
  expect(verdictOf(OBJECT, undefined, [source('small.jpeg')], true)).toEqual({ kept: 'unsettled' });
});

test('what a source has that is not in the configuration any more stays', () => {
  expect(verdictOf(OBJECT, completed({ 'old.jpeg': rendition }), [], false)).toEqual({ kept: 'current' });
});
