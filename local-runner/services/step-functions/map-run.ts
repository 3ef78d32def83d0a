import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

export interface ItemCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
}

/** What one child workflow came to. */
export interface ChildResult {
  readonly name: string;
  readonly input: unknown;
  readonly items: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly output?: unknown;
  readonly error?: Error;
}

/** A run of a distributed map, and how far it has come. */
export class MapRun {
  status: MapRunStatus = 'RUNNING';
  readonly results: ChildResult[] = [];
  private readonly ended = { succeeded: 0, failed: 0, aborted: 0 };
  private running = 0;

  /**
   * @param state name of the state in its definition
   * @param total items, of which a batch has several
   */
  constructor(readonly arn: string, readonly state: string, private readonly total: number) {}

  get itemCounts(): ItemCounts {
    const { succeeded, failed, aborted } = this.ended;
    const { total, running } = this;
    return { total, pending: total - running - succeeded - failed - aborted, running, succeeded, failed, aborted };
  }

  begin(items: number): void {
    this.running += items;
  }

  end(items: number, as: 'succeeded' | 'failed'): void {
    this.running -= items;
    this.ended[as] += items;
  }

  /** What runs is ended, and what is pending stays so. */
  abort(status: MapRunStatus): void {
    this.status = status;
    this.ended.aborted += this.running;
    this.running = 0;
  }
}

export interface ResultLocation {
  readonly Bucket: string;
  readonly Prefix?: string;
}

/** Writes results as `ResultWriter` does: a manifest, and a file of executions for each status. */
export async function writeResults(s3: S3Client, run: MapRun, { Bucket, Prefix = '' }: ResultLocation, stateMachineArn: string): Promise<unknown> {
  const folder = `${Prefix ? `${Prefix.replace(/\/$/, '')}/` : ''}${run.arn.split(':').at(-1)}`;
  const files = await Promise.all((['SUCCEEDED', 'FAILED'] as const).map(async (status) => {
    const lines = run.results.filter(({ error }) => (status === 'FAILED') === (error !== undefined)).map((result) => JSON.stringify(execution(result, run, stateMachineArn)));
    if (lines.length === 0) return [status, []] as const;
    const Key = `${folder}/${status}_0.jsonl`;
    const body = Buffer.from(`${lines.join('\n')}\n`);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: body }));
    return [status, [{ Key, Size: body.length }]] as const;
  }));
  const manifest = `${folder}/manifest.json`;
  const content = { DestinationBucket: Bucket, MapRunArn: run.arn, ResultFiles: { ...Object.fromEntries(files), PENDING: [] } };
  await s3.send(new PutObjectCommand({ Bucket, Key: manifest, Body: JSON.stringify(content) }));
  return { MapRunArn: run.arn, ResultWriterDetails: { Bucket, Key: manifest } };
}

function execution({ name, input, output, error, startedAt, endedAt }: ChildResult, run: MapRun, stateMachineArn: string): object {
  return {
    ExecutionArn: `${run.arn.replace(':mapRun:', ':execution:')}:${name}`,
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    Name: name,
    ...(error ? { Error: error.name, Cause: error.message } : { Output: JSON.stringify(output), OutputDetails: { Included: true } }),
    StartDate: startedAt,
    StateMachineArn: stateMachineArn,
    Status: error ? 'FAILED' : 'SUCCEEDED',
    StopDate: endedAt,
  };
}
