import { Reason, RenditionFacts } from '../../../contract';
import { Source } from '../../shared/sources';
import { ObjectEvent } from '../events/s3-events';
import { Version } from '../record/version';
import { Services } from '../services/services';

/** By rendition name. */
export type Renditions = Readonly<Record<string, RenditionFacts>>;

/** Why renditions cannot be made, by their names. */
export type Skipped = Readonly<Record<string, Reason>>;

export interface Budget {
  /** Epoch millisecond at which the invocation ends. */
  readonly deadline: number;
  /** Whether the image got most of an invocation's time: with less, a timeout is its neighbours' fault. */
  readonly full: boolean;
}

/** The handling of one event of one object. */
export interface Job {
  readonly services: Services;
  readonly source: Source;
  readonly event: ObjectEvent;
  /** The id of the object where its uploader names none. */
  readonly derived: string;
  readonly budget: Budget;
  /** Whether the record is likely to have what is asked for, so that it is worth a look before the original is read. */
  readonly isRepeated?: boolean;
  /** Whether it may take long, so that the image is worth being listed as `PROCESSING`. */
  readonly takesLong?: boolean;
}

/** A job that knows what is stored under the key, or that nothing is. */
export interface VersionJob extends Job {
  readonly version: Version;
}
