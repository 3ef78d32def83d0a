import { uploadedAt } from '../../../../src/lambda/resize/record/uploaded-at';

const STORED = new Date('2026-03-01T12:00:00.000Z');
const at = (told?: string) => uploadedAt({ lastModified: STORED, metadata: told === undefined ? {} : { 'uploaded-at': told } } as never);

test.each(['2026-03-01T11:59:58.123Z', '2026-03-01T12:00:00.999Z', '2026-02-28T12:00:01.000Z'])('an upload that was announced at %s is listed by that millisecond', (told) => {
  expect(at(told)?.toISOString()).toBe(told);
});

test.each<[string, string | undefined]>([
  ['no announcement', undefined],
  ['one of years ago, as of a copy', '2020-03-01T12:00:00.000Z'],
  ['one in the future', '2026-03-01T12:02:00.000Z'],
  ['one in another form', '2026-03-01'],
  ['one that is no time', '2026-13-41T25:61:61.000Z'],
])('with %s, what S3 says counts', (_, told) => {
  expect(at(told)).toBe(STORED);
});
