import { UPLOADED_AT_METADATA } from '../../../contract';
import { OriginalHead } from '../objects/originals';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** How long an upload may take from its announcement on; a copy that is stored years later is not that upload. */
const MAX_UPLOAD_MS = 24 * 3600 * 1000;
/** S3 tells whole seconds, and clocks differ. */
const TOLERANCE_MS = 60_000;

/**
 * When an original was uploaded: to the millisecond as its uploader says, where that can be, so that the order of a listing is the
 * order of announcements, before and after the upload; else when S3 stored it.
 */
export function uploadedAt({ lastModified, metadata }: OriginalHead): Date | undefined {
  const told = metadata[UPLOADED_AT_METADATA];
  if (lastModified === undefined || told === undefined || !TIME.test(told)) return lastModified;
  const at = new Date(told);
  const took = lastModified.getTime() - at.getTime();
  return took >= -TOLERANCE_MS && took <= MAX_UPLOAD_MS ? at : lastModified;
}
