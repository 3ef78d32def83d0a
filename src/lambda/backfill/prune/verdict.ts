import { ImageRecord, RENDITION_METADATA } from '../../../contract';
import { findSource, Source } from '../../shared/sources';

/** Why an object is deleted. */
export type Reason =
  /** Its profile or format is not in the configuration any more. */
  | 'dropped'
  /** Its image has other renditions by now: of another template, prefix or version. */
  | 'former'
  /** Its image is gone, or became something that is none. */
  | 'gone'
  /** No record knows it. */
  | 'orphan';

/** Why an object is left. */
export type Kept = 'current' | 'foreign' | 'recent' | 'unsettled';

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  readonly bytes: number;
}

export type Verdict = { readonly reason: Reason; /** Of the record's renditions. */ readonly name?: string } | { readonly kept: Kept };

type Metadata = Readonly<Record<string, string>>;

/** Whether an object is a rendition of this pipeline, by the metadata that the pipeline writes. */
export function isOfPipeline(metadata: Metadata, pipelineName: string): boolean {
  const { pipeline, sourceETag, imageId } = RENDITION_METADATA;
  return metadata[pipeline] === pipelineName && sourceETag in metadata && imageId in metadata;
}

export function imageIdOf(metadata: Metadata): string {
  return decodeURIComponent(metadata[RENDITION_METADATA.imageId]);
}

/**
 * What is to become of a rendition of this pipeline, by the record of its image. Records that are not final say nothing yet.
 *
 * @param expires whether records are removed after a time: then that there is none tells nothing
 */
export function verdictOf(object: StoredObject, record: Partial<ImageRecord> | undefined, sources: readonly Source[], expires: boolean): Verdict {
  if (!record || record.pointsTo !== undefined) return expires ? { kept: 'unsettled' } : { reason: 'orphan' };
  const { status, failure, renditions = {}, sourceBucket = '', sourceKey = '' } = record;
  if (status === 'DELETED' || (status === 'FAILED' && failure?.retryable === false)) return { reason: 'gone' };
  if (status !== 'COMPLETED') return { kept: 'unsettled' };
  const name = Object.keys(renditions).find((each) => renditions[each].bucket === object.bucket && renditions[each].key === object.key);
  if (name === undefined) return { reason: 'former' };
  const source = findSource(sources, sourceBucket, sourceKey);
  // Of a source that is not in the configuration, nothing is known to be dropped.
  return !source || source.settings.has(name) ? { kept: 'current' } : { reason: 'dropped', name };
}
