import type { PruneInput } from './input';
import type { Pruned, PrunePlan } from './reported';
import { lines, megabytes, number, table } from '../markdown';

/** A plan as people read it. */
export function prunePlanText({ counts, work, stoppedAt }: Omit<PrunePlan, 'report'>, request: PruneInput): string {
  const deletable = Object.entries(counts.deletable).map(([reason, { objects, bytes }]) => [reason, objects, megabytes(bytes)]);
  return lines(
    '# Plan of pruning',
    '',
    `Asked for: \`${JSON.stringify(request)}\``,
    '',
    `${number(counts.objects)} objects were looked at.`,
    '',
    ...deletable.length > 0 ? table(['may be deleted', 'objects', 'bytes'], deletable) : ['None may be deleted.'],
    '',
    ...table(['stay', 'objects'], Object.entries(counts.kept)),
    '',
    `Selected: ${number(work.objects)} objects.`,
    ...stoppedAt ? [`\`${stoppedAt.limit}\` stops it before \`${stoppedAt.bucket}/${stoppedAt.key}\`.`] : [],
    '',
    'Each object that is selected is in `work.jsonl`, with its reason.',
  );
}

/** What was pruned, as people read it. */
export function prunedText(result: Pruned & Pick<PrunePlan, 'stoppedAt'> & { readonly error?: string }, { work }: Pick<PrunePlan, 'work'>): string {
  const { deleted, bytes, changed, stoppedAt, error } = result;
  return lines(
    '# Run of pruning',
    '',
    `${number(deleted)} of ${number(work.objects)} objects were deleted, ${megabytes(bytes)}. ${number(changed)} stayed: they, or their records, had changed meanwhile.`,
    ...error ? ['', `It ended early: ${error}`] : [],
    ...stoppedAt ? ['', `\`${stoppedAt.limit}\` stopped it before \`${stoppedAt.bucket}/${stoppedAt.key}\`. Start another run to go on.`] : [],
  );
}
