import { Input } from './inputs';
import type { ImageRecord, RenditionFacts } from '../../src/contract';

/** An image record as it is stored, with the partition key that its table has. */
export type Item = Partial<ImageRecord> & Readonly<Record<string, unknown>>;

/** What became of an input. */
export type Outcome =
  | { readonly state: 'COMPLETED'; readonly input: Input; readonly record: Item }
  /** For good: the file is no image that the pipeline takes. */
  | { readonly state: 'FAILED'; readonly input: Input; readonly record: Item; readonly code: string; readonly message: string; readonly detail?: string }
  /** The pipeline takes no notice of empty files. */
  | { readonly state: 'IGNORED'; readonly input: Input; readonly message: string }
  /** The pipeline, not the file, is at fault. */
  | { readonly state: 'ERROR'; readonly input: Input; readonly record?: Item; readonly code: string; readonly message: string; readonly detail?: string };

export function outcomeOf(input: Input, record: Item | undefined, uploadError: Error | undefined): Outcome {
  if (uploadError) return { state: 'ERROR', input, code: 'NOT_UPLOADED', message: uploadError.message };
  // It leaves a mark that something without content was there.
  if (input.bytes === 0 && (!record?.status || record.status === 'DELETED')) return { state: 'IGNORED', input, message: 'empty file' };
  if (!record?.status) return { state: 'ERROR', input, code: 'NO_RECORD', message: 'the pipeline has made no record of the file' };
  if (record.status === 'COMPLETED') return { state: 'COMPLETED', input, record };
  if (record.status !== 'FAILED' || !record.failure) {
    return { state: 'ERROR', input, record, code: 'STUCK', message: `the record is ${record.status}, and no event is on its way` };
  }
  const { code, message, detail, retryable } = record.failure;
  return { state: retryable ? 'ERROR' : 'FAILED', input, record, code, message, ...(detail === undefined ? {} : { detail }) };
}

/** Milliseconds from the claim of the record to its final status. */
export function processingTime({ processingStartedAt, processedAt }: Item): number | undefined {
  return processingStartedAt && processedAt ? Date.parse(processedAt) - Date.parse(processingStartedAt) : undefined;
}

/** The renditions of a record, small ones first. */
export function renditionsOf({ renditions = {} }: Item): RenditionFacts[] {
  return Object.values(renditions).sort((a, b) => a.width * a.height - b.width * b.height || a.bytes - b.bytes || (a.profile < b.profile ? -1 : 1));
}

/** What could not be made of an image that is completed, by rendition name. */
export function skippedOf({ skipped = {} }: Item): { readonly name: string; readonly code: string; readonly message: string }[] {
  return Object.entries(skipped).map(([name, { code, message }]) => ({ name, code, message }));
}
