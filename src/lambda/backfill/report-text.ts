import type { Counts } from './counts';
import type { Request } from './input';
import { dollars, duration, lines, megabytes, number, table } from './markdown';
import type { Plan, Result } from './reported';

/**
 * A plan as people read it.
 *
 * @param deletesRenditions whether images that are made again lose at once what they no longer have
 */
export function planText(plan: Omit<Plan, 'report'>, request: Request, deletesRenditions: boolean): string {
  const { counts, work, estimate, stoppedAt, planDollars } = plan;
  const removed = deletesRenditions ? 'a run deletes those of the images that it makes, and prune those of the others' : 'prune removes them';
  return lines(
    '# Plan of a backfill',
    '',
    `Asked for: \`${JSON.stringify(request)}\``,
    '',
    ...table(['originals', 'images'], [
      ['current', counts.current], ['missing renditions', counts.missing], ['stale renditions', counts.stale], ['failed', counts.failed],
      ['being made', counts.inProgress], ['all', counts.originals], ['objects that are no originals', counts.ignored],
    ]),
    '',
    ...profilesTable(counts),
    ...counts.dropped > 0 ? [`${number(counts.dropped)} renditions are of profiles that the configuration does not have any more: ${removed}.`, ''] : [],
    `Selected: ${number(counts.selected.images)} images, ${number(counts.selected.renditions)} renditions, originals of ${megabytes(counts.selected.bytes)}.`,
    ...stoppedAt ? [
      `\`${stoppedAt.limit}\` stops it before \`${stoppedAt.bucket}/${stoppedAt.key}\`: ${number(work.images)} images, ${number(work.renditions)} renditions are within the limits.`,
    ] : [],
    '',
    `A run is estimated to cost $${dollars(estimate.dollars)} and to take ${duration(estimate.seconds)}. The plan itself cost about $${dollars(planDollars)}.`,
  );
}

/** A run as people read it. */
export function resultText(result: Omit<Result, 'report'>, plan: Plan): string {
  const { images, renditions, bytesOut, outcomes, failures, skipped, seconds, stoppedAt, error } = result;
  return lines(
    '# Run of a backfill',
    '',
    `${number(images)} of ${number(plan.work.images)} images in ${duration(seconds)}: ${number(renditions)} renditions of ${megabytes(bytesOut)} were made.`,
    `Estimated were $${dollars(plan.estimate.dollars)}.`,
    ...error ? ['', `It ended early: ${error}`] : [],
    ...stoppedAt ? ['', `\`${stoppedAt.limit}\` stopped it before \`${stoppedAt.bucket}/${stoppedAt.key}\`. Start another run to go on.`] : [],
    '',
    ...table(['outcome', 'images'], Object.entries(outcomes)),
    ...Object.keys(failures).length > 0 ? ['', ...table(['failure', 'images'], Object.entries(failures))] : [],
    ...Object.keys(skipped).length > 0 ? ['', ...table(['cannot be made', 'renditions'], Object.entries(skipped))] : [],
    '',
    'What became of each image is in `report.jsonl`.',
  );
}

function profilesTable({ profiles }: Counts): string[] {
  const rows = Object.entries(profiles).map(([name, { missing, stale }]) => [name, number(missing), number(stale)]);
  return rows.length > 0 ? [...table(['profile', 'missing', 'stale'], rows), ''] : [];
}
