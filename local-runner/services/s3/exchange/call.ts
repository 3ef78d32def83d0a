import { ServerResponse } from 'http';
import { Authentication } from './authentication';
import { EventCause, EventFeed } from '../storage/events';
import { Spool } from '../storage/spool';
import { Bucket, Store } from '../storage/store';
import { S3Request } from '../wire/request';

/** What all operations share. */
export interface Services {
  readonly region: string;
  readonly accountId: string;
  readonly store: Store;
  readonly spool: Spool;
  readonly events: EventFeed;
}

/** One request on its way through an operation. */
export interface Exchange extends Services {
  readonly request: S3Request;
  readonly response: ServerResponse;
  readonly cause: EventCause;
}

/** To a bucket that exists, or to an object in it. */
export interface BucketExchange extends Exchange {
  readonly bucket: Bucket;
}

/** A signed request. */
export interface Call extends Exchange {
  readonly authentication: Authentication;
}

export interface BucketCall extends Call, BucketExchange {}
