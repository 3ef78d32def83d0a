import { NO_COUNTS, NONE_SELECTED } from '../../../src/lambda/backfill/counts';
import { prunedText, prunePlanText } from '../../../src/lambda/backfill/prune/report-text';
import { planText } from '../../../src/lambda/backfill/report-text';

test.each([
  [false, '2 renditions are of profiles that the configuration does not have any more: prune removes them.'],
  [true, '2 renditions are of profiles that the configuration does not have any more: a run deletes those of the images that it makes, and prune those of the others.'],
])('a plan says who removes renditions of dropped profiles, with deleteRenditions %s', (deletesRenditions, sentence) => {
  const counts = { ...NO_COUNTS, dropped: 2 };
  const plan = { mode: 'plan' as const, counts, work: { ...NONE_SELECTED, key: '' }, estimate: { dollars: 0, seconds: 0 }, planDollars: 0 };
  expect(planText(plan, { mode: 'plan' } as Parameters<typeof planText>[1], deletesRenditions)).toContain(`${sentence}\n`);
});

const pruneCounts = {
  objects: 1200,
  kept: { current: 1188 },
  deletable: { former: { objects: 10, bytes: 2_000_000 }, dropped: { objects: 2, bytes: 100_000 } },
};
const stoppedAt = { limit: 'maxObjects' as const, bucket: 'photos', key: 'b.jpg/small.jpg' };

test('a plan of pruning is there for people', () => {
  const plan = { mode: 'run' as const, counts: pruneCounts, work: { objects: 5, key: '' }, stoppedAt };
  const text = prunePlanText(plan, { mode: 'run', maxObjects: 5, minAgeHours: 24 });
  expect(text.split('\n')).toEqual(expect.arrayContaining([
    '1,200 objects were looked at.', '| former | 10 | 2.0 MB |', '| dropped | 2 | 0.1 MB |', '| current | 1,188 |', 'Selected: 5 objects.',
    '`maxObjects` stops it before `photos/b.jpg/small.jpg`.',
  ]));
});

test('a plan of pruning says that nothing may be deleted', () => {
  const plan = { mode: 'plan' as const, counts: { objects: 1, kept: { current: 1 }, deletable: {} }, work: { objects: 0, key: '' } };
  expect(prunePlanText(plan, { mode: 'plan', minAgeHours: 24 })).toContain('\nNone may be deleted.\n');
});

test('a run of pruning is there for people, also one that ended early', () => {
  const result = { deleted: 4, bytes: 1_000_000, changed: 1, stoppedAt, error: 'PruneEndedEarly: no right' };
  const text = prunedText(result, { work: { objects: 5, key: '' } });
  expect(text).toContain('4 of 5 objects were deleted, 1.0 MB. 1 stayed: they, or their records, had changed meanwhile.');
  expect(text).toContain('It ended early: PruneEndedEarly: no right');
  expect(text).toContain('Start another run to go on.');
});
