import { resultText } from './report-text';
import type { Plan, Result } from './reported';
import { reportsOf, Services } from './services';
import { BackfillAnswer, REPORT_FOLDERS } from '../../contract';

export interface ReportRequest {
  readonly execution: string;
  /** With why the run ended early, where it did. */
  readonly plan: Plan & { readonly error?: { readonly Error?: string; readonly Cause?: string } };
  readonly startedAt: string;
}

/** A line of a file of results: an execution of a child. */
interface Child {
  readonly Input: string;
  readonly Output?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

/** Says what became of each image, and of all. */
export async function report(services: Services, { execution, plan, startedAt }: ReportRequest): Promise<Result> {
  const { error, stoppedAt } = plan;
  const reports = reportsOf(services, execution);
  const files = await reports.names(REPORT_FOLDERS.results, (name) => name.endsWith('.jsonl'));
  const outcomes: Record<string, number> = {};
  const failures: Record<string, number> = {};
  const skipped: Record<string, number> = {};
  let [images, renditions, bytesOut] = [0, 0, 0];

  async function* lines(): AsyncGenerator<object> {
    for await (const child of reports.lines(files) as AsyncGenerator<Child>) {
      const line = lineOf(child);
      images += 1;
      renditions += line.made.length;
      bytesOut += line.bytesOut;
      outcomes[line.outcome] = (outcomes[line.outcome] ?? 0) + 1;
      if (line.failure) failures[line.failure.code] = (failures[line.failure.code] ?? 0) + 1;
      for (const code of Object.values(line.skipped ?? {})) skipped[code] = (skipped[code] ?? 0) + 1;
      yield line;
    }
  }

  await reports.writeLines('report.jsonl', lines());
  const result = {
    mode: 'run' as const,
    images,
    outcomes,
    renditions,
    bytesOut,
    failures,
    skipped,
    seconds: Math.round((services.now() - Date.parse(startedAt)) / 1000),
    ...(stoppedAt && { stoppedAt }),
    ...(error?.Error && { error: `${error.Error}: ${error.Cause ?? ''}`.slice(0, 500) }),
  };
  await reports.write('summary.md', resultText(result, plan), 'text/markdown; charset=utf-8');
  const written = { bucket: reports.bucket, key: reports.folder + 'summary.md' };
  await reports.write('summary.json', JSON.stringify({ ...result, report: written }, null, 2));
  return { ...result, report: written };
}

type Line = Omit<BackfillAnswer, 'outcome'> & { readonly bucket: string; readonly key: string; readonly outcome: string };

function lineOf({ Input, Output, Error: error, Cause }: Child): Line {
  const { bucket, key } = JSON.parse(Input) as { bucket: string; key: string };
  if (Output === undefined) return { bucket, key, outcome: 'error', made: [], bytesIn: 0, bytesOut: 0, reason: `${error}: ${Cause ?? ''}`.slice(0, 500) };
  return { bucket, key, ...JSON.parse(Output) as BackfillAnswer };
}
